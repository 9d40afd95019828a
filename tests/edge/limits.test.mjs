// Are calls limited where somebody asks for it, and do AWS's clients come again when they are told to?

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider';

import { start } from './server.mjs';
import { createPool, signUp } from './world.mjs';

const UNLIMITED = 2_147_483_647;

const category = (Category) => ({ LimitClass: 'API_CATEGORY', Attributes: { Category } });
const READ = category('UserRead');

let limited;
let open;

before(async () => {
  [limited, open] = await Promise.all([start({ vars: { RATE_LIMITS: 'aws' } }), start()]);
});
after(() => Promise.all([limited, open].map((server) => server.stop())));

const valueOf = async (server, LimitDefinition) =>
  (await server.admin.getProvisionedLimit({ LimitDefinition })).Limit;

/** What became of many calls at once. */
async function together(times, call) {
  const settled = await Promise.allSettled(Array.from({ length: times }, () => call()));
  const refused = settled.filter((one) => one.status === 'rejected').map((one) => one.reason);
  return { taken: times - refused.length, refused };
}

test('where nobody asks for it nothing is limited', async () => {
  const { ProvisionedLimitValue, FreeLimitValue } = await valueOf(open, READ);
  assert.deepEqual([ProvisionedLimitValue, FreeLimitValue], [UNLIMITED, UNLIMITED]);
  const pool = await createPool(open);
  const Username = await signUp(open, pool);
  const read = () => open.admin.adminGetUser({ UserPoolId: pool.poolId, Username });
  assert.equal((await together(200, read)).taken, 200);
});

test('with the limits of AWS a user is read ten times a second', async () => {
  const pool = await createPool(limited);
  const [ann, bob] = [await signUp(limited, pool), await signUp(limited, pool)];
  const read = (Username) => () => limited.admin.adminGetUser({ UserPoolId: pool.poolId, Username });
  const started = performance.now();
  const { taken, refused } = await together(60, read(ann));
  const seconds = (performance.now() - started) / 1000;
  assert.ok(taken >= 10 && taken <= 10 + 10 * seconds + 1, `${taken} in ${seconds} s`);
  for (const error of refused) {
    assert.equal(error.name, 'TooManyRequestsException');
    assert.equal(error.$metadata.httpStatusCode, 400);
    assert.equal(error.$response.headers['retry-after'], '1');
  }
  await read(bob)();
});

test('a rate that is set is in force at once, in old pools and in new ones', async () => {
  const LimitDefinition = category('UserPoolResourceRead');
  const old = await createPool(open);
  const set = (RequestedLimitValue) =>
    open.admin.updateProvisionedLimit({ LimitDefinition, RequestedLimitValue });
  const { Limit } = await set(2);
  assert.deepEqual(Limit, {
    LimitDefinition,
    ProvisionedLimitValue: 2,
    FreeLimitValue: UNLIMITED,
  });
  assert.deepEqual(await valueOf(open, LimitDefinition), Limit);
  for (const pool of [old, await createPool(open)]) {
    const list = () => open.admin.listGroups({ UserPoolId: pool.poolId });
    const { refused } = await together(12, list);
    assert.ok(refused.length >= 6, `${refused.length} were refused`);
    assert.ok(refused.every((error) => error.name === 'TooManyRequestsException'));
  }
  await set(UNLIMITED);
  const list = () => open.admin.listGroups({ UserPoolId: old.poolId });
  assert.equal((await together(50, list)).taken, 50);
  for (const wrong of [0, -1]) {
    await assert.rejects(set(wrong), { name: 'InvalidParameterException' });
  }
  const unknown = { LimitDefinition: category('Everything'), RequestedLimitValue: 1 };
  await assert.rejects(open.admin.updateProvisionedLimit(unknown), { name: 'InvalidParameterException' });
});

test('an SDK that is refused waits for as long as it is told, and is served', async () => {
  const pool = await createPool(open);
  const Username = await signUp(open, pool);
  await open.admin.updateProvisionedLimit({ LimitDefinition: READ, RequestedLimitValue: 1 });
  const { endpoint, admin } = open;
  const { credentials } = admin.config;
  const patient = new CognitoIdentityProvider({ endpoint, region: 'eu-west-1', credentials });
  const read = () => patient.adminGetUser({ UserPoolId: pool.poolId, Username });
  await read();
  const started = performance.now();
  const { $metadata } = await read();
  assert.equal($metadata.attempts, 2);
  // Of its own accord it would have come again within half a second.
  assert.ok(performance.now() - started > 900, `it waited ${performance.now() - started} ms`);
  await open.admin.updateProvisionedLimit({ LimitDefinition: READ, RequestedLimitValue: UNLIMITED });
});
