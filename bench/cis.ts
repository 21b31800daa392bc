/** CIS: what the server needs for each host's results, and what the agent adds to oscap, beside what they cannot do without. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { gzipSync } from 'node:zlib';
import { readTestResult } from '@assay/agent/collect/scap-results/read-test-result.ts';
import { runOscap } from '@assay/agent/collect/scap-results/run-oscap.ts';
import { openHost } from '@assay/agent/open-host.ts';
import { isSlowRule } from '../packages/server/src/domain/slow-rules.ts';
import { judgeOrder } from '../packages/server/src/engine/judging/judge-order.ts';
import { unpackEvidence } from '../packages/server/src/engine/judging/load-evidence.ts';
import { catalogOf } from '../packages/server/src/engine/judging/rules-package-catalog.ts';
import { cisBenchmarks } from '../packages/server/src/rules/cis-operating-system-security-configuration-benchmarks/index.ts';
import { noOscap } from '../test/support/oscap-root.ts';
import { add, newContentDirectory, openCurrent, scapEvidence } from '../test/support/scap.ts';
import { sharedFile } from '../test/support/shared-data.ts';
import { unpackXz } from '../test/support/unpacked-xz.ts';
import { peakOfChildren } from './peak-of-children.ts';
import { percentile, type Report } from './report.ts';

const HOSTS = 1000;
const ROUNDS = 3;
const PROFILE = 'xccdf_org.ssgproject.content_profile_cis_level1_server';
const ratio = "times the floor's time";
const stream = sharedFile('data/scap/content/ssg-debian12-ds.xml.xz');
const sample = sharedFile('data/scap/debian12-minimal-server.cis_level1_server.TestResult-only.xml.xz');

const unmeasured = (bench: string, why: string): Report => {
  console.error(`${bench}: not measured, ${why}`);
  return { bench, columns: ['ms'], floor: { label: 'not measured', values: [0] }, rows: [], ratio };
};

/** The verdicts, findings and exclusions of real results of Debian 12, as they are stored. */
export async function cisJoin(): Promise<Report> {
  const bench = `cis-join: results of ${HOSTS.toLocaleString('en-US')} hosts, 403 rules and 111 findings each`;
  if (stream.absent) return unmeasured(bench, stream.absent);
  const directory = newContentDirectory();
  await add(directory, stream.file);
  const content = openCurrent(directory);
  const results = join(directory.work, 'results.xml');
  await unpackXz(sample.file, results);
  const [{ name = '', digest: sha256 = '' } = {}] = content.all;
  const evidence = scapEvidence(
    { id: 'debian', versionId: '12' },
    { name, sha256 },
    PROFILE,
    await readTestResult(results).then(({ results: said, values }) => ({
      results: said.map(({ definition: _, ...each }) => each),
      values,
    })),
  );
  const documents = (['osRelease', 'scapResults'] as const).map((kind) => ({
    kind,
    content: gzipSync(JSON.stringify(evidence[kind])),
  }));
  const [{ arn = '' } = {}] = catalogOf('us-east-1').filter(({ name: called }) => called === cisBenchmarks.name);
  const agent = { id: 'i-1', hostname: 'host', ipv4Address: null, tags: [] };
  const order = { region: 'us-east-1', agent, documents, rulesPackages: [arn], at: 1, userAttributes: [] };
  const floor: number[] = [];
  const joined: number[] = [];
  for (let host = 0; host < HOSTS; host++) {
    const begin = performance.now();
    await unpackEvidence(documents);
    const read = performance.now();
    await judgeOrder(order, { content });
    floor.push(read - begin);
    joined.push(performance.now() - read);
  }
  const row = (label: string, times: readonly number[]) => ({
    label,
    values: [times.reduce((sum, each) => sum + each) / HOSTS, percentile(times, 0.5), percentile(times, 0.99)],
  });
  return {
    bench,
    columns: ['ms a host', 'median', '99 %'],
    floor: row('results unpacked and parsed', floor),
    rows: [row('unpacked, parsed, judged and packed for the store', joined)],
    ratio,
  };
}

/** The fast pass over this host: everything but the rules that walk through its file system. */
export async function cisScan(): Promise<Report> {
  const bench = 'cis-scan: level 1 on this host, without the rules that walk through its files';
  const absent = stream.absent ?? noOscap;
  if (absent) return unmeasured(bench, absent);
  const folder = mkdtempSync(join(tmpdir(), 'assay-bench-'));
  try {
    const file = join(folder, 'ds.xml');
    await unpackXz(stream.file, file);
    const directory = newContentDirectory();
    const { added } = await add(directory, file);
    const skip = (added[0]?.profiles.find(({ id }) => id === PROFILE)?.rules ?? []).filter(isSlowRule);
    const agent = join(folder, 'agent');
    mkdirSync(agent);
    const host = await openHost();
    const [plain, ours, first]: [number[], number[], number[]] = [[], [], []];
    const [plainPeaks, ourPeaks]: [number[], number[]] = [[], []];
    for (let round = 0; round < ROUNDS; round++) {
      let begin = performance.now();
      const skipped = skip.flatMap((rule) => ['--skip-rule', rule]);
      const command = ['xccdf', 'eval', '--profile', PROFILE, '--skip-valid', '--progress', ...skipped];
      const given = [...command, '--results', join(folder, 'plain.xml'), file];
      plainPeaks.push(
        await peakOfChildren(() => once(spawn('oscap', given, { cwd: folder, stdio: 'ignore' }), 'close')),
      );
      plain.push(performance.now() - begin);
      begin = performance.now();
      let heard = 0;
      const options = { file, profile: PROFILE, rules: { skip }, timeoutMs: 600_000, details: false };
      const before = process.memoryUsage.rss();
      let grown = 0;
      const tree = await peakOfChildren(() =>
        runOscap(
          host,
          { directory: agent },
          {
            ...options,
            onResult: () => {
              if (heard === 0) heard = performance.now() - begin;
              grown = Math.max(grown, process.memoryUsage.rss() - before);
            },
          },
        ),
      );
      ours.push(performance.now() - begin);
      ourPeaks.push(tree + Math.max(grown, process.memoryUsage.rss() - before) / 1024 ** 2);
      first.push(heard);
    }
    const row = (label: string, times: readonly number[], peaks: readonly number[]) => ({
      label,
      values: [percentile(times, 0.5), Math.min(...times), peaks.length === 0 ? Number.NaN : Math.max(...peaks)],
    });
    return {
      bench,
      columns: ['median ms', 'fastest ms', 'peak MB'],
      floor: row('oscap by itself', plain, plainPeaks),
      rows: [
        row('oscap by the agent, with its results read', ours, ourPeaks),
        row('until the first result is told', first, []),
      ],
      ratio,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
