// The whole service on Bun: `PORT=8787 bun bun.mjs`

import process from 'node:process';
import { Cognate, fileStore } from 'cognate/kernel';

const { PORT = '8787', STORE = './users' } = process.env;
const cognate = await Cognate.open({ store: fileStore(STORE) });
Bun.serve({ hostname: '127.0.0.1', port: Number(PORT), fetch: cognate.fetch });
