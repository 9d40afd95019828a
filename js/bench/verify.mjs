// How long does it take to verify a token: ours, and with jose and aws-jwt-verify?

import { JwtVerifier } from 'aws-jwt-verify';
import { validateCognitoJwtFields } from 'aws-jwt-verify/cognito-verifier';
import { createVerifier } from 'cognate/verify';
import { createLocalJWKSet, jwtVerify } from 'jose';

function verifiers({ issuer, clientId, jwks }) {
  const shared = { issuer, clientId, tokenUse: 'access' };
  const ours = createVerifier({ ...shared, jwks, jwksUri: null });
  const keys = createLocalJWKSet(jwks);
  const amazon = JwtVerifier.create({
    issuer,
    audience: null,
    jwksUri: `${issuer}/.well-known/jwks.json`,
    customJwtCheck: ({ payload }) => validateCognitoJwtFields(payload, shared),
  });
  amazon.cacheJwks(jwks);
  return {
    cognate: (jwt) => ours.verify(jwt),
    jose: (jwt) => jwtVerify(jwt, keys, { issuer }),
    'aws-jwt-verify': (jwt) => amazon.verify(jwt),
  };
}

const WAYS = {
  'one by one': async (verify, jwts) => {
    for (const jwt of jwts) await verify(jwt);
  },
  'at once': (verify, jwts) => Promise.all(jwts.map((jwt) => verify(jwt))),
};

function median(values) {
  return values.sort((left, right) => left - right)[values.length >> 1];
}

/** Whether the platform knows the algorithm at all. */
async function isKnown(verify, jwt) {
  try {
    await verify(jwt);
    return true;
  } catch {
    return false;
  }
}

/** Microseconds a token by algorithm, way and verifier, in turns; nothing where one can't do it. */
export async function measure(work, rounds) {
  const rows = [];
  for (const { alg, jwts, ...given } of work) {
    for (const [way, run] of Object.entries(WAYS)) {
      const took = {};
      for (let round = 0; round < rounds; round += 1) {
        const all = Object.entries(verifiers(given));
        // Nobody is always the first.
        for (const [name, verify] of [...all.slice(round % 3), ...all.slice(0, round % 3)]) {
          if (!(await isKnown(verify, jwts[0]))) continue;
          const started = performance.now();
          await run(verify, jwts);
          (took[name] ??= []).push(((performance.now() - started) * 1000) / jwts.length);
        }
      }
      const medians = Object.entries(took).map(([name, all]) => [name, median(all)]);
      rows.push({ alg, way, us: Object.fromEntries(medians) });
    }
  }
  return rows;
}
