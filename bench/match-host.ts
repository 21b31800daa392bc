/** One host of 868 packages against all of Debian's advisories, and debsecan and oscap over the same data in the same run. */
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { openAdvisories } from '../packages/server/src/feeds/index/open-advisories.ts';
import { commonVulnerabilitiesAndExposures } from '../packages/server/src/rules/common-vulnerabilities-and-exposures/index.ts';
import { dataHost, workstation } from '../test/support/accuracy/data-host.ts';
import { debianIndex, missing, records, status, tools } from './debian-index.ts';
import { percentile, type Report, type Row } from './report.ts';

const ROUNDS = 9;
/** Programs of the system, each measured where it is installed. */
const [DEBSECAN, UNSHARE] = ['debsecan', 'unshare'] as const;
const AT = Date.UTC(2025, 1, 12);

export async function matchHost(): Promise<Report> {
  const bench = "match-host: 868 packages against all of Debian's advisories of 2025-02-12";
  const columns = ['ms', 'CVEs'];
  const ratio = "times the floor's time";
  if (missing) {
    console.error(`match-host: not measured, ${missing} is not there`);
    return { bench, columns, floor: { label: 'not measured: no data', values: [0, 0] }, rows: [], ratio };
  }
  const folder = mkdtempSync(join(tmpdir(), 'assay-bench-'));
  try {
    const file = await debianIndex(folder);
    const peers = [debsecan(folder), oscap(folder)].flatMap((row) => row ?? []);
    const own = [measure('opened and judged', () => once(file)), again(file)];
    const [floor, ...rest] = [...peers, ...own];
    return { bench, columns, floor: floor ?? { label: 'nothing', values: [0, 0] }, rows: rest, ratio };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The first host of a process: the index opened, every finding made with its texts. */
function once(file: string): number {
  const advisories = openAdvisories(file);
  try {
    const evidence = dataHost(workstation);
    const verdicts = commonVulnerabilitiesAndExposures.evaluate(evidence, { advisories, at: AT });
    return verdicts.filter(({ outcome }) => outcome === 'FINDING').length;
  } finally {
    advisories.close();
  }
}

/** A host of a kind that was judged before. */
function again(file: string): Row {
  const advisories = openAdvisories(file);
  const judge = (): number =>
    commonVulnerabilitiesAndExposures
      .evaluate(dataHost(workstation), { advisories, at: AT })
      .filter(({ outcome }) => outcome === 'FINDING').length;
  judge();
  try {
    return measure('judged, of a kind that was judged before', judge);
  } finally {
    advisories.close();
  }
}

function measure(label: string, work: () => number): Row {
  let cves = 0;
  const times = Array.from({ length: ROUNDS }, () => {
    const begin = performance.now();
    cves = work();
    return performance.now() - begin;
  });
  return { label, values: [percentile(times, 0.5), cves] };
}

function debsecan(folder: string): Row | undefined {
  const data = join(folder, 'debsecan');
  mkdirSync(data);
  if (!convert(DEBSECAN, ['osv_to_debsecan.py', records, 'Debian:12', join(data, 'bookworm')])) return undefined;
  const args = ['--source', `file://${data}/`, '--suite', 'bookworm', '--status', status, '--format', 'simple'];
  return measure('debsecan, (CVE, package) pairs deduplicated', () => {
    const lines = execFileSync(DEBSECAN, args, { encoding: 'utf8', maxBuffer: 2 ** 28 }).split('\n');
    return new Set(lines.map((line) => line.split(' ')[0]).filter(Boolean)).size;
  });
}

/** oscap reads the packages of the host that it runs on: the status file is bound over its own in a mount namespace. */
function oscap(folder: string): Row | undefined {
  const definitions = join(folder, 'debian.xml');
  if (!convert('oscap', ['osv_to_oval.py', records, 'Debian:12', definitions, status])) return undefined;
  const copy = join(folder, 'status');
  copyFileSync(status, copy);
  const command = `mount --bind ${copy} /var/lib/dpkg/status && exec oscap oval eval ${definitions}`;
  const run = () => spawnSync(UNSHARE, ['-m', 'sh', '-c', command], { encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (!/Definition /.test(run().stdout)) {
    console.error('match-host: oscap not measured, it cannot be given another host (it takes root)');
    return undefined;
  }
  return measure('oscap oval eval', () => run().stdout.match(/^Definition .*: true$/gm)?.length ?? 0);
}

/** Says so where the peer, or what writes its input, is not installed. */
function convert(peer: string, [script = '', ...args]: readonly string[]): boolean {
  const path = join(tools, script);
  const there = existsSync(path) && spawnSync('sh', ['-c', `command -v ${peer}`]).status === 0;
  // python3-apt is the system's, whatever python3 comes first.
  const pythons = ['/usr/bin/python3', 'python3'];
  const made = there && pythons.some((python) => spawnSync(python, [path, ...args], { stdio: 'ignore' }).status === 0);
  if (!made) console.error(`match-host: ${peer} not measured, it or ${script} (python3-apt) is not installed`);
  return made;
}
