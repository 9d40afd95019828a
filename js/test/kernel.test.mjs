// Does the whole service run in this process?

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, test } from 'node:test';

import { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider';
import { Cognate, CognateError, fileStore } from 'cognate/kernel';
import { createVerifier } from 'cognate/verify';

const PASSWORD = 'Passw0rd!';
const ES256 = { UserPoolTags: { 'cognate:token-algorithm': 'ES256' } };

function sdk({ endpoint, credentials, requestHandler }) {
  const options = { endpoint, credentials, requestHandler, region: 'eu-west-1', maxAttempts: 1 };
  return new CognitoIdentityProvider(options);
}

/** A pool with a client and a user who can sign in. */
async function people(aws, tags = ES256) {
  const { UserPool } = await aws.createUserPool({ PoolName: 'people', ...tags });
  const UserPoolId = UserPool.Id;
  const ExplicitAuthFlows = ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'];
  const { UserPoolClient } = await aws.createUserPoolClient({ UserPoolId, ClientName: 'app', ExplicitAuthFlows });
  const Username = 'ann';
  await aws.adminCreateUser({ UserPoolId, Username, MessageAction: 'SUPPRESS' });
  await aws.adminSetUserPassword({ UserPoolId, Username, Password: PASSWORD, Permanent: true });
  return { UserPoolId, ClientId: UserPoolClient.ClientId };
}

async function signIn(aws, { ClientId }) {
  const AuthParameters = { USERNAME: 'ann', PASSWORD };
  const answer = await aws.initiateAuth({ ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters });
  return answer.AuthenticationResult;
}

const fault = (code) => (error) => {
  assert.ok(error instanceof CognateError, error?.stack);
  assert.equal(error.code, code, error.message);
  return true;
};

async function folder(t) {
  const path = await mkdtemp(join(tmpdir(), 'cognate-kernel-'));
  t.after(() => rm(path, { recursive: true, force: true }));
  return join(path, 'records');
}

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
    });
  }

  test('gets the errors of the service', async () => {
    const aws = sdk(await Cognate.open());
    await assert.rejects(aws.describeUserPool({ UserPoolId: 'eu-west-1_000000000' }), { name: 'ResourceNotFoundException' });
    await assert.rejects(aws.createUserPool({ PoolName: '' }), { name: 'InvalidParameterException' });
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

describe('records', () => {
  test('come again from a snapshot', async () => {
    const first = await Cognate.open();
    const made = await people(sdk(first));
    const second = await Cognate.open({ snapshot: first.snapshot() });
    assert.ok((await signIn(sdk(second), made)).AccessToken);
    const third = await Cognate.open();
    await assert.rejects(signIn(sdk(third), made), { name: 'ResourceNotFoundException' });
  });

  test('come again from a file', async (t) => {
    const path = await folder(t);
    const first = await Cognate.open({ store: fileStore(path) });
    const made = await people(sdk(first));
    await first.close();
    await assert.rejects(first.fetch(new Request('http://localhost/x')), fault('storage'));
    const second = await Cognate.open({ store: fileStore(path) });
    t.after(() => second.close());
    assert.ok((await signIn(sdk(second), made)).AccessToken);
  });

  test('that were answered survive a kill at any time', async (t) => {
    const path = await folder(t);
    const script = new URL('./kernel/writer.mjs', import.meta.url).pathname;
    for (let round = 0; round < 3; round++) {
      const writer = spawn(process.execPath, [script, path], { stdio: ['ignore', 'pipe', 'inherit'] });
      const names = [];
      const lines = createInterface({ input: writer.stdout });
      lines.on('line', (name) => {
        names.push(name);
        if (names.length === 20 + round) writer.kill('SIGKILL');
      });
      await new Promise((resolve) => writer.once('close', resolve));
      assert.ok(names.length >= 20, `${names.length} were written`);
      const cognate = await Cognate.open({ store: fileStore(path) });
      const { UserPools } = await sdk(cognate).listUserPools({ MaxResults: 60 });
      const [{ Id: UserPoolId }] = UserPools;
      for (const GroupName of names) await sdk(cognate).getGroup({ UserPoolId, GroupName });
      await cognate.close();
    }
  });

  test('that are half written at the end are dropped, and go on from there', async (t) => {
    const path = await folder(t);
    const first = await Cognate.open({ store: fileStore(path) });
    const made = await people(sdk(first));
    const { length } = await readFile(path);
    await sdk(first).createGroup({ UserPoolId: made.UserPoolId, GroupName: 'late' });
    await first.close();
    await writeFile(path, (await readFile(path)).subarray(0, length + 20));
    for (let time = 0; time < 2; time++) {
      const cognate = await Cognate.open({ store: fileStore(path) });
      const aws = sdk(cognate);
      assert.ok((await signIn(aws, made)).AccessToken);
      await assert.rejects(aws.getGroup({ UserPoolId: made.UserPoolId, GroupName: 'late' }));
      await cognate.close();
    }
  });

  test('that were spoiled are told and left alone', async (t) => {
    const path = await folder(t);
    const first = await Cognate.open({ store: fileStore(path) });
    await people(sdk(first));
    await first.close();
    const bytes = await readFile(path);
    bytes[40] ^= 1;
    await writeFile(path, bytes);
    for (let time = 0; time < 2; time++) {
      await assert.rejects(Cognate.open({ store: fileStore(path) }), fault('storage'));
    }
    assert.deepEqual(await readFile(path), bytes);
    await assert.rejects(Cognate.open({ snapshot: bytes }), fault('storage'));
    await assert.rejects(Cognate.open({ snapshot: new TextEncoder().encode('nonsense') }), fault('storage'));
  });

  test('are open to one at a time', async (t) => {
    const path = await folder(t);
    const first = await Cognate.open({ store: fileStore(path) });
    await assert.rejects(Cognate.open({ store: fileStore(path) }), fault('storage'));
    await people(sdk(first));
    await first.close();
    // Whoever held it was killed.
    await writeFile(`${path}.lock`, '999999999');
    const second = await Cognate.open({ store: fileStore(path) });
    await second.close();
  });

  test('that can\'t be kept are not answered, and nothing is after them', async () => {
    let isFull = false;
    const kept = [];
    const store = {
      read: async () => Buffer.concat(kept),
      append: async (bytes) => {
        if (isFull) throw new Error('QuotaExceededError');
        kept.push(bytes);
      },
      replace: async (bytes) => void kept.splice(0, kept.length, bytes),
      close: async () => {},
    };
    const first = await Cognate.open({ store });
    const made = await people(sdk(first));
    isFull = true;
    const createGroup = (cognate) => sdk(cognate).createGroup({ UserPoolId: made.UserPoolId, GroupName: 'g' });
    await assert.rejects(createGroup(first), fault('storage'));
    await assert.rejects(signIn(sdk(first), made), fault('storage'));
    isFull = false;
    const second = await Cognate.open({ store });
    await createGroup(second);
    assert.ok((await signIn(sdk(second), made)).AccessToken);
  });

  test('do not pile up in the file', async (t) => {
    const path = await folder(t);
    const cognate = await Cognate.open({ store: fileStore(path) });
    t.after(() => cognate.close());
    const aws = sdk(cognate);
    const made = await people(aws);
    const { UserPoolId } = made;
    const Description = 'x'.repeat(2048);
    const comeAndGo = async (_, n) => {
      const GroupName = `g${n}`;
      for (let time = 0; time < 50; time++) {
        await aws.createGroup({ UserPoolId, GroupName, Description });
        await aws.deleteGroup({ UserPoolId, GroupName });
      }
    };
    // More than two megabytes, all in all.
    await Promise.all(Array.from({ length: 20 }, comeAndGo));
    assert.ok((await stat(path)).size < 1.5 * 2 ** 20);
    await signIn(aws, made);
  });
});

test('options that are wrong are told without their values', async () => {
  for (const wrong of [{ rootKey: 'hunter2' }, { issuer: 'hunter2' }, { credentials: { accessKeyId: 'hunter2' } }]) {
    const error = await Cognate.open(wrong).catch((caught) => caught);
    assert.ok(fault('badOptions')(error) && !error.message.includes('hunter2'));
  }
});
