/** 45,000 hosts of 20 kinds judged again, as a run judges them, against judging one host of each kind anew. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { HostEvidence } from '@assay/model/evidence/kinds.ts';
import { judgeHost } from '../packages/server/src/engine/judging/judge-host.ts';
import { catalogOf } from '../packages/server/src/engine/judging/rules-package-catalog.ts';
import { openAdvisories } from '../packages/server/src/feeds/index/open-advisories.ts';
import { agentOf } from '../test/support/accuracy/agent-of.ts';
import { debianIndex, missing } from './debian-index.ts';
import { fleetHost, KINDS, kindHost } from './fleet-hosts.ts';
import type { Report, Row } from './report.ts';

const FLEET = 45_000;
const SAMPLE = 4_500;
const AT = Date.UTC(2025, 1, 12);

/** All 45,000 hosts with `full`, else a tenth of them and the time that all would take. */
export async function judgeFleet({ full = false }: { readonly full?: boolean | undefined } = {}): Promise<Report> {
  const hosts = full ? FLEET : SAMPLE;
  const whole = FLEET.toLocaleString('en-US');
  const report = {
    bench: `judge-fleet: ${hosts.toLocaleString('en-US')} hosts of ${KINDS} kinds, one process`,
    columns: ['hosts/s', 'hosts', 's', `s for ${whole}`, `CPU s for ${whole}`, 'findings'],
    ratio: "times the floor's rate",
  };
  if (missing) {
    console.error(`judge-fleet: not measured, ${missing} is not there`);
    return { ...report, floor: { label: 'not measured: no data', values: report.columns.map(() => 0) }, rows: [] };
  }
  const folder = mkdtempSync(join(tmpdir(), 'assay-bench-'));
  try {
    const file = await debianIndex(folder, ['Alpine']);
    // The code is warm before anything counts, and what it remembers is of advisories that are closed.
    judge('', file, KINDS, kindHost);
    const floor = judge('one host of each kind', file, KINDS, kindHost);
    const rows = [
      judge('hosts that differ in their names', file, hosts, kindHost),
      judge('hosts that differ in four packages', file, hosts, fleetHost),
    ];
    return { ...report, floor, rows };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** From a host's documents as they are stored to its findings; making up the host does not count. */
function judge(label: string, file: string, hosts: number, make: (index: number) => HostEvidence): Row {
  const entry = catalogOf('us-east-1').find(({ name }) => name === 'Common Vulnerabilities and Exposures');
  if (!entry) throw new Error('the catalog lacks the package');
  const advisories = openAdvisories(file);
  let [milliseconds, processor, findings] = [0, 0, 0];
  for (let index = 0; index < hosts; index++) {
    const stored = gzipSync(JSON.stringify(make(index)), { level: 1 });
    const agent = agentOf(`i-${index}`);
    const [begin, before] = [performance.now(), process.cpuUsage()];
    const evidence = JSON.parse(gunzipSync(stored).toString('utf8')) as HostEvidence;
    findings += judgeHost(entry, agent, evidence, { advisories, at: AT }).findings.length;
    milliseconds += performance.now() - begin;
    const { user, system } = process.cpuUsage(before);
    processor += (user + system) / 1000;
  }
  advisories.close();
  const rate = hosts / (milliseconds / 1000);
  return {
    label,
    values: [rate, hosts, milliseconds / 1000, FLEET / rate, (processor / 1000) * (FLEET / hosts), findings],
  };
}
