// The whole service on Deno: `PORT=8787 deno run --allow-all deno.mjs`

import process from 'node:process';
import { Cognate, fileStore } from 'cognate/kernel';

const { PORT = '8787', STORE = './users' } = process.env;
const cognate = await Cognate.open({ store: fileStore(STORE) });
Deno.serve({ hostname: '127.0.0.1', port: Number(PORT) }, cognate.fetch);
