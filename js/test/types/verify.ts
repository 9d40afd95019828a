// What does not compile, and what does? `tsc` is content with this file only if each of the lines
// that must not compile does not.

import { createVerifier, protect, protectExpress, protectHono } from 'cognate/verify';
import type { AccessClaims, IdClaims } from 'cognate/verify';
import express from 'express';
import { Hono } from 'hono';

const issuer = 'https://id.example.com/eu-west-1_AbCdEfGhI';
const clientId = '1example23456789example23456';

// @ts-expect-error Whether the client is looked at must be said.
createVerifier({ issuer, tokenUse: 'access' });
// @ts-expect-error What the token is for must be said.
createVerifier({ issuer, clientId });
// @ts-expect-error Who issues must be said.
createVerifier({ clientId, tokenUse: 'access' });
// @ts-expect-error Undefined is not null.
createVerifier({ issuer, clientId: undefined, tokenUse: 'access' });
// @ts-expect-error There are two uses.
createVerifier({ issuer, clientId, tokenUse: 'refresh' });
// @ts-expect-error An issuer is not skipped.
createVerifier({ issuer: null, clientId, tokenUse: 'access' });
// @ts-expect-error It is either an issuer or a pool of Amazon Cognito.
createVerifier({ issuer, userPoolId: 'eu-west-1_AbCdEfGhI', clientId, tokenUse: 'access' });
// @ts-expect-error Without a verifier nothing is protected.
protect(() => new Response(), { groups: 'admins' });

createVerifier({ userPoolId: 'eu-west-1_AbCdEfGhI', clientId: null, tokenUse: null });

const access = createVerifier({ issuer, clientId, tokenUse: 'access' });
const id = createVerifier({ issuer, clientId, tokenUse: 'id' });
export const claims: AccessClaims = await access.verify('token', { scopes: 'openid' });
export const email: string | undefined = (await id.verify('token')).email;
// @ts-expect-error An access token has no e-mail address of that type.
export const wrong: string = (await access.verify('token')).email;

export default {
  fetch: protect((_request, { username }, env: { GREETING: string }) => {
    return new Response(`${env.GREETING} ${username}`);
  }, { verifier: access, groups: 'admins' }),
};

const hono = new Hono<{ Variables: { claims: IdClaims } }>();
hono.use('/*', protectHono({ verifier: id }));
hono.get('/', (c) => c.text(c.get('claims')['cognito:username']));

const app = express();
app.use('/admin', protectExpress({ verifier: access, groups: ['admins'] }));
