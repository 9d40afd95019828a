// Does the whole service run in this process?

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { Cognate, fileStore } from 'cognate/kernel';
import { createVerifier } from 'cognate/verify';

import { ES256, fault, fresh, PASSWORD, people, sdk, signIn } from './kernel/world.mjs';
describe("AWS's SDK", () => {
  for (const algorithm of ['RS256', 'ES256', 'EdDSA']) {
    test(`signs a user in with no server, and the tokens verify: ${algorithm}`, async () => {
      const cognate = await Cognate.open();
      const aws = sdk(cognate);
      const made = await people(aws, { UserPoolTags: { 'cognate:token-algorithm': algorithm } });
      const { AccessToken, RefreshToken } = await signIn(aws, made);
      const verifier = createVerifier({
        issuer: `${cognate.endpoint}/${made.UserPoolId}`,
        clientId: made.ClientId,
        tokenUse: 'access',
        fetch: (url) => cognate.fetch(new Request(url)),
      });
      assert.equal((await verifier.verify(AccessToken)).username, 'ann');
      assert.equal((await aws.getUser({ AccessToken })).Username, 'ann');
      const again = await aws.getTokensFromRefreshToken({ RefreshToken, ClientId: made.ClientId });
      await verifier.verify(again.AuthenticationResult.AccessToken);
      for (const spoiled of [`${AccessToken.slice(0, -4)}AAAA`, AccessToken.slice(0, -4), `${AccessToken}AAAA`]) {
        const message = 'Invalid Access Token';
        await assert.rejects(aws.getUser({ AccessToken: spoiled }), { name: 'NotAuthorizedException', message });
      }
      await aws.globalSignOut({ AccessToken });
      await assert.rejects(aws.getUser({ AccessToken }), { message: 'Access Token has been revoked' });
    });
  }

  test('gets the errors of the service', async () => {
    const aws = sdk(await Cognate.open());
    await assert.rejects(aws.describeUserPool({ UserPoolId: 'eu-west-1_000000000' }), { name: 'ResourceNotFoundException' });
    await assert.rejects(aws.createUserPool({ PoolName: '' }), { name: 'InvalidParameterException' });
  });

  test('signs in at once as often as it likes', async () => {
    const aws = sdk(await Cognate.open());
    const made = await people(aws, {});
    const all = await Promise.all(Array.from({ length: 20 }, () => signIn(aws, made)));
    const users = await Promise.all(all.map(({ AccessToken }) => aws.getUser({ AccessToken })));
    assert.ok(users.every(({ Username }) => Username === 'ann'));
    assert.equal(new Set(all.map(({ AccessToken }) => AccessToken)).size, all.length);
  });

  test('is let in with the credentials that were chosen, and no others', async () => {
    const credentials = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret' };
    const cognate = await Cognate.open({ credentials });
    await sdk(cognate).listUserPools({ MaxResults: 1 });
    const { credentials: known } = await Cognate.open();
    await assert.rejects(sdk({ ...cognate, credentials: known }).listUserPools({ MaxResults: 1 }));
  });
});

describe('messages', () => {
  test('land in the outbox', async () => {
    const cognate = await Cognate.open();
    const aws = sdk(cognate);
    const { ClientId } = await people(aws);
    const UserAttributes = [{ Name: 'email', Value: 'bob@example.com' }];
    await aws.signUp({ ClientId, Username: 'bob', Password: PASSWORD, UserAttributes }).catch(() => {});
    const outbox = await cognate.fetch(new Request(`${cognate.endpoint}/_cognate/outbox.json`));
    assert.equal(outbox.status, 200);
    assert.ok(Array.isArray((await outbox.json()).Messages));
  });

  test('are handed to whoever was named, and his failure is the service\'s', async () => {
    const sent = [];
    const lines = [];
    let broken = false;
    const deliver = async (delivery) => {
      if (broken) throw new Error('the post office is closed');
      sent.push(delivery);
    };
    const aws = sdk(await Cognate.open({ deliver, log: (line) => lines.push(line) }));
    const { UserPool } = await aws.createUserPool({ PoolName: 'p', AutoVerifiedAttributes: ['email'], ...ES256 });
    const { UserPoolClient } = await aws.createUserPoolClient({ UserPoolId: UserPool.Id, ClientName: 'c' });
    const { ClientId } = UserPoolClient;
    const signUp = (Username) => {
      const UserAttributes = [{ Name: 'email', Value: `${Username}@example.com` }];
      return aws.signUp({ ClientId, Username, Password: PASSWORD, UserAttributes });
    };
    await signUp('bob');
    assert.deepEqual([sent[0].destination, sent[0].reason], ['bob@example.com', 'SignUp']);
    await aws.confirmSignUp({ ClientId, Username: 'bob', ConfirmationCode: sent[0].code });
    broken = true;
    await assert.rejects(signUp('eve'), { name: 'CodeDeliveryFailureException' });
    assert.match(lines.join(), /the post office is closed/);
  });
});

describe('functions', () => {
  const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:judge';

  /** Signs somebody up where that function has a say. */
  async function signUp(functions, LambdaConfig = { PreSignUp: ARN }) {
    const lines = [];
    const aws = sdk(await Cognate.open({ functions, log: (line) => lines.push(line) }));
    const { UserPool } = await aws.createUserPool({ PoolName: 'p', LambdaConfig, ...ES256 });
    const { UserPoolClient } = await aws.createUserPoolClient({ UserPoolId: UserPool.Id, ClientName: 'c' });
    const { ClientId } = UserPoolClient;
    const settled = await aws.signUp({ ClientId, Username: 'bob', Password: PASSWORD }).catch((error) => error);
    return { settled, lines: lines.join('\n') };
  }

  test('have their say, by ARN or by name', async () => {
    for (const name of [ARN, 'judge']) {
      const sources = [];
      const judge = async (event) => {
        sources.push(event.triggerSource);
        return { ...event, response: { ...event.response, autoConfirmUser: true } };
      };
      const { settled } = await signUp({ [name]: judge });
      assert.deepEqual([settled.UserConfirmed, sources], [true, ['PreSignUp_SignUp']]);
    }
  });

  test('say why they refuse, and the caller hears it', async () => {
    const judge = () => {
      throw new Error('Not today');
    };
    const { settled } = await signUp({ judge });
    assert.equal(settled.name, 'UserLambdaValidationException');
    assert.equal(settled.message, 'PreSignUp failed with error Not today.');
  });

  test('that return nonsense, nothing, or do not exist are told', async () => {
    for (const judge of [() => undefined, () => 'yes', () => ({ response: 7 })]) {
      const { settled } = await signUp({ judge });
      assert.equal(settled.name, 'InvalidLambdaResponseException');
    }
    for (const functions of [undefined, {}, Object.create({ judge: (event) => event })]) {
      const { settled, lines } = await signUp(functions);
      assert.equal(settled.name, 'UnexpectedLambdaException');
      assert.match(lines, /PreSignUp can not be called: functions has no judge/);
    }
  });

  test('that hang are given up', { timeout: 30_000 }, async () => {
    const { settled, lines } = await signUp({ judge: () => new Promise(() => {}) });
    assert.equal(settled.name, 'UnexpectedLambdaException');
    assert.match(lines, /PreSignUp took too long/);
  });
});

describe('an import', () => {
  const header = { 'x-amz-server-side-encryption': 'aws:kms' };

  /** A job with a file of that many users; gives how to ask for it. */
  async function job(cognate, UserPoolId, rows) {
    const aws = sdk(cognate);
    const { CSVHeader } = await aws.getCSVHeader({ UserPoolId });
    const values = (n) => ({
      'cognito:username': `user${n}`,
      email: `user${n}@example.com`,
      email_verified: 'true',
      'cognito:mfa_enabled': 'false',
    });
    const line = (_, n) => CSVHeader.map((column) => values(n)[column] ?? '').join(',');
    const body = [CSVHeader.join(','), ...Array.from({ length: rows }, line)].join('\n');
    const CloudWatchLogsRoleArn = 'arn:aws:iam::123456789012:role/logs';
    const { UserImportJob } = await aws.createUserImportJob({ UserPoolId, JobName: 'move', CloudWatchLogsRoleArn });
    const { JobId, PreSignedUrl } = UserImportJob;
    const sent = await cognate.fetch(new Request(PreSignedUrl, { method: 'PUT', headers: header, body }));
    assert.equal(sent.status, 200, await sent.text());
    await aws.startUserImportJob({ UserPoolId, JobId });
    return { UserPoolId, JobId };
  }

  async function until(cognate, asked, isThere) {
    for (;;) {
      const { UserImportJob } = await sdk(cognate).describeUserImportJob(asked);
      if (isThere(UserImportJob)) return UserImportJob;
      assert.ok(['Pending', 'InProgress'].includes(UserImportJob.Status), JSON.stringify(UserImportJob));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  test('goes on by itself, and after the service was closed in the middle of it', { timeout: 120_000 }, async (t) => {
    const path = await fresh(t);
    const first = await Cognate.open({ store: fileStore(path) });
    const { UserPoolId } = await people(sdk(first), { ...ES256, AutoVerifiedAttributes: ['email'] });
    const asked = await job(first, UserPoolId, 2_000);
    const half = await until(first, asked, ({ ImportedUsers }) => ImportedUsers > 0);
    await first.close();
    assert.ok(half.ImportedUsers < 2_000, 'it is closed in the middle');
    const second = await Cognate.open({ store: fileStore(path) });
    t.after(() => second.close());
    const whole = await until(second, asked, ({ Status }) => Status === 'Succeeded');
    assert.deepEqual([whole.ImportedUsers, whole.SkippedUsers, whole.FailedUsers], [2_000, 0, 0]);
    const { UserPool } = await sdk(second).describeUserPool({ UserPoolId });
    assert.equal(UserPool.EstimatedNumberOfUsers, 2_001);
  });
});

test('whatever its header says is the address of whoever asks, if that is wanted', async () => {
  for (const [addressHeader, expected] of [['X-Address', '192.0.2.7'], [undefined, undefined]]) {
    const cognate = await Cognate.open({ addressHeader });
    const aws = sdk(cognate);
    const made = await people(aws);
    const { UserPoolId } = made;
    const TokenSession = { MaxPerUser: 1 };
    await aws.setUserPoolSessionConfiguration({ UserPoolId, UserSessionTracking: 'ENABLED', TokenSession });
    const AuthParameters = { USERNAME: 'ann', PASSWORD };
    const answer = await cognate.fetch(
      new Request(cognate.endpoint, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-amz-json-1.1',
          'x-address': '192.0.2.7',
          'x-amz-target': 'AWSCognitoIdentityProviderService.InitiateAuth',
        },
        body: JSON.stringify({ ClientId: made.ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters }),
      }),
    );
    assert.equal(answer.status, 200);
    const { AccessToken } = (await answer.json()).AuthenticationResult;
    const { Sessions } = await aws.listUserSessions({ AccessToken });
    assert.equal(Sessions[0].LastIPAddress, expected);
  }
});

test('of a body without an end no more is read than is looked at', async () => {
  const cognate = await Cognate.open();
  let sent = 0;
  let isCancelled = false;
  const body = new ReadableStream({
    pull(controller) {
      sent += 1 << 16;
      controller.enqueue(new Uint8Array(1 << 16));
    },
    cancel() {
      isCancelled = true;
    },
  });
  const headers = { 'x-amz-target': 'AWSCognitoIdentityProviderService.ListUserPools' };
  const request = new Request(cognate.endpoint, { method: 'POST', headers, body, duplex: 'half' });
  const { status } = await cognate.fetch(request);
  assert.ok(status >= 400 && status < 500, `${status}`);
  assert.ok(isCancelled && sent < 2 << 20, `${sent}`);
});

test('without WebCrypto it says so', async (t) => {
  const own = Object.getOwnPropertyDescriptor(globalThis, 'crypto');
  t.after(() => Object.defineProperty(globalThis, 'crypto', own));
  Object.defineProperty(globalThis, 'crypto', { configurable: true, value: {} });
  await assert.rejects(Cognate.open(), fault('notSupported'));
});

test('options that are wrong are told without their values', async () => {
  for (const wrong of [{ rootKey: 'hunter2' }, { issuer: 'hunter2' }, { credentials: { accessKeyId: 'hunter2' } }]) {
    const error = await Cognate.open(wrong).catch((caught) => caught);
    assert.ok(fault('badOptions')(error) && !error.message.includes('hunter2'));
  }
});
