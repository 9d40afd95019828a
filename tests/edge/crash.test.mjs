// Is what was acknowledged still there after a crash, and nothing by halves?

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { start } from './server.mjs';
import { createPool, holdings, signUp, unique } from './world.mjs';

const CRASHES = 3;
const WORKERS = 8;
const SIGN_UPS_BEFORE = 120;
const LIMIT_MS = 120_000;

let server;
let pool;
/** Names whose sign-up was acknowledged. */
const acknowledged = new Set();
/** Names whose sign-up was begun. */
const begun = new Set();

before(async () => {
  server = await start();
  pool = await createPool(server);
});
after(() => server.stop());

/** Signs users up, many at once, and kills the server in the middle of it. */
async function crashUnderLoad() {
  const enough = acknowledged.size + SIGN_UPS_BEFORE;
  let isAlive = true;
  const worker = async () => {
    while (isAlive) {
      const username = unique('user');
      begun.add(username);
      try {
        await signUp(server, pool, username);
        acknowledged.add(username);
      } catch (error) {
        // Without an answer nothing was acknowledged.
        if (isAlive && error.$metadata?.httpStatusCode) throw error;
      }
      if (acknowledged.size >= enough && isAlive) {
        isAlive = false;
        await server.kill();
      }
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, worker));
}

/** The keys of a pool's records by the user that they speak of, whose name and id are left out. */
function formsByUser(records) {
  const forms = new Map();
  for (const key of Object.keys(records)) {
    const [name] = /user-[0-9a-f]{12}/.exec(key) ?? [];
    if (name === undefined) continue;
    const form = key.replaceAll(name, '*');
    forms.set(name, [...(forms.get(name) ?? []), form].sort());
  }
  return forms;
}

for (let crash = 1; crash <= CRASHES; crash += 1) {
  test(`crash ${crash}: nothing acknowledged is lost, nothing is half-written`, { timeout: LIMIT_MS }, async () => {
    await crashUnderLoad();
    server = await start({ folder: server.folder });
    const { records } = await holdings(server, pool);
    const forms = formsByUser(records);

    for (const username of acknowledged) assert.ok(forms.has(username), `${username} is there`);
    for (const username of forms.keys()) assert.ok(begun.has(username));

    const [whole] = forms.values();
    // A crash may come before the code is sent, which is a batch of its own.
    for (const [username, form] of forms) {
      if (acknowledged.has(username)) assert.deepEqual(form, whole, username);
      const user = await server.admin.adminGetUser({ UserPoolId: pool.poolId, Username: username });
      assert.equal(user.UserStatus, 'UNCONFIRMED');
    }
    const aliases = Object.keys(records).filter((key) => key.startsWith('alias/sub/'));
    assert.equal(aliases.length, forms.size);
    const { UserPool } = await server.admin.describeUserPool({ UserPoolId: pool.poolId });
    assert.equal(UserPool.EstimatedNumberOfUsers, forms.size);
  });
}

test('users who signed up before the crashes sign in after them', async () => {
  const [username] = acknowledged;
  await server.admin.adminConfirmSignUp({ UserPoolId: pool.poolId, Username: username });
  const user = await server.admin.adminGetUser({ UserPoolId: pool.poolId, Username: username });
  assert.equal(user.UserStatus, 'CONFIRMED');
});
