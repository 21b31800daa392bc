import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { inject } from 'vitest';
import type { StoreLocation } from '../../packages/server/src/store/database/store-location.ts';
import { afterEveryFile } from './cleanup.ts';
import { createDatabase, dropDatabase, siblingUrl } from './postgres/databases.ts';

const server = inject('postgres');

/** What the tests of this project keep their stores in: each runs in the project `sqlite` and in `postgres`. */
export const storeKind: 'sqlite' | 'postgres' = server ? 'postgres' : 'sqlite';

/** Databases of data directories of this test file, by the directories' paths. */
const databases = new Map<string, Promise<string>>();

/**
 * Where the store of a data directory is: a file in it, or a database of its own, made at the first look. Empty, but with
 * every table, unless `bare` is set.
 */
export async function storeIn(directory: string, { bare = false } = {}): Promise<StoreLocation> {
  const url = await databaseOf(directory, bare);
  return url === undefined ? { file: join(directory, 'assay.db') } : { url };
}

/** The database of a data directory; undefined where its store is a file in it. */
export async function databaseOf(directory: string, bare = false): Promise<string | undefined> {
  if (!server) return undefined;
  const path = resolve(directory);
  const known = databases.get(path);
  if (known) return known;
  const url = siblingUrl(server.maintenance, `test_${randomBytes(8).toString('hex')}`);
  const template = bare ? undefined : new URL(server.template).pathname.slice(1);
  const made = createDatabase(server.maintenance, url, template).then(() => url);
  databases.set(path, made);
  return made;
}

/** What a program that works on a data directory must find in its environment. */
export async function storeEnvironment(directory: string): Promise<{ readonly ASSAY_DATABASE_URL: string }> {
  return { ASSAY_DATABASE_URL: (await databaseOf(directory)) ?? '' };
}

/** Removes a data directory and its database. Whoever still works on it is cut off. */
export async function removeStore(directory: string): Promise<void> {
  rmSync(directory, { recursive: true, force: true });
  const path = resolve(directory);
  const made = databases.get(path);
  databases.delete(path);
  if (server && made) await dropDatabase(server.maintenance, await made);
}

/** A directory for a store; it is there until `removeStore`, or until the tests of the file are over. */
export function newDataDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'assay-test-'));
  directories.push(directory);
  return directory;
}

const directories: string[] = [];

afterEveryFile.add(async () => {
  for (const directory of new Set([...directories.splice(0), ...databases.keys()])) await removeStore(directory);
});
