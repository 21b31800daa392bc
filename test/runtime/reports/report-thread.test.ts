import { expect, test } from 'vitest';
import { makeReportInThread } from '../../../packages/server/src/runtime/reports/report-thread.ts';
import { openStore } from '../../../packages/server/src/store/store.ts';
import { REPORT_CHUNK, type Report } from '../../../packages/server/src/store/tables/reports.ts';
import { closing, temporaryStore } from '../../store/open-temporary.ts';
import { given, historicRun, newId, someFinding } from '../../support/scenario.ts';
import { wholeHtmlReport } from '../../support/whole-html-report.ts';

const go = new AbortController().signal;

/** A run whose report has several chunks, and what makes it. */
async function largeRun() {
  const location = await temporaryStore();
  const store = closing(await openStore(location), (each) => each.close());
  const scope = await store.scopes.idOf({ account: '123456789012', region: 'us-east-1' });
  const parents = { target: newId(), template: newId() };
  const run = historicRun({ ...parents, rulesPackages: await store.rulesPackageSets.idOf([]) });
  await store.runs.insertMany(scope, [run]);
  await store.findings.insertMany(
    scope,
    Array.from({ length: 1000 }, (_, at) => someFinding({ ...parents, run: run.id, rule: `Rule ${at}` })),
  );
  const wanted = { run: run.id, type: 'FINDING', format: 'HTML' } as const;
  await store.reports.ask(scope, { ...wanted, id: 'a'.repeat(32), createdAt: 1 });
  const report = given(await store.reports.find(scope, wanted));
  const make = makeReportInThread({ store: location, masterKey: Buffer.alloc(32, 1) });
  return { report, make: (of: Report, stop = go) => make(scope, of, stop) };
}

test('every chunk but the last is full, and the same report has the same bytes', async () => {
  const { report, make } = await largeRun();
  const texts: string[] = [];
  for (let times = 0; times < 2; times++) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of make(report)) chunks.push(chunk);
    expect(chunks.length).toBeGreaterThan(2);
    expect(chunks.slice(0, -1).map(({ length }) => length)).toEqual(chunks.slice(1).map(() => REPORT_CHUNK));
    texts.push(Buffer.concat(chunks).toString());
  }
  expect(texts[0]).toMatch(wholeHtmlReport);
  expect(texts[1]).toBe(texts[0]);
});

test('stopped while it is made, it is no report', async () => {
  const { report, make } = await largeRun();
  const stop = new AbortController();
  const chunks: Uint8Array[] = [];
  const making = async (): Promise<void> => {
    for await (const chunk of make(report, stop.signal)) {
      chunks.push(chunk);
      stop.abort();
    }
  };
  await expect(making()).rejects.toThrow(/ended before it was made/);
  expect(chunks.length).toBeLessThan(3);
  await expect(making()).rejects.toThrow(/abort/);
});

test('left early, its thread is gone; what goes wrong in one is told', async () => {
  const { report, make } = await largeRun();
  for await (const chunk of make(report)) {
    expect(chunk.length).toBe(REPORT_CHUNK);
    break;
  }
  const nothing = make({ ...report, run: '0-00000000' });
  await expect(nothing[Symbol.asyncIterator]().next()).rejects.toThrow('There is no run 0-00000000');
});
