import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseCsafVex } from '../../../packages/server/src/feeds/csaf/parse-csaf-vex.ts';
import { advisoriesFromRecords } from '../../../packages/server/src/feeds/index/advisories-from-records.ts';
import { explain } from '../../../packages/server/src/rules/common-vulnerabilities-and-exposures/explain.ts';
import { type VexStatement, vexDocument } from '../../feeds/vex-documents.ts';
import { propertyRuns } from '../../support/effort.ts';
import { at, hostOf, judgeBy, record } from './hosts.ts';

const cve = 'CVE-2026-0001';
const builds = ['1-1.el9', '1-1.el9_2', '1-2.el9_2', '1-2.el9_4', '1-3.el9_4', '2-1.el9_5'];
const build = fc.constantFrom(...builds);
const stream = fc.constantFrom('enterprise_linux:9', 'rhel_eus:9.2', 'rhel_eus:9.4', 'rhel_aus:9.2', 'rhel_e4s:9.4');
const module = fc.option(fc.constantFrom('thing:1', 'thing:2'), { nil: undefined });

const fix: fc.Arbitrary<VexStatement> = fc
  .record({ stream, version: build })
  .map((each) => ({ ...each, source: 'thing', status: 'fixed', remark: 'RHSA-2026:1000' }));
const open: fc.Arbitrary<VexStatement> = fc
  .record({
    module,
    status: fc.constantFrom('known_affected', 'known_not_affected', 'under_investigation'),
    remark: fc.constantFrom('Will not fix', 'Affected', 'vulnerable_code_not_present'),
  })
  .map(({ module: of, ...each }) => ({
    ...each,
    stream: 'enterprise_linux:9',
    source: 'thing',
    ...(of === undefined ? {} : { module: of }),
  }));
const announcement = fc
  .record({
    stream,
    version: build,
    number: fc.integer({ min: 1000, max: 9999 }),
    published: fc.constantFrom('2026-06-01T00:00:00Z', '2026-09-01T00:00:00Z'),
  })
  .map(({ stream: of, version, number, published }) =>
    record(`RHSA-2026:${number}`, [{ ecosystem: `Red Hat:${of}::baseos`, name: 'thing', fixed: version }], {
      upstream: [],
      related: [cve],
      published,
    }),
  );
const host = fc
  .record({
    version: build,
    minor: fc.constantFrom('2', '4'),
    label: fc.option(fc.constantFrom('thing:1:1:a', 'thing:2:1:a'), { nil: undefined }),
    kinds: fc.option(fc.subarray(['', '-eus', '-e4s', '-aus'], { minLength: 1 }), { nil: undefined }),
  })
  .map(({ version, minor, label, kinds }) =>
    hostOf([{ name: 'thing', version, vendor: 'Red Hat, Inc.', ...(label === undefined ? {} : { module: label }) }], {
      os: { id: 'rhel', versionId: `9.${minor}` },
      ...(kinds === undefined
        ? {}
        : { repositories: kinds.map((kind) => ({ name: `rhel-9-for-x86_64-baseos${kind}-rpms`, enabled: true })) }),
    }),
  );

async function advisoriesOf(records: readonly object[], statements: readonly VexStatement[]) {
  const outcome = parseCsafVex(vexDocument(cve, statements), cve);
  if (!('item' in outcome)) throw new Error(outcome.reason);
  // Of one release there is something else, so that it is always covered.
  const other = record(
    'RHSA-2026:1',
    [{ ecosystem: 'Red Hat:enterprise_linux:9::baseos', name: 'other', fixed: '1' }],
    {
      upstream: [],
      related: ['CVE-2026-0009'],
    },
  );
  return advisoriesFromRecords([...records, other], { more: [outcome.item] });
}

const records = fc.array(announcement, { maxLength: 3 });
const fixes = fc.array(fix, { maxLength: 3 });

test('what has no fix, is not affected or looked into silences no announcement and no fix', async () => {
  await fc.assert(
    fc.asyncProperty(host, records, fixes, open, async (of, said, known, more) => {
      const before = judgeBy(of, await advisoriesOf(said, known));
      const after = judgeBy(of, await advisoriesOf(said, [...known, more]));
      if (before.findings.length > 0) expect(after.findings).not.toEqual([]);
      if (before.findings.length + before.notAssessed.length > 0) {
        expect(after.findings.length + after.notAssessed.length).toBeGreaterThan(0);
      }
    }),
    { numRuns: propertyRuns(300) },
  );
});

test('why answers as the findings do', async () => {
  await fc.assert(
    fc.asyncProperty(host, records, fixes, fc.array(open, { maxLength: 2 }), async (of, said, known, more) => {
      const advisories = await advisoriesOf(said, [...known, ...more]);
      const { findings, notAssessed } = judgeBy(of, advisories);
      const { outcome, packages } = explain(of, { advisories, at }, cve);
      const expected = findings.length > 0 ? 'AFFECTED' : notAssessed.length > 0 ? 'NOT_ASSESSED' : 'NOT_AFFECTED';
      expect([outcome, packages[0]?.outcome ?? 'NOT_AFFECTED']).toEqual([expected, expected]);
    }),
    { numRuns: propertyRuns(300) },
  );
});
