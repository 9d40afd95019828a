// How fast are tokens verified, side by side? `node bench/verify.mjs`, after `npm run build`. The
// three take turns, so that whatever else the machine does falls on all of them.

import { JwtVerifier } from 'aws-jwt-verify';
import { validateCognitoJwtFields } from 'aws-jwt-verify/cognito-verifier';
import { createVerifier } from 'cognate/verify';
import { createLocalJWKSet, jwtVerify } from 'jose';

import { CLIENT_ID, ISSUER, accessClaims, makeKey, mint } from '../test/verify/issuer.mjs';

const ROUNDS = 25;
const TOKENS = 400;

function verifiers(jwks) {
  const shared = { issuer: ISSUER, clientId: CLIENT_ID, tokenUse: 'access' };
  const ours = createVerifier({ ...shared, jwks, jwksUri: null });
  const keys = createLocalJWKSet(jwks);
  const amazon = JwtVerifier.create({
    issuer: ISSUER,
    audience: null,
    jwksUri: `${ISSUER}/.well-known/jwks.json`,
    customJwtCheck: ({ payload }) => validateCognitoJwtFields(payload, shared),
  });
  amazon.cacheJwks(jwks);
  return {
    cognate: (jwt) => ours.verify(jwt),
    jose: (jwt) => jwtVerify(jwt, keys, { issuer: ISSUER }),
    'aws-jwt-verify': (jwt) => amazon.verify(jwt),
  };
}

async function oneByOne(verify, jwts) {
  for (const jwt of jwts) await verify(jwt);
}

async function allAtOnce(verify, jwts) {
  await Promise.all(jwts.map(verify));
}

function median(values) {
  return values.sort((a, b) => a - b)[values.length >> 1];
}

for (const alg of ['RS256', 'ES256', 'EdDSA']) {
  const key = makeKey(alg, 'key');
  const jwts = Array.from({ length: TOKENS }, (_, n) => mint(key, accessClaims({ jti: `${n}` })));
  for (const way of [oneByOne, allAtOnce]) {
    const took = {};
    for (let round = 0; round < ROUNDS; round++) {
      const all = Object.entries(verifiers({ keys: [key.jwk] }));
      // Nobody is always the first.
      for (const [name, verify] of [...all.slice(round % 3), ...all.slice(0, round % 3)]) {
        await verify(jwts[0]);
        const started = performance.now();
        await way(verify, jwts);
        (took[name] ??= []).push(((performance.now() - started) * 1000) / TOKENS);
      }
    }
    const shown = Object.entries(took).map(([name, us]) => `${name} ${median(us).toFixed(1)}`);
    console.log(`${alg} ${way.name}, µs a token: ${shown.join(', ')}`);
  }
}
