// Are passkeys taken through AWS's SDK, with keys of each kind? The platform checks what they sign.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';

import { Passkey } from './passkey.mjs';
import {
  admin,
  anyone,
  claims,
  createClient,
  createPool,
  createUser,
  PASSWORD,
  refused,
} from './world.mjs';

let UserPoolId;
let ClientId;

before(async () => {
  const AllowedFirstAuthFactors = ['PASSWORD', 'WEB_AUTHN'];
  UserPoolId = await createPool({ Policies: { SignInPolicy: { AllowedFirstAuthFactors } } });
  const WebAuthnConfiguration = { RelyingPartyId: 'example.com', UserVerification: 'preferred' };
  await admin.setUserPoolMfaConfig({ UserPoolId, WebAuthnConfiguration });
  const ExplicitAuthFlows = ['ALLOW_USER_AUTH', 'ALLOW_USER_PASSWORD_AUTH'];
  ({ ClientId } = await createClient(UserPoolId, { ExplicitAuthFlows }));
});

async function signedIn() {
  const { username } = await createUser(UserPoolId);
  const { AuthenticationResult } = await anyone.initiateAuth({
    AuthFlow: 'USER_PASSWORD_AUTH',
    ClientId,
    AuthParameters: { USERNAME: username, PASSWORD },
  });
  return { username, AccessToken: AuthenticationResult.AccessToken };
}

async function register(AccessToken, passkey, members) {
  const { CredentialCreationOptions } = await anyone.startWebAuthnRegistration({ AccessToken });
  const Credential = passkey.create(CredentialCreationOptions, members);
  await anyone.completeWebAuthnRegistration({ AccessToken, Credential });
}

function begin(USERNAME) {
  return anyone.initiateAuth({
    AuthFlow: 'USER_AUTH',
    ClientId,
    AuthParameters: { USERNAME, PREFERRED_CHALLENGE: 'WEB_AUTHN' },
  });
}

function answer(USERNAME, { ChallengeName, Session }, credential) {
  return anyone.respondToAuthChallenge({
    ChallengeName,
    ClientId,
    Session,
    ChallengeResponses: { USERNAME, CREDENTIAL: JSON.stringify(credential) },
  });
}

const optionsOf = ({ ChallengeParameters }) =>
  JSON.parse(ChallengeParameters.CREDENTIAL_REQUEST_OPTIONS);

for (const kind of ['ES256', 'EdDSA', 'RS256']) {
  test(`a passkey of ${kind} signs its user in, and none that was forged`, async () => {
    const { username, AccessToken } = await signedIn();
    const passkey = new Passkey(kind);
    await register(AccessToken, passkey);
    const asked = await begin(username);
    assert.equal(asked.ChallengeName, 'WEB_AUTHN');
    assert.deepEqual(asked.AvailableChallenges, ['PASSWORD_SRP', 'PASSWORD', 'WEB_AUTHN']);

    const thief = Object.assign(new Passkey(kind), { id: passkey.id, user: passkey.user });
    const forged = answer(username, asked, thief.get(optionsOf(asked)));
    await refused(forged, 'NotAuthorizedException', 'Invalid passkey credential.');

    const proof = passkey.get(optionsOf(asked));
    const { AuthenticationResult } = await answer(username, asked, proof);
    const { acr, amr } = claims(AuthenticationResult.IdToken);
    assert.deepEqual({ acr, amr }, { acr: 'urn:cognito:loa:3', amr: ['hwk'] });
    await refused(
      answer(username, asked, proof),
      'NotAuthorizedException',
      'Invalid session for the user, session can only be used once.',
    );
  });
}

test('a key that is no point of its curve opens nothing and breaks nothing', async () => {
  const { username, AccessToken } = await signedIn();
  const passkey = new Passkey();
  const members = { ...passkey.members(), y: Buffer.alloc(32, 7) };
  await register(AccessToken, passkey, members);
  const asked = await begin(username);
  await refused(
    answer(username, asked, passkey.get(optionsOf(asked))),
    'NotAuthorizedException',
    'Invalid passkey credential.',
  );
});

test('passkeys are listed page by page, and forgotten one by one', async () => {
  const { username, AccessToken } = await signedIn();
  const passkeys = [new Passkey(), new Passkey(), new Passkey()];
  for (const passkey of passkeys) await register(AccessToken, passkey);
  const { CredentialCreationOptions } = await anyone.startWebAuthnRegistration({ AccessToken });
  assert.equal(CredentialCreationOptions.excludeCredentials.length, 3);

  const first = await anyone.listWebAuthnCredentials({ AccessToken, MaxResults: 2 });
  const { NextToken } = first;
  const second = await anyone.listWebAuthnCredentials({ AccessToken, MaxResults: 2, NextToken });
  const all = [...first.Credentials, ...second.Credentials];
  const ids = passkeys.map(({ id }) => id.toString('base64url'));
  assert.deepEqual(all.map(({ CredentialId }) => CredentialId).sort(), ids.sort());
  assert.ok(all.every(({ CreatedAt }) => Math.abs(Date.now() - CreatedAt) < 60_000));

  for (const CredentialId of ids) {
    await anyone.deleteWebAuthnCredential({ AccessToken, CredentialId });
    const again = anyone.deleteWebAuthnCredential({ AccessToken, CredentialId });
    await refused(again, 'ResourceNotFoundException');
  }
  const { ChallengeName } = await begin(username);
  assert.equal(ChallengeName, 'SELECT_CHALLENGE');
});

test('each refusal of a passkey has its name', async () => {
  const { AccessToken } = await signedIn();
  const elsewhere = new Passkey('ES256', 'https://example.org');
  await refused(register(AccessToken, elsewhere), 'WebAuthnOriginNotAllowedException');
  const absent = Object.assign(new Passkey(), { flags: 0 });
  await refused(register(AccessToken, absent), 'WebAuthnCredentialNotSupportedException');
  const { CredentialCreationOptions } = await anyone.startWebAuthnRegistration({ AccessToken });
  const complete = (options) =>
    anyone.completeWebAuthnRegistration({ AccessToken, Credential: new Passkey().create(options) });
  const rp = { id: 'example.org' };
  await refused(
    complete({ ...CredentialCreationOptions, rp }),
    'WebAuthnRelyingPartyMismatchException',
  );
  await refused(
    complete({ ...CredentialCreationOptions, challenge: 'AAAAAAAAAAAAAAAAAAAAAA' }),
    'WebAuthnChallengeNotFoundException',
  );
  const other = await createPool();
  const client = await createClient(other, { ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'] });
  const { username } = await createUser(other);
  const { AuthenticationResult } = await anyone.initiateAuth({
    AuthFlow: 'USER_PASSWORD_AUTH',
    ClientId: client.ClientId,
    AuthParameters: { USERNAME: username, PASSWORD },
  });
  await refused(
    anyone.startWebAuthnRegistration({ AccessToken: AuthenticationResult.AccessToken }),
    'WebAuthnNotEnabledException',
  );
});
