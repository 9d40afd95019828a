// Does signing in hold against those who should not?

import assert from 'node:assert/strict';
import { getDiffieHellman } from 'node:crypto';
import { before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { Attempt, now } from './srp.mjs';
import {
  PASSWORD,
  admin,
  anyone,
  createClient,
  createPool,
  createUser,
  refused,
  unique,
} from './world.mjs';

const WRONG = ['NotAuthorizedException', 'Incorrect username or password.'];

let UserPoolId;
let ClientId;

before(async () => {
  UserPoolId = await createPool();
  ({ ClientId } = await createClient(UserPoolId));
});

function initiate(AuthFlow, AuthParameters, more = {}) {
  return anyone.initiateAuth({ ClientId, AuthFlow, AuthParameters, ...more });
}

function byPassword(USERNAME, password = PASSWORD) {
  return initiate('USER_PASSWORD_AUTH', { USERNAME, PASSWORD: password });
}

/** A challenge of SRP, and how to answer it. */
async function challenged(username) {
  const attempt = new Attempt();
  const challenge = await initiate('USER_SRP_AUTH', { USERNAME: username, SRP_A: attempt.opening });
  const parameters = challenge.ChallengeParameters;
  return {
    challenge,
    parameters,
    responses: (password, timestamp) =>
      attempt.responses({ poolId: UserPoolId, parameters, password, timestamp }),
    answer: (ChallengeResponses, Session = challenge.Session) =>
      anyone.respondToAuthChallenge({
        ClientId,
        ChallengeName: 'PASSWORD_VERIFIER',
        Session,
        ChallengeResponses,
      }),
  };
}

test('a right proof signs in, a wrong one does not', async () => {
  const { username } = await createUser(UserPoolId);
  const right = await challenged(username);
  assert.equal(right.parameters.USERNAME, username);
  assert.match(right.parameters.SALT, /^[0-9a-f]+$/);
  const signedIn = await right.answer(right.responses(PASSWORD));
  assert.ok(signedIn.AuthenticationResult.RefreshToken);

  const wrong = await challenged(username);
  await refused(wrong.answer(wrong.responses('Wrong-Horse-7')), ...WRONG);

  const spoiled = await challenged(username);
  const proof = spoiled.responses(PASSWORD);
  const bytes = Buffer.from(proof.PASSWORD_CLAIM_SIGNATURE, 'base64');
  bytes[31] ^= 1;
  proof.PASSWORD_CLAIM_SIGNATURE = bytes.toString('base64');
  await refused(spoiled.answer(proof), ...WRONG);

  const cut = await challenged(username);
  await refused(
    cut.answer({ ...cut.responses(PASSWORD), PASSWORD_CLAIM_SIGNATURE: '' }),
    'InvalidParameterException',
  );
});

test('a proof for another attempt, user or time is worth nothing', async () => {
  const { username } = await createUser(UserPoolId);
  const other = await createUser(UserPoolId);
  const first = await challenged(username);
  const second = await challenged(username);
  await refused(
    second.answer({
      ...first.responses(PASSWORD),
      PASSWORD_CLAIM_SECRET_BLOCK: second.parameters.SECRET_BLOCK,
    }),
    ...WRONG,
  );
  const third = await challenged(username);
  await assert.rejects(third.answer({ ...third.responses(PASSWORD), USERNAME: other.username }), {
    $fault: 'client',
  });
  const fourth = await challenged(username);
  const late = now(new Date(Date.now() - 3_600_000));
  const moved = { ...fourth.responses(PASSWORD), TIMESTAMP: late };
  await assert.rejects(fourth.answer(moved), { name: 'NotAuthorizedException' });
  const fifth = await challenged(username);
  await refused(
    fifth.answer({ ...fifth.responses(PASSWORD), TIMESTAMP: new Date().toISOString() }),
    'InvalidParameterException',
    'TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english.',
  );
});

test('SRP_A that gives away the secret is refused', async () => {
  const { username } = await createUser(UserPoolId);
  const prime = getDiffieHellman('modp15').getPrime('hex');
  const twice = (BigInt(`0x${prime}`) * 2n).toString(16);
  for (const SRP_A of ['0', '00', '0'.repeat(768), prime, twice, 'not hex', '-1', 'f'.repeat(4096)]) {
    const call = initiate('USER_SRP_AUTH', { USERNAME: username, SRP_A });
    await assert.rejects(call, (error) => {
      assert.match(error.name, /^(InvalidParameter|NotAuthorized)Exception$/);
      assert.equal(error.$metadata.httpStatusCode, 400);
      return true;
    });
  }
});

test('what is missing is named', async () => {
  const { username } = await createUser(UserPoolId);
  for (const [flow, parameters, missing] of [
    ['USER_PASSWORD_AUTH', { PASSWORD }, 'USERNAME'],
    ['USER_PASSWORD_AUTH', { USERNAME: username }, 'PASSWORD'],
    ['USER_SRP_AUTH', { SRP_A: 'abcdef' }, 'USERNAME'],
    ['USER_SRP_AUTH', { USERNAME: username }, 'SRP_A'],
    ['REFRESH_TOKEN_AUTH', {}, 'REFRESH_TOKEN'],
  ]) {
    await refused(
      initiate(flow, parameters),
      'InvalidParameterException',
      `Missing required parameter ${missing}`,
    );
  }
  const { answer, responses } = await challenged(username);
  const proof = responses(PASSWORD);
  for (const name of [
    'USERNAME',
    'TIMESTAMP',
    'PASSWORD_CLAIM_SIGNATURE',
    'PASSWORD_CLAIM_SECRET_BLOCK',
  ]) {
    const { [name]: _, ...rest } = proof;
    await refused(
      answer(rest),
      'InvalidParameterException',
      `Missing required parameter ${name}`,
    );
  }
  assert.ok((await answer(proof)).AuthenticationResult);
});

test('a flow of administrators is not open to everybody', async () => {
  const { username } = await createUser(UserPoolId);
  await refused(
    initiate('ADMIN_USER_PASSWORD_AUTH', { USERNAME: username, PASSWORD }),
    'InvalidParameterException',
    'Initiate Auth method not supported.',
  );
});

test('a session is of its client, its user, its challenge and its own making', async () => {
  const invite = async () => {
    const Username = unique();
    const TemporaryPassword = 'Temporary-7';
    const create = { UserPoolId, Username, TemporaryPassword, MessageAction: 'SUPPRESS' };
    await admin.adminCreateUser(create);
    return { Username, ...(await byPassword(Username, TemporaryPassword)) };
  };
  const [mine, other] = [await invite(), await invite()];
  const another = await createClient(UserPoolId);
  const answer = (changes) =>
    anyone.respondToAuthChallenge({
      ClientId,
      ChallengeName: 'NEW_PASSWORD_REQUIRED',
      Session: mine.Session,
      ChallengeResponses: { USERNAME: mine.Username, NEW_PASSWORD: 'Stolen-Horse-7' },
      ...changes,
    });
  const invalid = ['NotAuthorizedException', /^Invalid session for the user/];
  await refused(answer({ Session: 'x'.repeat(600) }), ...invalid);
  await refused(answer({ Session: mine.Session.slice(0, -4) }), ...invalid);
  const middle = Math.floor(mine.Session.length / 2);
  const letter = mine.Session[middle] === 'A' ? 'B' : 'A';
  const spoiled = mine.Session.slice(0, middle) + letter + mine.Session.slice(middle + 1);
  await refused(answer({ Session: spoiled }), ...invalid);
  await refused(answer({ Session: other.Session }), 'NotAuthorizedException');
  await refused(answer({ ClientId: another.ClientId }), 'NotAuthorizedException');
  const { username } = await createUser(UserPoolId);
  const proven = await challenged(username);
  await assert.rejects(
    answer({ ChallengeName: 'PASSWORD_VERIFIER', ChallengeResponses: proven.responses('x') }),
    { $fault: 'client' },
  );
  const { SECRET_BLOCK } = proven.parameters;
  const ChallengeResponses = { USERNAME: username, NEW_PASSWORD: 'Stolen-Horse-7' };
  const crossed = answer({ Session: SECRET_BLOCK, ChallengeResponses });
  await refused(crossed, ...invalid);
  assert.ok((await byPassword(username)).AuthenticationResult, 'the password is as it was');
  const ends = answer({ ChallengeResponses: { USERNAME: mine.Username, NEW_PASSWORD: PASSWORD } });
  assert.ok((await ends).AuthenticationResult);
});

test('a session of a new password is used once', async () => {
  const Username = unique();
  const TemporaryPassword = 'Temporary-7';
  const create = { UserPoolId, Username, TemporaryPassword, MessageAction: 'SUPPRESS' };
  await admin.adminCreateUser(create);
  const { Session } = await byPassword(Username, TemporaryPassword);
  const answer = (NEW_PASSWORD) =>
    anyone.respondToAuthChallenge({
      ClientId,
      ChallengeName: 'NEW_PASSWORD_REQUIRED',
      Session,
      ChallengeResponses: { USERNAME: Username, NEW_PASSWORD },
    });
  assert.ok((await answer(PASSWORD)).AuthenticationResult);
  await refused(
    answer('Stolen-Horse-7'),
    'NotAuthorizedException',
    'Invalid session for the user, session can only be used once.',
  );
  assert.ok((await byPassword(Username)).AuthenticationResult);
});

test('after five failures the door is shut for a while, to the right password too', async () => {
  const { username } = await createUser(UserPoolId);
  const locked = 'Password attempts exceeded';
  for (let n = 0; n < 5; n += 1) await refused(byPassword(username, 'Wrong-Horse-7'), ...WRONG);
  // Each failure doubles the time, so a slow machine finds the door shut a little later.
  let failures = 5;
  let message = '';
  while (message !== locked) {
    await assert.rejects(byPassword(username, 'Wrong-Horse-7'), (error) => {
      assert.equal(error.name, 'NotAuthorizedException');
      message = error.message;
      return true;
    });
    if (message !== locked) failures += 1;
    assert.ok(failures < 9, 'the door is shut');
  }
  await refused(byPassword(username), 'NotAuthorizedException', locked);
  const srp = challenged(username).then(({ answer, responses }) => answer(responses(PASSWORD)));
  await refused(srp, 'NotAuthorizedException', locked);
  const another = await createUser(UserPoolId);
  assert.ok((await byPassword(another.username)).AuthenticationResult, 'others may come in');
  await sleep(2 ** (failures - 5) * 1000);
  assert.ok((await byPassword(username)).AuthenticationResult);
  await refused(byPassword(username, 'Wrong-Horse-7'), ...WRONG);
});
