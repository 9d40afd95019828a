// A service of one's own: whoever has credentials of an identity pool does what their role allows.

import { createRequestVerifier, protectSigned } from 'cognate/requests';

const SERVICE = 'orders';
const ACTIONS = { GET: 'orders:Read', PUT: 'orders:Update' };

/** Gone with the isolate: a real service has a database. */
const orders = new Map([['7', { status: 'open' }]]);

/** Pages of any origin may call: nobody is let in by a cookie. */
const CORS = { 'access-control-allow-origin': '*', 'access-control-expose-headers': 'date' };

const numberIn = (request) => new URL(request.url).pathname.slice(1);

async function handle(request, { signer }) {
  const number = numberIn(request);
  if (request.method === 'PUT') {
    orders.set(number, { ...(await request.json()), by: signer.identityId });
  }
  const order = orders.get(number);
  return order ? Response.json(order, { headers: CORS }) : new Response(null, { status: 404, headers: CORS });
}

function preflight(request) {
  const headers = request.headers.get('access-control-request-headers') ?? '';
  const allowed = { 'access-control-allow-methods': 'GET, PUT', 'access-control-allow-headers': headers };
  return new Response(null, { status: 204, headers: { ...CORS, ...allowed } });
}

let admit;

/** What lets signed requests in; made once, for it remembers whom it knows. */
function admitting({ COGNATE, COGNATE_URL, VERIFIER_KEY }) {
  const fetch = COGNATE && ((request) => COGNATE.fetch(request));
  const verifier = createRequestVerifier({
    endpoint: COGNATE_URL,
    verifierKey: VERIFIER_KEY,
    service: SERVICE,
    fetch,
  });
  const asks = (request) => ({
    action: ACTIONS[request.method] ?? 'orders:Other',
    resource: `arn:${SERVICE}:::order/${numberIn(request)}`,
    context: { 'orders:Status': orders.get(numberIn(request))?.status ?? 'none' },
  });
  return protectSigned(handle, { verifier, asks });
}

export default {
  fetch(request, env) {
    if (request.method === 'OPTIONS') return preflight(request);
    admit ??= admitting(env);
    return admit(request);
  },
};
