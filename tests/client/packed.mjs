// The package as it is published, and an application that uses it, in a folder of its own.

import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { createClient, createPool, createUser, ENDPOINT, joinGroups, PASSWORD } from '../sdk/world.mjs';

export const JS = fileURLToPath(new URL('../../js/', import.meta.url));
export const execute = promisify(execFile);

/** Gives a folder where the packed file is installed as a user would, the file, and how to end it. */
export async function install() {
  const folder = await mkdtemp(join(tmpdir(), 'cognate-package-'));
  await writeFile(join(folder, 'package.json'), '{"private":true,"type":"module"}');
  const { stdout } = await execute('npm', ['pack', '--json', '--pack-destination', folder], { cwd: JS });
  const packed = join(folder, JSON.parse(stdout)[0].filename);
  await execute('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', packed], { cwd: folder });
  await copyFile(new URL('application.mjs', import.meta.url), join(folder, 'main.mjs'));
  return { folder, packed, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** A user of a real service, as the application wants to know it. */
export async function settle() {
  const userPoolId = await createPool();
  const { ClientId: clientId } = await createClient(userPoolId);
  const { username } = await createUser(userPoolId);
  await joinGroups(userPoolId, username);
  return { userPoolId, clientId, endpoint: ENDPOINT, username, password: PASSWORD };
}

/** What the application says of that user. */
export const SIGNED_IN = {
  groups: ['admins', 'plain', 'readers'],
  verified: true,
  refused: 'missingGroup',
  revoked: true,
};
