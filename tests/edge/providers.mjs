// Who vouches for somebody? Stand-ins for public providers, each speaking its real protocol, at
// one port: a request says by its `host` whom it means.

import { createHmac, generateKeyPairSync, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, request } from 'node:http';

import OAuth from 'oauth-1.0a';
import Provider from 'oidc-provider';

export const CLIENT = 'app.apps.example.com';
const REDIRECT = 'https://app.example.com/back';

/** Starts them all; `asked` counts requests by host and path. */
export async function providers() {
  const hosts = new Map();
  const asked = new Map();
  const server = createServer((request, response) => {
    const { host } = request.headers;
    const what = `${request.method} ${host}${request.url.split('?')[0]}`;
    asked.set(what, (asked.get(what) ?? 0) + 1);
    const handle = hosts.get(host);
    if (handle !== undefined) handle(request, response);
    else response.writeHead(503).end();
  });
  // A connection that lies idle is not closed under a request's feet.
  server.keepAliveTimeout = 0;
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address();
  return {
    port,
    asked: (what) => asked.get(what) ?? 0,
    host: (name, handle) => hosts.set(name, handle),
    /** An OpenID Connect provider of that name, or the same one with new keys. */
    openId(name, { alg = 'RS256', scheme = 'https', lifeS = 600 } = {}) {
      const provider = openIdProvider(`${scheme}://${name}`, { alg, lifeS });
      hosts.set(name, provider.callback());
      return (subject) => signIn({ port, name, scheme }, subject);
    },
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** A certified provider, in which people sign in by their name alone. */
function openIdProvider(issuer, { alg, lifeS }) {
  const pair = {
    RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
    ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  };
  const key = pair[alg]().privateKey.export({ format: 'jwk' });
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT,
        client_secret: 'whisper',
        grant_types: ['authorization_code'],
        id_token_signed_response_alg: alg,
        redirect_uris: [REDIRECT],
        response_types: ['code'],
      },
    ],
    jwks: { keys: [{ ...key, alg, kid: randomUUID(), use: 'sig' }] },
    claims: { openid: ['sub', 'department'] },
    conformIdTokenClaims: false,
    cookies: { keys: ['crumb'] },
    features: { devInteractions: { enabled: false } },
    findAccount: (_, accountId) => ({
      accountId,
      claims: () => ({ sub: accountId, department: 'sales' }),
    }),
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    async loadExistingGrant({ oidc }) {
      const grant = new oidc.provider.Grant({
        accountId: oidc.session.accountId,
        clientId: oidc.client.clientId,
      });
      grant.addOIDCScope('openid');
      await grant.save();
      return grant;
    },
    pkce: { required: () => false },
    ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: lifeS, Interaction: 60, Session: 600 },
  });
  provider.proxy = true;
  provider.use(async (context, next) => {
    if (!context.path.startsWith('/interaction/')) return next();
    const login = { accountId: context.query.name };
    await provider.interactionFinished(context.req, context.res, { login });
    context.respond = false;
  });
  return provider;
}

/** Signs somebody in as a browser would; gives the ID token. */
async function signIn({ port, name, scheme }, subject) {
  const cookies = new Map();
  const visit = (path, options = {}) =>
    new Promise((resolve, reject) => {
      const cookie = [...cookies].map(([key, value]) => `${key}=${value}`).join('; ');
      const headers = { host: name, 'x-forwarded-proto': scheme, cookie, ...options.headers };
      const { method = 'GET', body } = options;
      request({ agent: false, host: '127.0.0.1', port, path, method, headers }, async (response) => {
        for (const line of response.headers['set-cookie'] ?? []) {
          const [, key, value] = /^([^=]+)=([^;]*)/.exec(line);
          cookies.set(key, value);
        }
        let text = '';
        for await (const chunk of response) text += chunk;
        resolve({ status: response.statusCode, to: response.headers.location, text });
      })
        .on('error', reject)
        .end(body);
    });
  const query = new URLSearchParams({
    client_id: CLIENT,
    redirect_uri: REDIRECT,
    response_type: 'code',
    scope: 'openid',
  });
  let { to, text } = await visit(`/auth?${query}`);
  while (to !== undefined && !to.startsWith(REDIRECT)) {
    const { pathname, search } = new URL(to, `${scheme}://${name}`);
    const query = pathname.startsWith('/interaction/') ? `?name=${subject}` : search;
    ({ to, text } = await visit(pathname + query));
  }
  const code = to && new URL(to).searchParams.get('code');
  if (!code) throw new Error(`nobody was signed in: ${to ?? text}`);
  const basic = Buffer.from(`${CLIENT}:whisper`).toString('base64');
  const answer = await visit('/token', {
    method: 'POST',
    headers: {
      authorization: `Basic ${basic}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: `${new URLSearchParams({ code, grant_type: 'authorization_code', redirect_uri: REDIRECT })}`,
  });
  return JSON.parse(answer.text).id_token;
}

/** Facebook's Graph API: requests in one batch, each answered by itself. */
export function facebook(tokens) {
  return async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const form = new URLSearchParams(body);
    const known = tokens[form.get('access_token')];
    const nodes = known && { app: { id: known.app, name: 'Shop' }, me: { id: known.user, name: 'Ann' } };
    const invalid = { message: 'Invalid OAuth access token.', type: 'OAuthException', code: 190 };
    const answers = JSON.parse(form.get('batch')).map(({ method, relative_url: path }) => {
      const node = method === 'GET' ? nodes?.[path] : undefined;
      const [code, said] = node ? [200, node] : [400, { error: invalid }];
      return { code, body: JSON.stringify(said) };
    });
    json(response, 200, answers);
  };
}

/** Login with Amazon's `tokeninfo`. */
export function amazon(tokens) {
  return (request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'https://api.amazon.com');
    const known = tokens[searchParams.get('access_token')];
    if (pathname !== '/auth/o2/tokeninfo' || known === undefined) {
      return json(response, 400, { error: 'invalid_token' });
    }
    const { application, user, leftS } = known;
    return json(response, 200, {
      iss: 'https://www.amazon.com',
      aud: 'amzn1.application-oa2-client.1066',
      app_id: application,
      exp: leftS,
      iat: Math.floor(Date.now() / 1000),
      user_id: user,
    });
  };
}

/** Twitter's `verify_credentials`, which somebody else's OAuth 1.0a verifies. */
export function twitter(consumer, tokens) {
  const oauth = new OAuth({
    consumer,
    signature_method: 'HMAC-SHA1',
    hash_function: (base, key) => createHmac('sha1', key).update(base).digest('base64'),
  });
  return (request, response) => {
    const pairs = (request.headers.authorization ?? '').matchAll(/(\w+)="([^"]*)"/g);
    const sent = Object.fromEntries([...pairs].map(([, name, value]) => [name, decodeURIComponent(value)]));
    const { oauth_signature: signature, ...signed } = sent;
    const known = tokens[sent.oauth_token];
    const url = `https://${request.headers.host}${request.url}`;
    const asked = { method: request.method, url, data: {} };
    const wanted = known && oauth.getSignature(asked, known.secret, signed);
    const isNow = Math.abs(Number(sent.oauth_timestamp) - Date.now() / 1000) < 60;
    if (!isNow || sent.oauth_consumer_key !== consumer.key || signature !== wanted) {
      return json(response, 401, { errors: [{ code: 32, message: 'Could not authenticate you.' }] });
    }
    return json(response, 200, { id: Number(known.user), id_str: known.user, screen_name: 'ann' });
  };
}

function json(response, status, document) {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(document));
}
