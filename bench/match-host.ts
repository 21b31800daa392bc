/** One host of 868 packages against all of Debian's advisories, and debsecan and oscap over the same data in the same run. */
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { Advisories } from '../packages/server/src/domain/advisories.ts';
import { openAdvisories } from '../packages/server/src/feeds/index/open-advisories.ts';
import { commonVulnerabilitiesAndExposures } from '../packages/server/src/rules/common-vulnerabilities-and-exposures/index.ts';
import { dataHost, workstation } from '../test/support/accuracy/data-host.ts';
import { assayProgram } from '../test/support/assay-program.ts';
import { sharedTools } from '../test/support/shared-data.ts';
import { debianIndex, missing, records, status } from './debian-index.ts';
import { percentile, type Report, type Row } from './report.ts';

const ROUNDS = 7;
/** Programs of the system, each measured where it is installed. */
const [DEBSECAN, UNSHARE] = ['debsecan', 'unshare'] as const;
const AT = Date.UTC(2025, 1, 12);

export async function matchHost(): Promise<Report> {
  const bench = "match-host: 868 packages against all of Debian's advisories of 2025-02-12";
  const columns = ['median ms', 'fastest ms', 'CVEs'];
  const ratio = "times the floor's time";
  if (missing) {
    console.error(`match-host: not measured, ${missing} is not there`);
    return { bench, columns, floor: { label: 'not measured: no data', values: [0, 0, 0] }, rows: [], ratio };
  }
  const folder = mkdtempSync(join(tmpdir(), 'assay-bench-'));
  try {
    const file = await debianIndex(folder);
    const known = openAdvisories(file);
    const ours: readonly Contender[] = [
      { label: 'node -e 0', work: () => execFileSync(process.execPath, ['-e', '0']).length },
      wholeScan(folder),
      { label: 'assay, a process of its own', work: () => alone(file) },
      { label: 'assay, index opened and host judged', work: () => judgeOnce(file) },
      { label: 'assay, host judged that is like one before', work: () => judge(known) },
    ];
    const peers = [debsecan(folder), oscap(folder)].flatMap((contender) => contender ?? []);
    // In turn, so that whatever else the machine does is the same for all.
    const [floor = nobody, ...rows] = inTurn([...peers, ...ours]);
    known.close();
    return { bench, columns, floor, rows, ratio };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Contender {
  readonly label: string;
  /** Returns how many CVEs it finds. */
  readonly work: () => number;
}

const nobody: Row = { label: 'nothing', values: [0, 0, 0] };

function inTurn(contenders: readonly Contender[]): Row[] {
  const measured = contenders.map((each) => ({ ...each, times: [] as number[], cves: 0 }));
  for (let round = 0; round < ROUNDS; round++) {
    for (const each of measured) {
      const begin = performance.now();
      each.cves = each.work();
      each.times.push(performance.now() - begin);
    }
  }
  return measured.map(({ label, times, cves }) => ({
    label,
    values: [percentile(times, 0.5), Math.min(...times), cves],
  }));
}

const judge = (advisories: Advisories): number =>
  commonVulnerabilitiesAndExposures
    .evaluate(dataHost(workstation), { advisories, at: AT })
    .filter(({ outcome }) => outcome === 'FINDING').length;

/** Nothing is remembered of another host; every finding is made with its texts. */
export function judgeOnce(file: string): number {
  const advisories = openAdvisories(file);
  try {
    return judge(advisories);
  } finally {
    advisories.close();
  }
}

/** As the peers are run: with the start of the program, its code cold. */
function alone(file: string): number {
  const code = `
    const { judgeOnce } = await import('${import.meta.url}');
    console.log(judgeOnce(process.argv[1]));`;
  return Number(execFileSync(process.execPath, ['--input-type=module', '-e', code, file], { encoding: 'utf8' }));
}

/** As people run it: the whole command, over advisories that were downloaded before. */
function wholeScan(folder: string): Contender {
  const [root, data] = [join(folder, 'root'), join(folder, 'data')];
  mkdirSync(join(root, 'var/lib/dpkg'), { recursive: true });
  mkdirSync(join(root, 'etc'));
  copyFileSync(status, join(root, 'var/lib/dpkg/status'));
  writeFileSync(
    join(root, 'etc/os-release'),
    'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n',
  );
  const assay = (...args: string[]) =>
    spawnSync(process.execPath, [assayProgram, ...args], { encoding: 'utf8', maxBuffer: 2 ** 28 });
  assay('feeds', 'update', '--data-dir', data, '--from', records);
  return {
    label: 'assay scan --root, the whole command',
    work: () => {
      const { stdout } = assay('scan', '--root', root, '--rules', 'cve', '--data-dir', data, '--json');
      return (JSON.parse(stdout) as { findings: readonly unknown[] }).findings.length;
    },
  };
}

function debsecan(folder: string): Contender | undefined {
  const data = join(folder, 'debsecan');
  mkdirSync(data);
  if (!convert(DEBSECAN, ['osv_to_debsecan.py', records, 'Debian:12', join(data, 'bookworm')])) return undefined;
  const args = ['--source', `file://${data}/`, '--suite', 'bookworm', '--status', status, '--format', 'simple'];
  return {
    label: 'debsecan',
    work: () => {
      const lines = execFileSync(DEBSECAN, args, { encoding: 'utf8', maxBuffer: 2 ** 28 }).split('\n');
      return new Set(lines.map((line) => line.split(' ')[0]).filter(Boolean)).size;
    },
  };
}

/** oscap reads the packages of the host that it runs on: the status file is bound over its own in a mount namespace. */
function oscap(folder: string): Contender | undefined {
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
  return { label: 'oscap oval eval', work: () => run().stdout.match(/^Definition .*: true$/gm)?.length ?? 0 };
}

/** Says so where the peer, or what writes its input, is not installed. */
function convert(peer: string, [script = '', ...args]: readonly string[]): boolean {
  const path = join(sharedTools, script);
  const there = existsSync(path) && spawnSync('sh', ['-c', `command -v ${peer}`]).status === 0;
  // python3-apt is the system's, whatever python3 comes first.
  const pythons = ['/usr/bin/python3', 'python3'];
  const made = there && pythons.some((python) => spawnSync(python, [path, ...args], { stdio: 'ignore' }).status === 0);
  if (!made) console.error(`match-host: ${peer} not measured, it or ${script} (python3-apt) is not installed`);
  return made;
}
