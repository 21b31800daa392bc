/** Reports of 10,000 findings, made in their thread and kept in the store, against reading the same rows and writing as many bytes. */
import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Verdict } from '../packages/server/src/domain/rules-package.ts';
import { report as makeReports } from '../packages/server/src/engine/jobs/report.ts';
import { makeReportInThread } from '../packages/server/src/runtime/reports/report-thread.ts';
import { openStore, type Store } from '../packages/server/src/store/store.ts';
import { openReportReader } from '../packages/server/src/store/tables/report-reader.ts';
import { percentile, type Report, type Row } from './report.ts';
import { sampleScope, withSampleDirectory } from './sample-directory.ts';

const RULES = 100;
const HOSTS = 100;
const TIMES = 5;
const RUN = '0-bench000';
const PACKAGE = 'arn:aws:inspector:us-east-1:316112463485:rulespackage/0-R01qwB5Q';

export const assessmentReport = (): Promise<Report> =>
  withSampleDirectory(0, async (directory) => {
    const storeFile = join(directory, 'assay.db');
    const store = await openStore({ file: storeFile });
    const scope = await fill(store);
    const make = makeReports({
      store,
      make: makeReportInThread({ store: { file: storeFile }, masterKey: Buffer.alloc(32) }),
      now: Date.now,
    });
    const wanted = (['HTML', 'PDF'] as const).flatMap((format) =>
      (['FINDING', 'FULL'] as const).map((type) => ({ run: RUN, format, type })),
    );
    const rows: Row[] = [];
    let largest = 0;
    for (const each of wanted) {
      const ask = async (): Promise<void> => {
        await store.transaction(({ reports }) => reports.delete(scope, { run: RUN }));
        await store.reports.ask(scope, { ...each, id: '0'.repeat(32), createdAt: 0 });
      };
      const row = await measure(`${each.format}, ${each.type}`, ask, async () => {
        await make.run({ scope, subject: RUN }, new AbortController().signal);
      });
      const made = await store.reports.find(scope, each);
      if (made?.status !== 'COMPLETED') throw new Error(`A report was not made: ${made?.error}`);
      largest = Math.max(largest, made.size);
      rows.push({ ...row, values: [...row.values, made.size / 1e6] });
    }
    const floor = await measure('the same rows read, a file as large as the largest report written', nothing, () =>
      readAndWrite(storeFile, scope, join(directory, 'floor'), Buffer.alloc(largest, 'x')),
    );
    await store.close();
    return {
      bench: `assessment-report: ${(RULES * HOSTS).toLocaleString('en-US')} findings on ${HOSTS} hosts, ${TIMES} times`,
      columns: ['median ms', 'slowest ms', 'process grew MB', 'main thread held ms', 'report MB'],
      floor: { ...floor, values: [...floor.values, largest / 1e6] },
      rows,
      ratio: "times the floor's",
    };
  });

/** Times, the most that the process's resident memory grew, and the longest that its main thread was not free. */
async function measure(label: string, prepare: () => Promise<void>, work: () => Promise<void>): Promise<Row> {
  const times: number[] = [];
  let held = 0;
  let grown = 0;
  for (let index = 0; index < TIMES; index++) {
    await prepare();
    const before = process.memoryUsage().rss;
    const begin = performance.now();
    let last = begin;
    const look = (): void => {
      const now = performance.now();
      held = Math.max(held, now - last - 5);
      last = now;
      grown = Math.max(grown, process.memoryUsage().rss - before);
    };
    const watch = setInterval(look, 5);
    await work();
    look();
    clearInterval(watch);
    times.push(performance.now() - begin);
  }
  return { label, values: [percentile(times, 0.5), Math.max(...times), grown / 1e6, held] };
}

const nothing = async (): Promise<void> => undefined;

async function readAndWrite(storeFile: string, scope: number, path: string, bytes: Uint8Array): Promise<void> {
  const reader = await openReportReader({ file: storeFile });
  let read = 0;
  for await (const _ of reader.evaluations.streamOfRun(scope, RUN)) read++;
  for await (const _ of reader.findings.streamOfRun(scope, RUN)) read++;
  await reader.close();
  if (read !== HOSTS + RULES * HOSTS) throw new Error(`${read} rows were read`);
  const file = openSync(path, 'w');
  writeSync(file, bytes);
  fsyncSync(file);
  closeSync(file);
  rmSync(path);
}

async function fill(store: Store): Promise<number> {
  const scope = await store.scopes.idOf(sampleScope);
  const [target, template] = ['0-target00', '0-templat0'];
  await store.runs.insertMany(scope, [
    {
      id: RUN,
      target,
      template,
      name: 'the run that the bench reports',
      state: 'COMPLETED',
      duration: 3600,
      rulesPackages: await store.rulesPackageSets.idOf([PACKAGE]),
      userAttributes: [],
      createdAt: 0,
      startedAt: 0,
      completedAt: 1,
      stateChangedAt: 1,
      dataCollected: true,
      findingCounts: { Medium: RULES * HOSTS },
      stateChanges: [{ at: 1, state: 'COMPLETED' }],
      notifications: [],
      imported: false,
    },
  ]);
  const agents = Array.from({ length: HOSTS }, (_, at) => `i-${String(at).padStart(17, '0')}`);
  await store.runAgents.insertMany(scope, RUN, agents);
  const rules = Array.from({ length: RULES }, (_, at) => at);
  await store.transaction(async (tables) => {
    for (const [host, agent] of agents.entries()) {
      await tables.evaluations.insert(scope, RUN, {
        agent,
        rulesPackage: PACKAGE,
        verdicts: rules.map((rule) => verdict(rule, host)),
        evaluatedAt: 1,
      });
      await tables.findings.insertMany(
        scope,
        rules.map((rule, verdict) => ({
          verdict,
          id: `0-${String(host * RULES + rule).padStart(8, '0')}`,
          target,
          template,
          run: RUN,
          agent,
          autoScalingGroup: null,
          rulesPackage: PACKAGE,
          rule: `Rule ${rule}`,
          severity: 'Medium' as const,
          numericSeverity: 6,
          document: {
            ...detailsOf(rule),
            assetAttributes: { schemaVersion: 1, agentId: agent, hostname: `host-${host}.example.org` },
            attributes: [{ key: 'INSTANCE_ID', value: agent }],
            userAttributes: [],
          },
          createdAt: 1,
          updatedAt: 1,
        })),
      );
    }
  });
  return scope;
}

const detailsOf = (rule: number) => ({
  title: `Rule ${rule} found that this host lets others do what they should not`,
  description: `On this host setting number ${rule} is not as it should be: whoever can reach it may do what is meant for its owner alone, and nobody would notice.`,
  recommendation: `Set number ${rule} to no in /etc/example/example.conf, and load it again with systemctl reload example.`,
});

const verdict = (rule: number, host: number): Verdict => ({
  ruleId: `Rule ${rule}`,
  outcome: 'FINDING',
  observations: [
    {
      source: `/etc/example/example.conf:${rule + host}`,
      observed: `setting${rule} yes, for addresses 10.0.${host}.0/24`,
      expected: `setting${rule} no`,
    },
    {
      source: `/etc/example/example.conf.d/${host}-local.conf`,
      observed: 'nothing that comes before it and would decide for every address that no segment names',
    },
  ],
  finding: { ...detailsOf(rule), severity: 'Medium', attributes: [] },
});
