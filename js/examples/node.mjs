// The whole service on Node: `PORT=8787 node node.mjs`

import { createServer } from 'node:http';
import { Readable } from 'node:stream';
import { Cognate, fileStore } from 'cognate/kernel';

const { ADDRESS_HEADER: addressHeader, PORT = '8787', STORE = './users' } = process.env;
const cognate = await Cognate.open({ addressHeader, store: fileStore(STORE) });
createServer(async (incoming, outgoing) => {
  const { headers, method, url } = incoming;
  const body = method === 'GET' || method === 'HEAD' ? null : Readable.toWeb(incoming);
  const request = new Request(`http://${headers.host}${url}`, { method, headers, body, duplex: 'half' });
  const response = await cognate.fetch(request).catch(() => new Response(null, { status: 503 }));
  outgoing.writeHead(response.status, [...response.headers].flat());
  outgoing.end(Buffer.from(await response.arrayBuffer()));
}).listen(Number(PORT), '127.0.0.1');
