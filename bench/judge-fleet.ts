/** 45,000 hosts of 20 kinds judged again, against matching each kind once: what a fleet costs beyond its kinds. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { HostEvidence } from '@assay/model/evidence/kinds.ts';
import { openAdvisories } from '../packages/server/src/feeds/index/open-advisories.ts';
import { commonVulnerabilitiesAndExposures } from '../packages/server/src/rules/common-vulnerabilities-and-exposures/index.ts';
import { dataHost, evidenceOf, workstation } from '../test/support/accuracy/data-host.ts';
import { debianIndex, missing } from './debian-index.ts';
import type { Report } from './report.ts';

const KINDS = 20;
const AT = Date.UTC(2025, 1, 12);

export async function judgeFleet({ hosts = 45_000 }: { readonly hosts?: number | undefined } = {}): Promise<Report> {
  const bench = `judge-fleet: ${hosts.toLocaleString('en-US')} hosts of ${KINDS} kinds, one process`;
  const columns = ['s', 'hosts', 'findings'];
  const ratio = "times the floor's time";
  if (missing) {
    console.error(`judge-fleet: not measured, ${missing} is not there`);
    return { bench, columns, floor: { label: 'not measured: no data', values: [0, 0, 0] }, rows: [], ratio };
  }
  const folder = mkdtempSync(join(tmpdir(), 'assay-bench-'));
  try {
    const file = await debianIndex(folder);
    const kinds = stored();
    const judge = (count: number): number[] => {
      const advisories = openAdvisories(file);
      const begin = performance.now();
      let findings = 0;
      for (let host = 0; host < count; host++) {
        // As a run has it: compressed documents of the host's own, read anew.
        const evidence = JSON.parse(gunzipSync(kinds[host % KINDS] ?? '').toString('utf8')) as HostEvidence;
        const verdicts = commonVulnerabilitiesAndExposures.evaluate(evidence, { advisories, at: AT });
        findings += verdicts.filter(({ outcome }) => outcome === 'FINDING').length;
      }
      const seconds = (performance.now() - begin) / 1000;
      advisories.close();
      return [seconds, count, findings];
    };
    judge(1);
    const floor = { label: 'each kind once', values: judge(KINDS) };
    return { bench, columns, floor, rows: [{ label: 'every host', values: judge(hosts) }], ratio };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Kinds of hosts: the workstation with a twentieth of its packages left out, another one of each. */
function stored(): Buffer[] {
  const { databases } = dataHost(workstation).packages?.data ?? { databases: [] };
  const packages = databases.flatMap((database) => database.packages);
  return Array.from({ length: KINDS }, (_, kind) =>
    gzipSync(
      JSON.stringify(
        evidenceOf(
          workstation,
          packages.filter((_each, index) => index % KINDS !== kind),
        ),
      ),
    ),
  );
}
