// Who is let in, and what are the others told?

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, test } from 'node:test';

import { createVerifier, protect, protectExpress, protectHono } from 'cognate/verify';
import express from 'express';
import { Hono } from 'hono';

import { CLIENT_ID, ISSUER, accessClaims, makeKey, mint, nowS } from './verify/issuer.mjs';

const key = makeKey('ES256', 'our key');
const verifier = createVerifier({
  issuer: ISSUER,
  clientId: CLIENT_ID,
  tokenUse: 'access',
  jwks: { keys: [key.jwk] },
  jwksUri: null,
});
const demands = { verifier, groups: ['admins'], scopes: ['openid'] };
const bearer = (claims) => `Bearer ${mint(key, accessClaims(claims))}`;

const NONE = [401, 'Bearer realm="api"'];
const INVALID = [401, /^Bearer realm="api", error="invalid_token", error_description="[^"]+"$/];
const GROUP = [403, /^Bearer realm="api", error="insufficient_scope", error_description="[^"]+"$/];
const SCOPE = [403, /^Bearer .*error="insufficient_scope", .*scope="openid"$/];

const REQUESTS = [
  ['nothing', undefined, NONE],
  ['another scheme', 'Basic YTpi', NONE],
  ['the scheme alone', 'Bearer', NONE],
  ['two tokens', 'Bearer a b', NONE],
  ['no token', 'Bearer x', INVALID],
  ['an expired token', bearer({ exp: nowS() - 1 }), INVALID],
  ['a token of another client', bearer({ client_id: 'another' }), INVALID],
  ['a user of other groups', bearer({ 'cognito:groups': ['readers'] }), GROUP],
  ['a token without the scope', bearer({ scope: 'email' }), SCOPE],
];

/** Each way in takes a request and gives a response. */
const WAYS = {
  'a fetch handler': async () => {
    const handler = protect((request, claims, env) => new Response(`${claims.username} ${env}`), demands);
    return { send: (request) => handler(request, 'env'), greeting: 'ann env' };
  },
  Hono: async () => {
    const app = new Hono();
    app.use('/*', protectHono(demands));
    app.get('/', (c) => c.text(c.get('claims').username));
    return { send: (request) => app.request(request), greeting: 'ann' };
  },
  Express: async (t) => {
    const app = express();
    app.use(protectExpress(demands));
    app.get('/', (request, response) => response.send(response.locals.claims.username));
    const server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => server.close());
    const url = `http://127.0.0.1:${server.address().port}/`;
    return { send: (request) => fetch(url, { headers: request.headers }), greeting: 'ann' };
  },
};

for (const [name, open] of Object.entries(WAYS)) {
  describe(name, () => {
    test('lets in who brings a good token', async (t) => {
      const { send, greeting } = await open(t);
      for (const authorization of [bearer(), bearer().replace('Bearer', 'bearer')]) {
        const response = await send(new Request('http://localhost/', { headers: { authorization } }));
        assert.equal(response.status, 200);
        assert.equal(await response.text(), greeting);
      }
    });

    test('tells others why not, as RFC 6750 has it', async (t) => {
      const { send } = await open(t);
      for (const [what, authorization, [status, challenge]] of REQUESTS) {
        const headers = authorization ? { authorization } : {};
        const response = await send(new Request('http://localhost/', { headers }));
        assert.equal(response.status, status, what);
        const told = response.headers.get('www-authenticate');
        if (typeof challenge === 'string') assert.equal(told, challenge, what);
        else assert.match(told, challenge, what);
        assert.equal(typeof (await response.json()).error, 'string', what);
      }
    });
  });
}

describe('protect', () => {
  const away = createVerifier({
    issuer: ISSUER,
    clientId: null,
    tokenUse: null,
    fetch: async () => Promise.reject(new TypeError('fetch failed')),
  });

  test('does not blame the caller when the keys can\'t be had', async () => {
    const handler = protect(() => new Response(), { verifier: away });
    const request = new Request('http://localhost/', { headers: { authorization: bearer() } });
    const response = await handler(request);
    assert.equal(response.status, 503);
    assert.equal(response.headers.get('retry-after'), '1');
    assert.equal(response.headers.get('www-authenticate'), null);
  });

  test('lets no quotes into its headers', () => {
    const code = { code: 'badOptions' };
    assert.throws(() => protect(() => new Response(), { verifier, realm: 'a"b' }), code);
    assert.throws(() => protect(() => new Response(), { verifier, scopes: ['a\r\nb'] }), code);
  });

  test('passes a fault of its own on', async () => {
    const broken = { verify: async () => Promise.reject(new RangeError('a bug')) };
    const handler = protect(() => new Response(), { verifier: broken });
    const request = new Request('http://localhost/', { headers: { authorization: bearer() } });
    await assert.rejects(handler(request), RangeError);
  });
});
