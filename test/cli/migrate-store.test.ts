/** From a file into a database of the server that the tests of stores in PostgreSQL share. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { openDataDirectory } from '../../packages/server/src/runtime/data-directory.ts';
import { openStore } from '../../packages/server/src/store/store.ts';
import { fillRandomly } from '../engine/history/export/random-history.ts';
import { assayProgram } from '../support/assay-program.ts';
import { addEveryList, type EveryList, listNames } from '../support/every-list.ts';
import { addOddRows } from '../support/odd-rows.ts';
import { createDatabase, dropDatabase, siblingUrl } from '../support/postgres/databases.ts';
import { rawRequest } from '../support/raw-request.ts';
import { addHost, given, scopeOf } from '../support/scenario.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { newDataDirectory } from '../support/test-store.ts';

const { maintenance, template } = given(inject('postgres'));
/** A data directory with something in every table, and what its server answers. */
const source = newDataDirectory();
let every: EveryList;
let answers: Readonly<Record<string, unknown>>;

beforeAll(async () => {
  const server = await startTestServer({ jobs: false, service: { directory: openDataDirectory(source) } });
  every = await addEveryList(server);
  await addHost(server, { tags: [{ key: 'team', value: 'blue' }] });
  await fillRandomly(server.service.store, seededRandom(5));
  await rawRequest(server, 'RegisterCrossAccountAccessRole', { roleArn: 'arn:aws:iam::123456789012:role/inspector' });
  const scope = await scopeOf(server);
  const run = given(every.run.split('/run/')[1]);
  await server.service.store.reports.ask(scope, { id: 'a'.repeat(32), run, type: 'FULL', format: 'PDF', createdAt: 1 });
  answers = await answersOf(server);
  await server.stop({ keep: true });
  addOddRows(join(source, 'assay.db'));
});

test('every row is moved and proven, and a server answers from the database as it did from the file', async () => {
  const [directory, url] = [copyOf(source), await newDatabase()];
  const before = await ended(assay(['export', '--data-dir', directory]));
  const moved = await ended(move(directory, url, '--json'));
  expect(moved.stderr).toBe('');
  expect(moved.status).toBe(0);
  const { tables, same, rows } = JSON.parse(moved.stdout) as Moved;
  expect(same).toBe(true);
  expect(tables.filter(({ source, target }) => source.rows < 8 || target.rows !== source.rows)).toEqual([]);
  expect(tables.reduce((sum, { source }) => sum + source.rows, 0)).toBe(rows);
  expect(tables.map(({ table }) => table)).toEqual(tablesOf(directory));
  expect(await indexesOf(url)).toEqual(await indexesOf(template));

  const there = ['--data-dir', directory, '--database-url', url];
  expect(await ended(assay(['export', ...there]))).toEqual({ ...before, stderr: expect.anything() });
  const server = await startTestServer({ jobs: false, service: { directory: openDataDirectory(directory, url) } });
  onTestFinished(() => server.stop());
  expect(await answersOf(server)).toEqual(answers);
});

test('a counter goes on after the ids that were moved', async () => {
  const [directory, url] = [copyOf(source), await newDatabase()];
  const file = new DatabaseSync(join(directory, 'assay.db'));
  file.exec(
    `update sqlite_sequence set seq = 9000000 where name = 'list_blocks'; delete from scopes where id > 7000000`,
  );
  const scopes = Number(given(file.prepare('select max(id) as id from scopes').get()).id);
  file.close();
  expect(await ended(move(directory, url))).toMatchObject({ status: 0 });
  const text = 'insert into list_blocks (list, scope, last_at, last_id, count) values (1, 1, 1, $1, 1) returning id';
  expect(await query(url, text, 'x')).toEqual([{ id: '9000001' }]);
  const scope = `insert into scopes (account, region) values ('1', $1) returning id`;
  expect(await query(url, scope, 'x')).toEqual([{ id: String(scopes + 1) }]);
});

describe('a row that is not what it was is noticed, and no server opens the database', () => {
  test.each([
    ['a byte of a text', 'findings', `new.attributes := overlay(new.attributes placing '?' from 2 for 1); return new;`],
    ['a byte of what findings say', 'finding_texts', "new.texts := new.texts || decode('00', 'hex'); return new;"],
    ['a byte of evidence', 'evidence_blobs', "new.content := new.content || decode('00', 'hex'); return new;"],
    ['a number', 'runs', 'new.created_at := new.created_at + 1; return new;'],
    ['a fraction', 'findings', 'new.numeric_severity := new.numeric_severity / 1.0000000001; return new;'],
    ['a null', 'jobs', 'new.lease_owner := null; return new;'],
    ['a row that is gone', 'agent_tags', `if new.key = 'team' then return null; end if; return new;`],
  ])('%s', async (_, table, body) => {
    const [directory, url] = [copyOf(source), await newDatabase()];
    await onInsert(url, table, body);
    const { status, stdout, stderr } = await ended(move(directory, url));
    expect(stderr).toMatch(`assay: What the database holds of ${table} is not what the file holds.`);
    expect(stdout).toMatch(new RegExp(`^  ${table} .* different: `, 'm'));
    expect(stdout).toMatch(/^ {2}scopes .* same$/m);
    expect(stdout).not.toContain('Next:');
    expect(status).toBe(2);
    await expect(openStore({ url })).rejects.toThrow('that is not finished');
    await query(url, `drop trigger odd on ${table}`);
    expect(await ended(move(directory, url))).toMatchObject({ status: 0, stderr: '' });
    await (await openStore({ url })).close();
  });
});

describe('a move that ends in the middle', () => {
  test('by kill: no server opens what is there, and the next move begins anew', async () => {
    const [directory, url] = [copyOf(source), await newDatabase()];
    const { resume } = await stopAt(url, 'runs');
    const child = move(directory, url);
    await untilWaiting(url);
    child.kill('SIGKILL');
    expect(await ended(child)).toMatchObject({ status: null, stdout: '' });
    await resume();
    await expect(openStore({ url })).rejects.toThrow('that is not finished');
    expect(await ended(assay(['export', '--data-dir', directory, '--database-url', url]))).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^assay: A store was being moved into this database, and that is not finished\./),
    });
    expect(await ended(move(directory, url))).toMatchObject({ status: 0, stderr: '' });
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('by %s: the database is an empty store', async (signal) => {
    const [directory, url] = [copyOf(source), await newDatabase()];
    const { resume } = await stopAt(url, 'runs');
    const child = move(directory, url);
    await untilWaiting(url);
    child.kill(signal);
    expect(await ended(child)).toEqual({
      status: 2,
      stdout: '',
      stderr: 'assay: Nothing was moved: it was interrupted. The database is left empty.\n',
    });
    await resume();
    const store = await openStore({ url });
    expect(await store.accessKeys.list()).toEqual([]);
    await store.close();
    expect(await ended(move(directory, url))).toMatchObject({ status: 0 });
  });

  test('by the database: what to do is said', async () => {
    const [directory, url] = [copyOf(source), await newDatabase()];
    const { resume } = await stopAt(url, 'runs');
    const child = move(directory, url);
    await untilWaiting(url);
    await query(url, `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and not granted`);
    const { status, stderr } = await ended(child);
    expect(stderr).toMatch(/^assay: The database .* went away in the middle of it: .*\. Run the command again/);
    expect(status).toBe(2);
    await resume();
    expect(await ended(move(directory, url))).toMatchObject({ status: 0 });
  });
});

describe('is refused', () => {
  const refusal = async (directory: string, url: string): Promise<string> => {
    const { status, stdout, stderr } = await ended(move(directory, url));
    expect(status).toBe(2);
    expect(stdout).toBe('');
    return stderr;
  };

  test('into a database with rows', async () => {
    const [directory, url] = [copyOf(source), await newDatabase()];
    const store = await openStore({ url });
    await store.scopes.idOf({ account: '123456789012', region: 'us-east-1' });
    await store.close();
    expect(await refusal(directory, url)).toMatch(/^assay: The database is not empty: the table scopes has rows\./);
    expect(await query(url, 'select account from scopes')).toEqual([{ account: '123456789012' }]);
  });

  test('into a database of something else, which is left alone', async () => {
    const [directory, url] = [copyOf(source), await newDatabase()];
    await query(url, 'create table guests (name text)');
    expect(await refusal(directory, url)).toMatch(
      /^assay: The database holds tables of something else, such as guests\./,
    );
    expect(await query(url, `select count(*) from pg_tables where schemaname = 'public'`)).toEqual([{ count: '1' }]);
  });

  test('into tables that are not those of the file', async () => {
    const [directory, url] = [copyOf(source), await newDatabase()];
    await (await openStore({ url })).close();
    await query(url, 'alter table scopes add column more text');
    expect(await refusal(directory, url)).toMatch(/only the database has scopes\.more of type text/);
    await (await openStore({ url })).close();
  });

  test('into a database that is not in UTF8', async () => {
    const url = siblingUrl(maintenance, `test_${randomBytes(8).toString('hex')}`);
    await query(
      maintenance,
      `create database "${new URL(url).pathname.slice(1)}" template template0 encoding latin1
      locale_provider libc locale 'C'`,
    );
    onTestFinished(() => dropDatabase(maintenance, url));
    expect(await refusal(copyOf(source), url)).toMatch(/^assay: The database keeps its texts in LATIN1\./);
  });

  test('while a server runs on the file, or on the database', async () => {
    const [directory, url] = [copyOf(source), await newDatabase()];
    const one = await startTestServer({ jobs: false, service: { directory: openDataDirectory(directory) } });
    expect(await one.service.store.takeOver()).toBe(true);
    expect(await refusal(directory, url)).toMatch(/^assay: A server runs on the store\. Stop it first/);
    await one.stop({ keep: true });
    const there = openDataDirectory(newDataDirectory(), url);
    const other = await startTestServer({ jobs: false, service: { directory: there } });
    expect(await other.service.store.takeOver()).toBe(true);
    expect(await refusal(directory, url)).toMatch(/^assay: A server works on the database/);
    await other.stop();
  });

  test('while another command writes to the file', async () => {
    const [directory, url] = [copyOf(source), await newDatabase()];
    const file = new DatabaseSync(join(directory, 'assay.db'));
    file.exec('begin immediate');
    expect(await refusal(directory, url)).toMatch(/^assay: Another command works on the store\./);
    file.close();
  });

  test('of a store, or into one, of a newer version', async () => {
    const [directory, url] = [copyOf(source), await newDatabase()];
    await (await openStore({ url })).close();
    await query(url, 'update schema_version set version = 99');
    expect(await refusal(directory, url)).toMatch(
      /^assay: The database: This store is of version 99; .*Run a newer Assay\./,
    );
    const file = new DatabaseSync(join(directory, 'assay.db'));
    file.exec('update schema_version set version = 98');
    file.close();
    expect(await refusal(directory, url)).toMatch(
      /^assay: The file: This store is of version 98; .*Run a newer Assay\./,
    );
  });

  test('of texts that PostgreSQL cannot hold, which are named', async () => {
    const [directory, url] = [copyOf(source), await newDatabase()];
    const file = new DatabaseSync(join(directory, 'assay.db'));
    file.exec(`update agents set hostname = 'a' || char(0) || 'b' where scope = 7777778`);
    file.exec(`update targets set name = cast(x'61ff' as text) where scope = 7777779`);
    file.close();
    const said = await refusal(directory, url);
    expect(said).toMatch(/^assay: PostgreSQL cannot hold all texts of this store, and nothing was moved:\n/);
    expect(said).toMatch(/^ {2}hostname of agents where id .+: it has a NUL character$/m);
    expect(said).toMatch(/^ {2}name of targets where scope 7777779, id .*: it is no UTF-8$/m);
    expect(said.split('\n')).toHaveLength(5);
    await (await openStore({ url })).close();
  });

  test('from a directory without a store, and to nowhere', async () => {
    const empty = newDataDirectory();
    expect(await refusal(empty, 'postgres://localhost/x')).toMatch(/^assay: There is no store in /);
    expect(await ended(assay(['migrate-store', '--data-dir', source]))).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^assay: Say where to: --database-url /),
    });
  });
});

test('the file is as it was, and nobody writes to it meanwhile', async () => {
  const [directory, url] = [copyOf(source), await newDatabase()];
  const before = readFileSync(join(directory, 'assay.db'));
  const { resume } = await stopAt(url, 'runs');
  const child = move(directory, url);
  await untilWaiting(url);
  const file = new DatabaseSync(join(directory, 'assay.db'), { timeout: 0 });
  expect(() => file.exec(`delete from runs`)).toThrow('database is locked');
  file.close();
  await resume();
  expect(await ended(child)).toMatchObject({ status: 0 });
  expect(readFileSync(join(directory, 'assay.db')).equals(before)).toBe(true);
});

interface Moved {
  readonly same: boolean;
  readonly rows: number;
  readonly tables: readonly {
    readonly table: string;
    readonly source: { readonly rows: number };
    readonly target: { readonly rows: number };
  }[];
}

/** What every operation that reads says. */
async function answersOf(server: TestServer): Promise<Record<string, unknown>> {
  const all: Record<string, unknown> = {};
  const ask = async (operation: string, input: object): Promise<Readonly<Record<string, unknown>>> => {
    const { status, text, body } = await rawRequest(server, operation, input);
    expect(status, `${operation}: ${text}`).toBe(200);
    all[`${operation} ${JSON.stringify(input)}`] = body;
    return body;
  };
  const described = [
    ['ListAssessmentTargets', 'assessmentTargetArns', 'DescribeAssessmentTargets'],
    ['ListAssessmentTemplates', 'assessmentTemplateArns', 'DescribeAssessmentTemplates'],
    ['ListAssessmentRuns', 'assessmentRunArns', 'DescribeAssessmentRuns'],
    ['ListFindings', 'findingArns', 'DescribeFindings'],
    ['ListExclusions', 'exclusionArns', 'DescribeExclusions'],
    ['ListRulesPackages', 'rulesPackageArns', 'DescribeRulesPackages'],
  ] as const;
  for (const name of listNames) {
    const body = await ask(name, { ...every.inputs[name], maxResults: 500 });
    const [, member = '', describe] = described.find(([list]) => list === name) ?? [];
    if (describe) await ask(describe, { [member]: (body[member] as string[]).slice(0, 100) });
  }
  await ask('ListAssessmentRuns', { filter: { namePattern: '*night*', states: ['COMPLETED'] }, maxResults: 500 });
  await ask('ListFindings', { filter: { severities: ['High'], userAttributes: [{ key: 'team' }] }, maxResults: 500 });
  await ask('ListTagsForResource', { resourceArn: every.template });
  await ask('GetTelemetryMetadata', { assessmentRunArn: every.run });
  await ask('DescribeCrossAccountAccessRole', {});
  return all;
}

const copyOf = (directory: string): string => {
  const copy = newDataDirectory();
  mkdirSync(copy, { recursive: true });
  cpSync(directory, copy, { recursive: true });
  return copy;
};

function tablesOf(directory: string): unknown[] {
  const file = new DatabaseSync(join(directory, 'assay.db'), { readOnly: true });
  const text = `select name from sqlite_schema where type = 'table' and name not like 'sqlite%' order by name`;
  const names = file.prepare(text).all();
  file.close();
  return names.map(({ name }) => name).filter((name) => name !== 'schema_version');
}

const indexesOf = (url: string): Promise<unknown[]> =>
  query(url, `select indexdef from pg_indexes where schemaname = 'public' order by indexdef`);

async function newDatabase(): Promise<string> {
  const url = siblingUrl(maintenance, `test_${randomBytes(8).toString('hex')}`);
  await createDatabase(maintenance, url);
  made.push(url);
  return url;
}
const made: string[] = [];
afterAll(async () => {
  for (const url of made) await dropDatabase(maintenance, url);
});

async function query(url: string, text: string, ...values: unknown[]): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text, values)).rows;
  } finally {
    await client.end();
  }
}

/** Makes the tables, and has the database change what is written into one of them. */
async function onInsert(url: string, table: string, body: string): Promise<void> {
  await (await openStore({ url })).close();
  await query(url, `create function odd() returns trigger language plpgsql as $$ begin ${body} end $$`);
  await query(url, `create trigger odd before insert on ${table} for each row execute function odd()`);
}

/** Has whoever writes into the table wait, until they may go on. */
async function stopAt(url: string, table: string): Promise<{ resume: () => Promise<void> }> {
  await onInsert(url, table, 'perform pg_advisory_xact_lock_shared(42); return new;');
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query('select pg_advisory_lock(42)');
  return { resume: () => client.end() };
}

async function untilWaiting(url: string): Promise<void> {
  const text = `select 1 from pg_locks where locktype = 'advisory' and objid = 42 and not granted`;
  while ((await query(url, text)).length === 0) await delay(20);
}

const move = (directory: string, url: string, ...more: string[]): ChildProcess =>
  assay(['migrate-store', '--data-dir', directory, '--database-url', url, ...more]);

function assay(args: readonly string[]): ChildProcess {
  const { ASSAY_DATA_DIR: _, ASSAY_DATABASE_URL: __, ...env } = process.env;
  return spawn(process.execPath, [assayProgram, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
}

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function ended(child: ChildProcess): Promise<Ended> {
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('close', (status) => resolve({ status, ...output }));
  });
}
