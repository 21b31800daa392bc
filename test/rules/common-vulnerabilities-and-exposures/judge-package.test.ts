import { array, assert, constantFrom, property, record } from 'fast-check';
import { expect, test } from 'vitest';
import type { Advisories, AdvisoryRecord, AffectedPackage } from '../../../packages/server/src/domain/advisories.ts';
import { releaseOf } from '../../../packages/server/src/rules/common-vulnerabilities-and-exposures/ecosystems.ts';
import { judgePackage } from '../../../packages/server/src/rules/common-vulnerabilities-and-exposures/judge-package.ts';

const systems = [
  { id: 'debian', versionId: '12' },
  { id: 'ubuntu', versionId: '22.04' },
  { id: 'almalinux', versionId: '9.4' },
  { id: 'photon', versionId: '5.0' },
];

const kinds: Readonly<Record<string, Omit<AffectedPackage, 'record' | 'package'>>> = {
  fixed: { ranges: [[{ introduced: '0' }, { fixed: '1.0-1' }]] },
  open: { ranges: [[{ introduced: '0' }]] },
  later: { ranges: [[{ introduced: '0' }, { fixed: '9.0-1' }]] },
  fixedOrListed: { ranges: [[{ introduced: '0' }, { fixed: '1.0-1' }]], versions: ['2.0-1'] },
  twice: { ranges: [[{ introduced: '0' }, { fixed: '1.0-1' }], [{ introduced: '2.0-1' }]] },
  again: { ranges: [[{ introduced: '0' }, { fixed: '1.0-1' }, { introduced: '1.5-1' }]] },
  never: { ranges: [[{ introduced: '0' }, { fixed: '0' }]] },
  odd: { ranges: [[{ introduced: '0' }, { fixed: '1 of these' }]] },
  withEpoch: { ranges: [[{ introduced: '0' }, { fixed: '1:0.5-1' }]] },
  modular: { ranges: [[{ introduced: '0' }, { fixed: '1.0-1.module+el9' }]] },
  saidNot: { ranges: [[{ introduced: '0' }]], disposition: 'NOT_AFFECTED' },
  looking: { ranges: [[{ introduced: '0' }, { fixed: '1.0-1' }]], disposition: 'UNDER_INVESTIGATION' },
  unreadable: { ranges: [[{ introduced: '0' }, { fixed: '1.0-1' }]], unreadable: 'a fix that is no text' },
  otherBinary: { ranges: [[{ introduced: '0' }, { fixed: '1.0-1' }]], binaries: { tool: '9.0-1' } },
};

/** Own records of a CVE, and announcements of one or two. */
const records: ReadonlyMap<string, AdvisoryRecord> = new Map(
  [
    ['DEBIAN-CVE-2024-0001', ['CVE-2024-0001']],
    ['DEBIAN-CVE-2024-0002', ['CVE-2024-0002']],
    ['DEBIAN-CVE-2024-0003', ['CVE-2024-0003']],
    ['DSA-1-1', ['CVE-2024-0001', 'CVE-2024-0002']],
    ['DSA-2-1', ['CVE-2024-0003']],
  ].map(([id, cves]) => [
    String(id),
    {
      id: String(id),
      kind: String(id).includes('CVE') ? 'CVE' : 'ADVISORY',
      cves: [cves].flat() as string[],
      summary: '',
      details: '',
      cvss: [],
      modified: '2024-01-01T00:00:00Z',
    },
  ]),
);

const entries = array(record({ record: constantFrom(...records.keys()), kind: constantFrom(...Object.keys(kinds)) }), {
  maxLength: 8,
}).map((chosen) =>
  chosen
    .map(({ record: id, kind }) => ({ record: id, package: 'tool', ...kinds[kind] }) as AffectedPackage)
    .sort((a, b) => (a.record < b.record ? -1 : 1)),
);

test('what is passed over by one comparison would not have been a match at length', () => {
  const lookups = ['0.5-1', '1.0-1', '2.0-1', '2:0.5-1'].flatMap((version) =>
    [{}, { epochKnown: false }, { stream: 'tool:1' }, { binary: { name: 'tool', version } }].map((more) => ({
      name: 'tool',
      version,
      epochKnown: true,
      ...more,
    })),
  );
  let passedOver = 0;
  assert(
    property(
      entries,
      entries,
      constantFrom(...systems),
      constantFrom(...lookups),
      (here, beside, { id, versionId }, lookup) => {
        const release = releaseOf({ id, idLike: [], versionId, hostname: 'h', architecture: 'x86_64' });
        if ('reason' in release) throw new Error(release.reason);
        const advisories = {
          affected: (ecosystem: string) => (ecosystem === 'E:1' ? here : beside),
          record: (name: string) => records.get(name),
          advisoriesFor: () => [],
        } as Partial<Advisories> as Advisories;
        const judge = (notAffected: boolean) =>
          judgePackage(advisories, ['E:1', 'E:2'], release, lookup, { notAffected });
        const atLength = [...judge(true)].filter(([, { outcome }]) => outcome !== 'NOT_AFFECTED');
        expect(new Map(judge(false))).toEqual(new Map(atLength));
        if (judge(true).size > atLength.length) passedOver++;
      },
    ),
    { numRuns: 3000 },
  );
  expect(passedOver).toBeGreaterThan(300);
});
