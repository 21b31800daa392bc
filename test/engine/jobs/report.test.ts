import { setImmediate as nextTurn } from 'node:timers/promises';
import { beforeEach, expect, test } from 'vitest';
import { type MakeReport, report } from '../../../packages/server/src/engine/jobs/report.ts';
import type { StoreLocation } from '../../../packages/server/src/store/database/store-location.ts';
import { openStore, type Store } from '../../../packages/server/src/store/store.ts';
import { REPORT_CHUNK, type Report } from '../../../packages/server/src/store/tables/reports.ts';
import { closing, temporaryStore } from '../../store/open-temporary.ts';
import { askStore } from '../../support/ask-store.ts';
import { given, historicRun, newId } from '../../support/scenario.ts';

let location: StoreLocation;
let store: Store;
let scope: number;
let run: string;
const wanted = { type: 'FULL', format: 'HTML' } as const;
const [target, template] = [newId(), newId()];
const go = new AbortController().signal;

beforeEach(async () => {
  location = await temporaryStore();
  store = closing(await openStore(location), (each) => each.close());
  scope = await store.scopes.idOf({ account: '123456789012', region: 'us-east-1' });
  const rulesPackages = await store.rulesPackageSets.idOf([]);
  const made = historicRun({ target, template, rulesPackages });
  await store.runs.insertMany(scope, [made]);
  run = made.id;
  await ask();
});

const ask = (id = 'a'.repeat(32), type: Report['type'] = 'FULL'): Promise<void> =>
  store.reports.ask(scope, { ...wanted, type, id, run, createdAt: 1 });
const found = async (): Promise<Report> => given(await store.reports.find(scope, { ...wanted, run }));

const chunks = async (): Promise<unknown> =>
  (await askStore(location, 'select count(*) as n from report_chunks'))[0]?.[0]?.n;

async function read(made: Report): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of store.reports.read(scope, made)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** A server's job over this store; `between` is what happens before each chunk but the first. */
const server = (chunks: readonly string[], between: (at: number) => Promise<void> | void = () => undefined) => {
  const make: MakeReport = async function* () {
    for (const [at, chunk] of chunks.entries()) {
      if (at > 0) await between(at);
      yield Buffer.from(chunk);
    }
  };
  return report({ store, make, now: () => 1000 }).run;
};

test('a report is COMPLETED with its last chunk, and its bytes are those that were made', async () => {
  const seen: [string, number][] = [];
  const look = async (): Promise<void> => {
    const { status, size } = await found();
    seen.push([status, size]);
  };
  const bytes = ['a'.repeat(REPORT_CHUNK), 'b'.repeat(REPORT_CHUNK), 'c'];
  expect(await server(bytes, look)({ scope, subject: run }, go)).toEqual({ done: true });
  // A chunk is kept once it is known that it is not the last.
  expect(seen).toEqual([
    ['WORK_IN_PROGRESS', 0],
    ['WORK_IN_PROGRESS', REPORT_CHUNK],
  ]);
  const made = await found();
  expect(made).toMatchObject({ status: 'COMPLETED', size: 2 * REPORT_CHUNK + 1, finishedAt: 1000, error: null });
  expect(await read(made)).toBe(bytes.join(''));
});

test('what was half-written goes when it is made again', async () => {
  const broken = server(['one', 'two', 'three'], (at) => {
    if (at === 2) throw new Error('no');
  });
  await expect(broken({ scope, subject: run }, go)).rejects.toThrow('no');
  expect(await found()).toMatchObject({ status: 'WORK_IN_PROGRESS', size: 3, error: 'Error: no' });
  expect(await server(['x', 'yz'])({ scope, subject: run }, go)).toEqual({ done: true });
  const made = await found();
  expect([made.size, await read(made)]).toEqual([3, 'xyz']);
});

test('a server whose job was taken over adds nothing to what the other makes, and leaves the rest to it', async () => {
  await ask('b'.repeat(32), 'FINDING');
  const other = server(['new ', 'bytes']);
  const slow = server(['old ', 'stale ', 'end'], async (at) => {
    if (at === 1) expect(await other({ scope, subject: run }, go)).toEqual({ done: true });
  });
  expect(await slow({ scope, subject: run }, go)).toEqual({ done: false, notBefore: 1200 });
  expect(await read(await found())).toBe('new bytes');
  expect(await store.reports.pending(scope, run)).toEqual([]);
});

test('so too while the other is still at it', async () => {
  let slowly: unknown;
  const slow = server(['old ', 'stale ', 'end'], async (at) => {
    if (at === 1) slowly = await other({ scope, subject: run }, go);
  });
  const third = server(['last ', 'word']);
  const other = server(['new ', 'bytes'], async () => {
    expect(await third({ scope, subject: run }, go)).toEqual({ done: true });
  });
  expect(await slow({ scope, subject: run }, go)).toEqual({ done: false, notBefore: 1200 });
  expect(slowly).toEqual({ done: false, notBefore: 1200 });
  expect(await read(await found())).toBe('last word');
});

test('deleted with its run while it is made, nothing of it is left', async () => {
  const deleted = server(['one', 'two', 'three'], async (at) => {
    if (at === 2) await store.transaction(({ reports }) => reports.delete(scope, { run }));
  });
  const before = await found();
  expect((await deleted({ scope, subject: run }, go)).done).toBe(false);
  expect(await store.reports.find(scope, { ...wanted, run })).toBeUndefined();
  await expect(read({ ...before, size: 3 })).rejects.toThrow(/was deleted while it was read, 0 of 3 bytes in/);
  expect(await deleted({ scope, subject: run }, go)).toEqual({ done: true });
});

test('given up, nothing of it is left; asked for again it is made from its first byte', async () => {
  await expect(
    server(['one', 'two'], () => {
      throw new Error('no');
    })({ scope, subject: run }, go),
  ).rejects.toThrow('no');
  const making = given(await store.transaction(({ reports }) => reports.begin(scope, 'a'.repeat(32))));
  await store.transaction(({ reports }) => reports.append(scope, making, Buffer.from('one')));
  await store.transaction(({ reports }) => reports.failPending(scope, run, 5));
  expect(await found()).toMatchObject({ status: 'FAILED', size: 0 });
  expect(await chunks()).toBe(0);
  await ask('c'.repeat(32));
  expect(await server(['again'])({ scope, subject: run }, go)).toEqual({ done: true });
  expect(await read(await found())).toBe('again');
});

test('a report that is COMPLETED stays as it is, whoever asks for it or makes it', async () => {
  await server(['one'])({ scope, subject: run }, go);
  await ask('d'.repeat(32));
  expect(await server(['two'])({ scope, subject: run }, go)).toEqual({ done: true });
  const making = { id: 'a'.repeat(32), making: 1 };
  const more = Buffer.from('more');
  expect(await store.transaction(({ reports }) => reports.begin(scope, making.id))).toBeUndefined();
  expect(await store.transaction(({ reports }) => reports.append(scope, making, more))).toBe(false);
  expect(await store.transaction(({ reports }) => reports.complete(scope, making, more, 9))).toBe(false);
  await store.reports.noteError(scope, making.id, 'late');
  expect(await found()).toMatchObject({ size: 3, error: null, finishedAt: 1000 });
  expect(await read(await found())).toBe('one');
});

test('chunks have bytes, and not too many', async () => {
  const making = given(await store.transaction(({ reports }) => reports.begin(scope, 'a'.repeat(32))));
  for (const size of [0, REPORT_CHUNK + 1]) {
    await expect(
      store.transaction(({ reports }) => reports.append(scope, making, new Uint8Array(size))),
    ).rejects.toThrow(`A chunk of a report has ${size} bytes`);
  }
  await expect(server([])({ scope, subject: run }, go)).rejects.toThrow('The report has no bytes');
});

test('stopped while it is made, it is given back and nothing is noted', async () => {
  const stop = new AbortController();
  const stopped = server(['one', 'two'], () => {
    stop.abort();
    throw new Error('ended');
  });
  expect(await stopped({ scope, subject: run }, stop.signal)).toEqual({ done: false, notBefore: 1000 });
  expect(await found()).toMatchObject({ status: 'WORK_IN_PROGRESS', error: null });
});

test('of servers that make it at once, what is kept is whole and of one of them', async () => {
  const [letters, length] = [['a', 'b', 'c', 'd'], 6];
  const jobs = letters.map((letter) => server(Array.from({ length }, () => letter.repeat(1000))));
  // Who began last gets through: nobody begins after it.
  await Promise.all(jobs.map((job) => job({ scope, subject: run }, go)));
  const made = await found();
  expect(made).toMatchObject({ status: 'COMPLETED', size: length * 1000 });
  expect(letters.map((letter) => letter.repeat(length * 1000))).toContain(await read(made));
});

test('deleted while several make it, nothing of it is left', async () => {
  const jobs = ['a', 'b', 'c'].map((letter) => server(Array.from({ length: 6 }, () => letter.repeat(1000))));
  const work = jobs.map((job) => job({ scope, subject: run }, go));
  const size = async (): Promise<number> => (await found()).size;
  while ((await size()) === 0) await nextTurn();
  await store.transaction(({ reports }) => reports.delete(scope, { run }));
  await Promise.all(work);
  expect(await store.reports.find(scope, { ...wanted, run })).toBeUndefined();
  expect(await chunks()).toBe(0);
});
