import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { readTestResult } from '@assay/agent/collect/scap-results/read-test-result.ts';
import { check } from '@assay/model/check.ts';
import { evidenceKinds } from '@assay/model/evidence/kinds.ts';
import { evidenceSizes } from '@assay/model/evidence/sizes.ts';
import { expect, test } from 'vitest';
import { variableMarks } from '../../../packages/server/src/domain/benchmarks.ts';
import type { Verdict } from '../../../packages/server/src/domain/rules-package.ts';
import { cisBenchmarks } from '../../../packages/server/src/rules/cis-operating-system-security-configuration-benchmarks/index.ts';
import { add, newContentDirectory, openCurrent, scapEvidence } from '../../support/scap.ts';
import { sharedFile, skipNote } from '../../support/shared-data.ts';
import { unpackXz } from '../../support/unpacked-xz.ts';

const { file: stream, absent } = sharedFile('data/scap/content/ssg-debian12-ds.xml.xz');
const { file: sample } = sharedFile('data/scap/debian12-minimal-server.cis_level1_server.TestResult-only.xml.xz');
const PROFILE = 'xccdf_org.ssgproject.content_profile_cis_level1_server';

const outcomes: Readonly<Record<string, Verdict['outcome']>> = {
  pass: 'PASSED',
  fail: 'FINDING',
  notapplicable: 'NOT_APPLICABLE',
  error: 'NOT_ASSESSED',
  unknown: 'NOT_ASSESSED',
  notchecked: 'NOT_ASSESSED',
};

test.skipIf(absent)(
  `a real evaluation of Debian 12 gives the verdicts that oscap gave${skipNote(absent)}`,
  async () => {
    const directory = newContentDirectory();
    await add(directory, stream);
    const content = openCurrent(directory);
    const [entry] = content.all;
    const results = join(directory.work, 'results.xml');
    await unpackXz(sample, results);
    const said = await readTestResult(results);
    const system = { id: 'debian', versionId: '12' };
    const evidence = scapEvidence(system, { name: 'debian-12', sha256: entry?.digest ?? '' }, PROFILE, said);
    const { scapResults } = evidence;
    expect(scapResults && check(evidenceKinds.scapResults, scapResults)).toEqual([]);
    expect(gzipSync(JSON.stringify(scapResults)).length).toBeLessThan(evidenceSizes.scapResults.packed / 200);

    const knowledge = { at: 1, content };
    const rules = cisBenchmarks.rules(evidence, knowledge);
    const verdicts = cisBenchmarks.evaluate(evidence, knowledge);
    expect(verdicts.map(({ ruleId }) => ruleId)).toEqual(rules.map(({ id }) => id));
    expect(verdicts).toHaveLength(403);
    const words = new Map(said.results.map(({ rule, result }) => [rule, result]));
    for (const { ruleId, outcome } of verdicts)
      expect([ruleId, outcome]).toEqual([ruleId, outcomes[words.get(ruleId) ?? '']]);

    const found = verdicts.flatMap((verdict) => (verdict.outcome === 'FINDING' ? [verdict.finding] : []));
    expect(found).toHaveLength(111);
    const count = (severity: string): number => found.filter((each) => each.severity === severity).length;
    expect(['High', 'Medium', 'Low', 'Informational'].map(count)).toEqual([3, 96, 8, 4]);
    expect(verdicts.filter(({ outcome }) => outcome === 'NOT_ASSESSED')).toHaveLength(14);

    const attribute = (finding: (typeof found)[number], key: string): string =>
      finding.attributes.find((each) => each.key === key)?.value ?? '';
    const sections = found.map((finding) => attribute(finding, 'BENCHMARK_RULE_ID').split(' ')[0] ?? '');
    expect(new Set(sections).size).toBe(85);
    for (const section of sections) expect(section).toMatch(/^\d+(\.\d+)+$/);
    expect(new Set(found.map((finding) => attribute(finding, 'BENCHMARK_ID')))).toEqual(
      new Set(['CIS Debian 12 Benchmark v1.1.0']),
    );
    expect(new Set(found.map((finding) => attribute(finding, 'CIS_BENCHMARK_PROFILE')))).toEqual(
      new Set(['Level 1 - Server']),
    );
    const umask = found.find((finding) =>
      attribute(finding, 'XCCDF_RULE_ID').endsWith('_rule_accounts_umask_etc_bashrc'),
    );
    expect(umask).toMatchObject({
      title: '5.4.3.3 Ensure the Default Bash Umask is Set Correctly',
      severity: 'Medium',
    });
    expect(umask?.description).toContain('umask 027');
    expect(umask?.recommendation).toContain("var_accounts_user_umask='027'");
    // Every variable has its value.
    for (const { title, description, recommendation } of found) {
      const whole = `${title}${description}${recommendation}`;
      for (const mark of variableMarks) expect(whole).not.toContain(mark);
      expect(whole).not.toMatch(/\(var_[a-z_]+\)/);
    }
  },
);
