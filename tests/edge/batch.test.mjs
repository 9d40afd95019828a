// Does a batch of records land whole or not at all?
//
// A write fails inside the object, in a database and a transaction that are real, at each place
// where a batch could be torn.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { start } from './server.mjs';
import { breaks, createPool, holdings, signUp } from './world.mjs';

/** No batch here has as many statements. */
const STATEMENTS_MAX = 30;

let server;
before(async () => void (server = await start()));
after(() => server.stop());

/**
 * Repeats an operation, with its first write in a pool's object failing, then its second, until
 * none fails. Gives how many writes it took.
 */
async function failingEachWrite(operate, check, binding = 'USER_POOL') {
  for (let n = 1; n <= STATEMENTS_MAX; n += 1) {
    await server.inspect('failWrite', { n, binding });
    const [outcome] = await Promise.allSettled([operate()]);
    const isStillToCome = await server.inspect('willFail');
    await server.inspect('failWrite', { n: 0, binding });
    if (isStillToCome) {
      assert.equal(outcome.status, 'fulfilled', String(outcome.reason));
      return n - 1;
    }
    await breaks(Promise.reject(outcome.reason));
    await check();
  }
  throw new Error('it never ended');
}

test('nothing of a user stands when a write of its sign-up fails', async () => {
  const pool = await createPool(server);
  await signUp(server, pool);
  const { records } = await holdings(server, pool);
  const writes = await failingEachWrite(
    () => signUp(server, pool, 'somebody'),
    async () => {
      assert.deepEqual((await holdings(server, pool)).records, records);
      const user = server.admin.adminGetUser({ UserPoolId: pool.poolId, Username: 'somebody' });
      await assert.rejects(user, { name: 'UserNotFoundException' });
    },
  );
  assert.ok(writes >= 1);
  const user = await server.admin.adminGetUser({ UserPoolId: pool.poolId, Username: 'somebody' });
  assert.equal(user.UserStatus, 'UNCONFIRMED');
});

test('all of a user stands when a write of its removal fails', async () => {
  const pool = await createPool(server);
  const before = (await holdings(server, pool)).records;
  const Username = await signUp(server, pool);
  const { records } = await holdings(server, pool);
  const writes = await failingEachWrite(
    () => server.admin.adminDeleteUser({ UserPoolId: pool.poolId, Username }),
    async () => {
      assert.deepEqual((await holdings(server, pool)).records, records);
      const user = await server.admin.adminGetUser({ UserPoolId: pool.poolId, Username });
      assert.equal(user.Username, Username);
    },
  );
  assert.ok(writes > 1, `the removal is one batch of several statements: ${writes}`);
  const left = Object.keys((await holdings(server, pool)).records);
  assert.deepEqual(left.filter((key) => key.includes(Username)), []);
  assert.equal(left.length - Object.keys(before).length <= 1, true, left.join());
});

test('a pool whose creation fails leaves an object that holds nothing', async () => {
  for (const binding of ['USER_POOL', 'ACCOUNT']) {
    const check = async () => {
      const asked = await server.inspect('asked');
      const pool = asked.filter((object) => object.binding === 'USER_POOL').at(-1);
      const { tables, records } = await server.inspect('holds', pool);
      assert.deepEqual({ tables, records }, { tables: [], records: {} });
    };
    const create = () => server.admin.createUserPool({ PoolName: 'torn' });
    assert.ok((await failingEachWrite(create, check, binding)) > 0, binding);
  }
});

test('many sign-ups at once are counted one by one', async () => {
  const pool = await createPool(server);
  const names = await Promise.all(Array.from({ length: 70 }, () => signUp(server, pool)));
  const { UserPool } = await server.admin.describeUserPool({ UserPoolId: pool.poolId });
  assert.equal(UserPool.EstimatedNumberOfUsers, names.length);
});
