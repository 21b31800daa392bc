/** What goes wrong with a store in ways that can be foreseen is said as such, by commands, the API and /health. */
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { checkMasterKey } from '../../packages/server/src/runtime/check-master-key.ts';
import { CliError } from '../../packages/server/src/runtime/cli-error.ts';
import { openDataDirectory } from '../../packages/server/src/runtime/data-directory.ts';
import { openStoreOf } from '../../packages/server/src/runtime/open-store.ts';
import { createStoreHealth } from '../../packages/server/src/runtime/store-health.ts';
import { createSqlitePresence } from '../../packages/server/src/store/database/sqlite-presence.ts';
import { storeFault } from '../../packages/server/src/store/store-fault.ts';
import { isUnavailable } from '../../packages/server/src/store/unavailable.ts';
import { runAssay } from '../cli/run-assay.ts';
import { errorOf, rawRequest } from '../support/raw-request.ts';
import { startTestServer } from '../support/test-server.ts';
import { newDataDirectory } from '../support/test-store.ts';

const sqlite = (errcode: number) => Object.assign(new Error('said by SQLite'), { errcode });
const system = (code: string) => Object.assign(new Error(code), { code });

describe('faults', () => {
  test.each([
    [sqlite(13), 'FULL'],
    [system('ENOSPC'), 'FULL'],
    [system('EDQUOT'), 'FULL'],
    [system('53100'), 'FULL'],
    [sqlite(8 | (3 << 8)), 'READ_ONLY'],
    [system('EROFS'), 'READ_ONLY'],
    [sqlite(10 | (4 << 8)), 'DISK'],
    [system('EIO'), 'DISK'],
    [sqlite(5), 'BUSY'],
    [system('57P01'), 'AWAY'],
    [new Error('outer', { cause: sqlite(13) }), 'FULL'],
  ])('%o passes: %s', (error, kind) => {
    expect(storeFault(error)).toMatchObject({ kind });
    expect(isUnavailable(error)).toBe(true);
  });
  test.each([
    [sqlite(11), 'DAMAGED'],
    [sqlite(26), 'NOT_A_STORE'],
    [sqlite(14), 'CLOSED'],
  ])('%o does not pass: %s', (error, kind) => {
    expect(storeFault(error)).toMatchObject({ kind });
    expect(isUnavailable(error)).toBe(false);
  });
  test.each([new Error('x'), sqlite(1), sqlite(19), system('ENOENT'), system('toString'), undefined, null, 'text', 5])(
    '%o is not one of them',
    (error) => expect(storeFault(error)).toBeUndefined(),
  );
});

test('a full disk is told to clients as a fault that passes, and /health says it until there is room again', async () => {
  const server = await startTestServer({ jobs: false });
  const { store } = server.service;
  let full = true;
  const { transaction, settings } = store;
  const put = settings.put;
  Object.assign(store, {
    transaction: (...given: Parameters<typeof transaction>) =>
      full ? Promise.reject(sqlite(13)) : transaction(...given),
  });
  Object.assign(settings, {
    put: (...given: Parameters<typeof put>) => (full ? Promise.reject(sqlite(13)) : put(...given)),
  });
  const create = () => rawRequest(server, 'CreateAssessmentTarget', { assessmentTargetName: 'a' });
  const health = async () => {
    const answer = await fetch(`${server.endpoint}/health`);
    return [answer.status, await answer.text()];
  };
  try {
    expect(await health()).toEqual([200, '{"status":"ok"}']);
    const refused = await create();
    expect(errorOf(refused)).toMatch(/^ServiceTemporarilyUnavailableException/);
    expect(refused.body).toMatchObject({ canRetry: true, message: 'The disk is full; try again' });
    expect(await health()).toEqual([503, '{"status":"The disk is full"}']);
    expect((await rawRequest(server, 'ListAssessmentRuns', {})).status).toBe(200);
    full = false;
    expect(await health()).toEqual([200, '{"status":"ok"}']);
    expect((await create()).status).toBe(200);
  } finally {
    await server.stop();
  }
});

test('damage is not forgotten', async () => {
  const health = createStoreHealth({ ping: async () => undefined, probe: async () => undefined });
  health.note(sqlite(11));
  health.note(sqlite(13));
  for (let at = 0; at < 2; at++) await expect(health.check()).rejects.toThrow('The store is damaged');
});

describe('a command that meets one', () => {
  const commandOn = async (make: (file: string) => void) => {
    const directory = newDataDirectory();
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, 'master.key'), `${'ab'.repeat(32)}\n`, { mode: 0o600 });
    make(join(directory, 'assay.db'));
    const before = readFileSync(join(directory, 'assay.db'));
    const ended = await runAssay(['keys', 'list', '--data-dir', directory]);
    const after = readFileSync(join(directory, 'assay.db'));
    rmSync(directory, { recursive: true });
    expect(ended.stderr).not.toMatch(/did not expect|\n {4}at /);
    return { ...ended, unchanged: before.equals(after) };
  };
  test('a text file in place of the store', async () => {
    const { status, stderr, unchanged } = await commandOn((file) => writeFileSync(file, 'notes\n'.repeat(1000)));
    expect([status, unchanged]).toEqual([2, true]);
    expect(stderr).toMatch(/^assay: The file of the store is not a store of Assay/);
  });
  test('the database of another program', async () => {
    const { status, stderr } = await commandOn((file) => {
      const database = new DatabaseSync(file);
      database.exec('create table dashboard (id integer)');
      database.close();
    });
    expect(status).toBe(2);
    expect(stderr).toMatch(/^assay: The file of the store is not a store of Assay.*dashboard/);
  });
});

describe('a store that is not what it was', () => {
  const started = async (change: (directory: string) => void) => {
    const said: string[] = [];
    const first = await startTestServer({ jobs: false });
    await rawRequest(first, 'ListAssessmentRuns', {});
    await first.stop({ keep: true });
    change(first.directory);
    const second = await startTestServer({
      jobs: false,
      directory: first.directory,
      service: { report: (message) => void said.push(message) },
    });
    await second.stop();
    return said;
  };
  test('an empty one beside an audit trail is said', async () => {
    const said = await started((directory) => {
      for (const suffix of ['-wal', '-shm']) rmSync(join(directory, `assay.db${suffix}`), { force: true });
      writeFileSync(join(directory, 'assay.db'), '');
    });
    expect(said).toEqual([expect.stringMatching(/assay\.db is empty, but .*audit has an audit trail up to \d{4}-/)]);
  });
  test('one that is as it was is not', async () => {
    expect(await started(() => undefined)).toEqual([]);
  });
});

describe('master.key that is gone', () => {
  test('is not made anew beside a store in a file', async () => {
    const directory = newDataDirectory();
    await (await openStoreOf(openDataDirectory(directory))).close();
    rmSync(join(directory, 'master.key'));
    expect(() => openDataDirectory(directory)).toThrow(CliError);
    expect(() => openDataDirectory(directory)).toThrow(/is missing.*none was made/);
    expect(existsSync(join(directory, 'master.key'))).toBe(false);
    rmSync(directory, { recursive: true });
  });
  test('does not stay where a database turns out to have another', async () => {
    const directory = newDataDirectory();
    const opened = openDataDirectory(directory, 'postgres://db.example.com/assay');
    const settings = { settle: async () => 'ab'.repeat(32) };
    await expect(checkMasterKey({ settings } as never, opened)).rejects.toThrow(/another master key/);
    expect(existsSync(join(directory, 'master.key'))).toBe(false);
    const again = openDataDirectory(directory, 'postgres://db.example.com/assay');
    const later = openDataDirectory(directory, 'postgres://db.example.com/assay');
    expect([again.isKeyNew, later.isKeyNew]).toEqual([true, false]);
    await expect(checkMasterKey({ settings } as never, later)).rejects.toThrow(/another master key/);
    expect(existsSync(join(directory, 'master.key'))).toBe(true);
    rmSync(directory, { recursive: true });
  });
});

test('the lock beside a store is the owner’s alone, whatever the umask', async () => {
  const directory = newDataDirectory();
  mkdirSync(directory, { recursive: true });
  const presence = createSqlitePresence(join(directory, 'assay.db'));
  expect(await presence.alone()).toBe(true);
  expect(statSync(join(directory, 'assay.db-server')).mode & 0o777).toBe(0o600);
  await presence.release();
  rmSync(directory, { recursive: true });
});
