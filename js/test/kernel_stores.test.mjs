// Is what was answered kept, whatever happens to the store?

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, stat as statOf, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { describe, test } from 'node:test';

import { Cognate, fileStore, sqliteStore } from 'cognate/kernel';

import { Embedded } from '../dist/kernel/wasm/glue.js';
import { ES256, fault, fresh, people, sdk, shelf, signIn } from './kernel/world.mjs';

describe('records', () => {
  test('come again from a snapshot', async () => {
    const first = await Cognate.open();
    const made = await people(sdk(first));
    const second = await Cognate.open({ snapshot: await first.snapshot() });
    assert.ok((await signIn(sdk(second), made)).AccessToken);
    const third = await Cognate.open();
    await assert.rejects(signIn(sdk(third), made), { name: 'ResourceNotFoundException' });
  });

  test('of a snapshot are where an empty store begins, and no other', async (t) => {
    const path = await fresh(t);
    const origin = await Cognate.open();
    const made = await people(sdk(origin));
    const snapshot = await origin.snapshot();
    for (const given of [snapshot, await (await Cognate.open()).snapshot(), undefined]) {
      const cognate = await Cognate.open({ store: fileStore(path), snapshot: given });
      assert.ok((await signIn(sdk(cognate), made)).AccessToken);
      await cognate.close();
    }
    await assert.rejects(Cognate.open({ snapshot: snapshot.subarray(0, -1) }), fault('storeCorrupt'));
  });

  test('come again from a file', async (t) => {
    const path = await fresh(t);
    const first = await Cognate.open({ store: fileStore(path) });
    const made = await people(sdk(first));
    await first.close();
    await assert.rejects(first.fetch(new Request('http://localhost/x')), fault('storage'));
    const second = await Cognate.open({ store: fileStore(path) });
    t.after(() => second.close());
    assert.ok((await signIn(sdk(second), made)).AccessToken);
  });

  test('that were answered survive a kill at any time', async (t) => {
    const path = await fresh(t);
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
    const path = await fresh(t);
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

  test('that were spoiled are told and left alone, whichever byte it is', async (t) => {
    const path = await fresh(t);
    const first = await Cognate.open({ store: fileStore(path) });
    await sdk(first).createUserPool({ PoolName: 'people', ...ES256 });
    const snapshot = Buffer.from(await first.snapshot());
    await first.close();
    const whole = await readFile(path);
    for (let at = 0; at < whole.length; at++) {
      const spoiled = Buffer.from(whole);
      spoiled[at] ^= 1 << (at % 8);
      const error = await Cognate.open({ store: shelf([spoiled]) }).catch((caught) => caught);
      if (error instanceof Cognate) assert.deepEqual(Buffer.from(await error.snapshot()), snapshot, `${at}`);
      else assert.ok(fault('storeCorrupt')(error));
    }
    whole[whole.length >> 1] ^= 1;
    await writeFile(path, whole);
    for (let time = 0; time < 2; time++) {
      await assert.rejects(Cognate.open({ store: fileStore(path) }), fault('storeCorrupt'));
    }
    assert.deepEqual(await readFile(path), whole);
    await assert.rejects(Cognate.open({ snapshot: whole }), fault('storeCorrupt'));
    const nonsense = new TextEncoder().encode('nonsense');
    await assert.rejects(Cognate.open({ snapshot: nonsense }), fault('storeCorrupt'));
  });

  test('are open to one at a time', async (t) => {
    const path = await fresh(t);
    const first = await Cognate.open({ store: fileStore(path) });
    await assert.rejects(Cognate.open({ store: fileStore(path) }), fault('storeInUse'));
    await people(sdk(first));
    await first.close();
    // Whoever held it was killed; numbers of processes come again, even one's own.
    const isTold = existsSync('/proc/self/stat');
    const others = isTold ? [`${process.ppid} 1`] : [];
    for (const holder of ['', '999999999', `${process.pid} 1`, ...others]) {
      await writeFile(`${path}.lock`, holder);
      const next = await Cognate.open({ store: fileStore(path) });
      await assert.rejects(Cognate.open({ store: fileStore(path) }), fault('storeInUse'));
      await next.close();
    }
    const stat = isTold ? await readFile(`/proc/${process.ppid}/stat`, 'utf8') : '';
    await writeFile(`${path}.lock`, `${process.ppid} ${stat.split(' ')[21] ?? ''}`);
    await assert.rejects(Cognate.open({ store: fileStore(path) }), fault('storeInUse'));
  });

  test('that can\'t be kept are not answered, and what is kept is still read', async () => {
    const store = shelf();
    const cognate = await Cognate.open({ store });
    const aws = sdk(cognate);
    const made = await people(aws);
    const { UserPoolId } = made;
    const createGroup = (GroupName) => aws.createGroup({ UserPoolId, GroupName });
    store.fails = new DOMException('no', 'QuotaExceededError');
    const before = store.kept.length;
    for (let time = 0; time < 2; time++) {
      await assert.rejects(createGroup('lost'), fault('storeFull'));
      await assert.rejects(signIn(aws, made), fault('storeFull'));
      assert.equal((await aws.adminGetUser({ UserPoolId, Username: 'ann' })).Username, 'ann');
      await assert.rejects(aws.getGroup({ UserPoolId, GroupName: 'lost' }), { name: 'ResourceNotFoundException' });
    }
    assert.equal(store.kept.length, before);
    store.fails = undefined;
    await createGroup('kept');
    assert.ok((await signIn(aws, made)).AccessToken);
    const again = await Cognate.open({ store });
    await sdk(again).getGroup({ UserPoolId, GroupName: 'kept' });
  });

  test('of many at once stand or fall together when one can\'t be kept', async () => {
    const store = shelf();
    const cognate = await Cognate.open({ store });
    const aws = sdk(cognate);
    const { UserPoolId } = await people(aws);
    const { append } = store;
    let calls = 0;
    store.append = async function (bytes) {
      calls += 1;
      if (calls === 3) throw new Error('a moment of weakness');
      await append.call(this, bytes);
    };
    const names = Array.from({ length: 50 }, (_, n) => `g${n}`);
    const settled = await Promise.allSettled(
      names.map(async (GroupName, n) => {
        for (let turn = 0; turn < n % 7; turn++) await new Promise(setImmediate);
        await aws.createGroup({ UserPoolId, GroupName });
      }),
    );
    assert.ok(settled.some(({ status }) => status === 'rejected'));
    const again = sdk(await Cognate.open({ store }));
    for (const [n, { status, reason }] of settled.entries()) {
      const group = again.getGroup({ UserPoolId, GroupName: names[n] });
      if (status === 'fulfilled') await group;
      else {
        assert.ok(fault('storage')(reason));
        await assert.rejects(group, { name: 'ResourceNotFoundException' });
      }
    }
  });

  test('that were kept are there after wasm broke', async (t) => {
    const { receive } = Embedded.prototype;
    t.after(() => Object.assign(Embedded.prototype, { receive }));
    const cognate = await Cognate.open({ store: shelf() });
    const aws = sdk(cognate);
    const made = await people(aws);
    Embedded.prototype.receive = () => {
      throw new WebAssembly.RuntimeError('unreachable');
    };
    await assert.rejects(signIn(aws, made), fault('server'));
    Object.assign(Embedded.prototype, { receive });
    assert.ok((await signIn(aws, made)).AccessToken);
  });

  test('do not pile up in the file', async (t) => {
    const path = await fresh(t);
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
    assert.ok((await statOf(path)).size < 1.5 * 2 ** 20);
    await signIn(aws, made);
  });
});

describe('SQLite', () => {
  const isThere = import('node:sqlite').then(() => true, () => false);

  test('keeps records, or is said not to be there', async (t) => {
    const path = await fresh(t);
    const open = () => Cognate.open({ store: sqliteStore(path) });
    if (!(await isThere)) return assert.rejects(open(), fault('notSupported'));
    const first = await open();
    const made = await people(sdk(first));
    await assert.rejects(open(), fault('storeInUse'));
    await first.close();
    const second = await open();
    assert.ok((await signIn(sdk(second), made)).AccessToken);
    await second.close();
    const bytes = await readFile(path);
    await writeFile(path, bytes.fill(7, 0, 100));
    await assert.rejects(open(), fault('storeCorrupt'));
  });
});
