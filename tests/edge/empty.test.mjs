// Do objects hold nothing when there is nothing to hold?

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { start } from './server.mjs';
import { createPool, holdings, signUp } from './world.mjs';

let server;
before(async () => void (server = await start()));
after(() => server.stop());

test('an object that was merely asked holds nothing', async () => {
  const pool = { poolId: 'eu-west-1_000000001' };
  const response = await fetch(`${server.endpoint}/${pool.poolId}/.well-known/jwks.json`);
  assert.equal(response.status, 404);
  const call = server.admin.describeUserPool({ UserPoolId: pool.poolId });
  await assert.rejects(call, { name: 'ResourceNotFoundException' });
  const { tables, records } = await holdings(server, pool);
  assert.deepEqual({ tables, records }, { tables: [], records: {} });
});

test('the object of a deleted pool holds nothing, and no less after it is asked again', async () => {
  const untouched = await holdings(server, { poolId: 'eu-west-1_000000002' });
  const pool = await createPool(server);
  await Promise.all(Array.from({ length: 20 }, () => signUp(server, pool)));
  const full = await holdings(server, pool);
  assert.ok(Object.keys(full.records).length > 20);

  await server.admin.deleteUserPool({ UserPoolId: pool.poolId });
  assert.deepEqual(await holdings(server, pool), untouched);

  const late = signUp(server, pool);
  await assert.rejects(late, { name: 'ResourceNotFoundException' });
  await assert.rejects(server.admin.deleteUserPool({ UserPoolId: pool.poolId }), {
    name: 'ResourceNotFoundException',
  });
  assert.deepEqual(await holdings(server, pool), untouched);
});

test('a deleted pool stays deleted when the server starts anew', async () => {
  const pool = await createPool(server);
  await signUp(server, pool);
  await server.admin.deleteUserPool({ UserPoolId: pool.poolId });
  await server.kill();
  server = await start({ folder: server.folder });
  const { tables } = await holdings(server, pool);
  assert.deepEqual(tables, []);
});
