/** In both projects: from a file, and from a database, into files and databases. */
import { randomBytes } from 'node:crypto';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseManifest } from '../../packages/server/src/runtime/backup/manifest.ts';
import { readBackup } from '../../packages/server/src/runtime/backup/read-backup.ts';
import { restoreBackup } from '../../packages/server/src/runtime/backup/restore-backup.ts';
import { writeBackup } from '../../packages/server/src/runtime/backup/write-backup.ts';
import { openDataDirectory } from '../../packages/server/src/runtime/data-directory.ts';
import { openStore } from '../../packages/server/src/store/store.ts';
import { fillRandomly } from '../engine/history/export/random-history.ts';
import { askStore, tablesOf } from '../support/ask-store.ts';
import { addOddRows } from '../support/odd-rows.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { newDataDirectory, storeIn, storeKind } from '../support/test-store.ts';

const source = newDataDirectory();
const file = join(newDataDirectory(), 'assay.tar');
let rows: Record<string, unknown[]>;

beforeAll(async () => {
  const location = await storeIn(source);
  openDataDirectory(source);
  if (storeKind === 'sqlite') rmSync(join(source, 'assay.db'));
  const store = await openStore(location);
  await fillRandomly(store, seededRandom(7));
  await store.close();
  if ('file' in location) addOddRows(location.file);
  mkdirSync(join(source, 'audit'));
  writeFileSync(join(source, 'audit/audit-2026-11-30.jsonl'), '{"a":1}\n{"a":2}\n{"cut');
  rows = await allRows(source);
  await write(file);
});

test('a backup is restored row by row, with its key and the whole lines of its trail, readable by its owner alone', async () => {
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const manifest = await readBackup(file, quiet);
  expect(manifest.from).toBe(storeKind === 'sqlite' ? 'SQLite' : 'PostgreSQL');
  expect(manifest.files.map(({ name }) => name)).toEqual(['assay.db', 'master.key', 'audit/audit-2026-11-30.jsonl']);

  const target = newDataDirectory();
  expect(await restore(file, target)).toMatchObject({ replaced: [], hasKey: true });
  expect(await allRows(target, { file: join(target, 'assay.db') })).toEqual(rows);
  expect(readFileSync(join(target, 'master.key'))).toEqual(readFileSync(join(source, 'master.key')));
  expect(readFileSync(join(target, 'audit/audit-2026-11-30.jsonl'), 'utf8')).toBe('{"a":1}\n{"a":2}\n');
  expect(
    readdirSync(target)
      .filter((name) => !/-server$/.test(name))
      .sort(),
  ).toEqual(['assay.db', 'audit', 'master.key']);
  for (const name of ['assay.db', 'master.key']) expect(statSync(join(target, name)).mode & 0o777).toBe(0o600);
  await (await openStore(openDataDirectory(target).store)).close();
});

test('what is written while it is made is in it or not, never half', async () => {
  const directory = newDataDirectory();
  const location = await storeIn(directory);
  const store = await openStore(location);
  let writing = true;
  let pairs = 0;
  const load = (async () => {
    while (writing) {
      const id = `AKIA${String(pairs++).padStart(12, '0')}`;
      await store.transaction(async (tables) => {
        await tables.settings.settle(`one ${id}`, 'x');
        await tables.settings.settle(`two ${id}`, 'x');
      });
      await new Promise((resolve) => void setImmediate(resolve));
    }
  })();
  const backup = join(directory, 'b.tar');
  await writeBackup({ path: directory, store: location }, backup, { ...options, withKey: false });
  writing = false;
  await load;
  await store.close();
  const target = newDataDirectory();
  await restore(backup, target);
  const [found = []] = await askStore({ file: join(target, 'assay.db') }, 'select name from settings');
  const names = found.map(({ name }) => String(name));
  expect(pairs).toBeGreaterThan(0);
  expect(
    names
      .filter((name) => name.startsWith('one '))
      .map((name) => name.slice(4))
      .sort(),
  ).toEqual(
    names
      .filter((name) => name.startsWith('two '))
      .map((name) => name.slice(4))
      .sort(),
  );
});

describe('is refused with words, and nothing is changed', () => {
  const refused = async (backup: string, target = newDataDirectory()): Promise<string> => {
    const before = readdirSync(target);
    const message = await restore(backup, target).then(
      () => 'restored',
      (error: Error) => error.message,
    );
    expect(readdirSync(target).filter((name) => !name.endsWith('-server'))).toEqual(before);
    return message;
  };
  const changed = (change: (bytes: Buffer) => Buffer): string => {
    const path = join(newDataDirectory(), 'changed.tar');
    writeFileSync(path, change(readFileSync(file)));
    return path;
  };

  test('a backup that is cut short anywhere', async () => {
    const { size } = statSync(file);
    const end = readFileSync(file).indexOf('manifest.json\0');
    for (const at of [700, 4096, Math.floor(size / 2), end - 512, end, end + 300, end + 600]) {
      expect(await refused(changed((bytes) => bytes.subarray(0, at))), `${at}`).toMatch(/is cut short|is not a backup/);
    }
  });

  test('a backup with a byte of any file changed', async () => {
    const key = readFileSync(join(source, 'master.key'));
    for (const at of [512 + 100_000, readFileSync(file).lastIndexOf(key), readFileSync(file).lastIndexOf('{"a":2}')]) {
      const broken = changed((bytes) => {
        bytes[at] = (bytes[at] ?? 0) ^ 1;
        return bytes;
      });
      expect(await refused(broken)).toMatch(/is damaged: .* in it is not what was written/);
    }
    const header = changed((bytes) => {
      bytes[3] = 0x21;
      return bytes;
    });
    expect(await refused(header)).toMatch(/is not a backup/);
  });

  test('what is no backup: nothing, words, a store, an archive of something else, one that reaches out', async () => {
    expect(await refused(changed(() => Buffer.alloc(0)))).toMatch(/is not a backup/);
    expect(await refused(changed(() => Buffer.from('hello')))).toMatch(/is not a backup/);
    expect(await refused(changed(() => randomBytes(5000)))).toMatch(/is not a backup/);
    expect(await refused(changed(() => Buffer.alloc(5000)))).toMatch(/is not a backup/);
    for (const name of ['README.md', '../assay.db', 'audit/../../x', 'audit/audit-2026-11-30.jsonl/x', '/etc/passwd']) {
      const archive = pack();
      archive.entry({ name }, 'x');
      archive.finalize();
      const bytes = await buffer(archive);
      expect(await refused(changed(() => bytes))).toMatch(/is not a backup/);
    }
    expect(await refused(join(source, 'absent.tar'))).toMatch(/absent\.tar cannot be read/);
  });

  test('a manifest of something else, of a newer format, or of other files', () => {
    const good = { format: 'assay-backup', version: 1, assay: '1', createdAt: 'x', from: 'SQLite', files: [] };
    const parsed = (value: unknown): unknown => parseManifest(Buffer.from(JSON.stringify(value)));
    expect(parsed(good)).toEqual(good);
    expect(parsed({ ...good, version: 2, files: 'otherwise' })).toBe('NEWER');
    for (const bad of [
      null,
      [],
      'x',
      { ...good, format: 'y' },
      { ...good, files: [{ name: 1 }] },
      { ...good, from: 'x' },
    ]) {
      expect(parsed(bad)).toBeUndefined();
    }
    expect(parseManifest(Buffer.from('['.repeat(100_000)))).toBeUndefined();
  });

  test('a store that is not empty, unless told: then it is kept, and so is its key', async () => {
    const target = newDataDirectory();
    const directory = openDataDirectory(target);
    const store = await openStore(directory.store);
    await store.settings.settle('what', 'mine');
    await store.close();
    expect(await refused(file, target)).toMatch(/is not empty, and nothing was restored.*--overwrite/);
    const key = readFileSync(join(target, 'master.key'));
    const { replaced } = await restore(file, target, true);
    expect(await allRows(target, { file: join(target, 'assay.db') })).toEqual(rows);
    const old = replaced.find((path) => /assay\.db\.replaced-[^/]*Z$/.test(path)) ?? '';
    expect(await askStore({ file: old }, `select value from settings where name = 'what'`)).toEqual([
      [{ value: 'mine' }],
    ]);
    expect(readFileSync(replaced.find((path) => path.includes('master.key')) ?? '')).toEqual(key);
  });

  test('where a server runs', async () => {
    const target = newDataDirectory();
    const store = await openStore(openDataDirectory(target).store);
    await store.takeOver();
    await expect(restore(file, target, true)).rejects.toThrow('A server runs on the store');
    await store.close();
  });
});

test('a restore that was killed while it replaced files is refused by servers, and done again without being told', async () => {
  const target = newDataDirectory();
  await restore(file, target);
  writeFileSync(join(target, 'restore-unfinished'), '');
  rmSync(join(target, 'assay.db'));
  expect(() => openDataDirectory(target)).toThrow('did not finish');
  await restore(file, target);
  openDataDirectory(target);
  expect(await allRows(target, { file: join(target, 'assay.db') })).toEqual(rows);
});

test('one that is interrupted leaves the backup before it, and nothing else', async () => {
  const directory = newDataDirectory();
  const backup = join(directory, 'b.tar');
  cpSync(file, backup);
  const stopping = new AbortController();
  const writing = writeBackup({ path: source, store: await storeIn(source) }, backup, {
    ...options,
    signal: stopping.signal,
    onProgress: () => stopping.abort(),
  });
  await expect(writing).rejects.toThrow();
  expect(readdirSync(directory)).toEqual(['b.tar']);
  expect(readFileSync(backup).equals(readFileSync(file))).toBe(true);
});

test.skipIf(storeKind === 'sqlite')('a database is restored into an empty one, and into no other', async () => {
  const target = newDataDirectory();
  const location = await storeIn(target);
  if (!('url' in location)) throw new Error('no database');
  await restoreBackup(file, { path: target, url: location.url }, restoring(false));
  expect(await allRows(target)).toEqual(rows);
  expect(existsSync(join(target, 'master.key'))).toBe(true);
  await expect(restoreBackup(file, { path: target, url: location.url }, restoring(false))).rejects.toThrow('not empty');
  appendFileSync(join(target, 'master.key'), '0');
  await expect(restoreBackup(file, { path: target, url: location.url }, restoring(false))).rejects.toThrow(
    'another key',
  );
});

const never = new AbortController().signal;
const quiet = { signal: never, onProgress: () => undefined };
const options = { withKey: true, withAudit: true, assay: '0', now: 1_000, ...quiet };
const write = async (path: string) => writeBackup({ path: source, store: await storeIn(source) }, path, options);
const restoring = (overwrite: boolean) => ({
  overwrite,
  now: 2_000,
  signal: never,
  onRead: () => undefined,
  onMove: () => undefined,
});
const restore = (path: string, target: string, overwrite = false) =>
  restoreBackup(path, { path: target }, restoring(overwrite));

/** Every row of every table, as texts in no order. */
async function allRows(directory: string, location?: { readonly file: string }): Promise<Record<string, unknown[]>> {
  const store = location ?? (await storeIn(directory));
  const names = (await tablesOf(store))
    .map(({ name }) => name)
    .filter((name) => !/^(?:schema_version|sqlite_)/.test(name));
  const all = await askStore(store, ...names.map((name) => `select * from ${name}`));
  return Object.fromEntries(
    names.map((name, at) => [name, (all[at] ?? []).map((row) => JSON.stringify(plain(row))).sort()]),
  );
}

const plain = (row: object): unknown =>
  Object.entries(row)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => [name, value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value]);
