import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FeedItem, TrackerStatement } from '../../../packages/server/src/feeds/imported-record.ts';
import { advisoriesFromRecords } from '../../../packages/server/src/feeds/index/advisories-from-records.ts';
import { cveKey } from '../../../packages/server/src/feeds/index/cve-key.ts';
import { propertyRuns } from '../../support/effort.ts';
import { debianCve } from '../fixture-files.ts';

const dsa = (id: string, cves: readonly string[], fixed: string, more: object = {}): object => ({
  ...debianCve('CVE-0000-0000', 'thing', fixed),
  id,
  upstream: cves,
  ...more,
});

test('a package has its entries, ordered by record; another ecosystem has none of them', async () => {
  const advisories = await advisoriesFromRecords([
    dsa('DSA-1-1', ['CVE-2024-1000'], '1.2'),
    debianCve('CVE-2024-1001', 'thing'),
    debianCve('CVE-2024-1000', 'thing', '1.2'),
    debianCve('CVE-2024-1000', 'other', '3'),
  ]);
  expect(advisories.affected('Debian:12', 'thing')).toEqual([
    { record: 'DEBIAN-CVE-2024-1000', package: 'thing', ranges: [[{ introduced: '0' }, { fixed: '1.2' }]] },
    { record: 'DEBIAN-CVE-2024-1001', package: 'thing', ranges: [[{ introduced: '0' }]] },
    { record: 'DSA-1-1', package: 'thing', ranges: [[{ introduced: '0' }, { fixed: '1.2' }]] },
  ]);
  for (const ecosystem of ['Debian', 'Debian:1', 'Debian:13', 'constructor']) {
    expect(advisories.affected(ecosystem, 'thing')).toEqual([]);
    expect(advisories.coverage(ecosystem)).toBeUndefined();
  }
  expect(advisories.ecosystems()).toEqual(['Debian:12']);
  expect(advisories.coverage('Debian:12')).toMatchObject({ cveRecords: 2, advisories: 1, feed: 'records' });
});

test('a package of which more is said than a row takes has all of it, and what follows it stays its own', async () => {
  const numbers = Array.from({ length: 60 }, (_, index) => 1000 + index);
  const binaries = Array.from({ length: 1500 }, (_, index) => ({
    binary_name: `linux-image-ünder-${index}`,
    binary_version: `6.1.${index}`,
  }));
  const ubuntu = (number: number, name: string): object => ({
    ...debianCve(`CVE-2024-${number}`, name),
    id: `UBUNTU-CVE-2024-${number}`,
    affected: [
      {
        package: { ecosystem: 'Ubuntu:24.04:LTS', name },
        ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: `6.1.${number}` }] }],
        ecosystem_specific: { binaries },
      },
    ],
  });
  const advisories = await advisoriesFromRecords([
    ...numbers.map((number) => ubuntu(number, 'linux')),
    ubuntu(1000, 'linux-tools'),
  ]);
  const found = advisories.affected('Ubuntu:24.04:LTS', 'linux');
  expect(JSON.stringify(found).length).toBeGreaterThan(2 * 1024 ** 2);
  expect(found.map(({ record, ranges }) => [record, ranges[0]?.[1]])).toEqual(
    numbers.map((number) => [`UBUNTU-CVE-2024-${number}`, { fixed: `6.1.${number}` }]),
  );
  for (const { binaries: named } of found) expect(Object.keys(named ?? {})).toHaveLength(1500);
  expect(advisories.affected('Ubuntu:24.04:LTS', 'linux-tools')).toHaveLength(1);
  expect(advisories.coverage('Ubuntu:24.04:LTS')).toMatchObject({ cveRecords: 60, advisories: 0 });
});

test('announcements of fixes are found by CVE and ecosystem; the distribution’s own record is none', async () => {
  const advisories = await advisoriesFromRecords([
    dsa('DSA-2-1', ['CVE-2024-1000', 'CVE-2024-1001'], '1.3'),
    dsa('DSA-1-1', ['CVE-2024-1000'], '1.2'),
    debianCve('CVE-2024-1000', 'thing', '1.2'),
  ]);
  const ids = (ecosystem: string, cve: string): string[] =>
    advisories.advisoriesFor(ecosystem, cve).map(({ id }) => id);
  expect(ids('Debian:12', 'CVE-2024-1000')).toEqual(['DSA-1-1', 'DSA-2-1']);
  expect(ids('Debian:12', 'CVE-2024-1001')).toEqual(['DSA-2-1']);
  expect(ids('Debian:13', 'CVE-2024-1000')).toEqual([]);
  expect(ids('Debian:12', 'no CVE')).toEqual([]);
});

test('every record is found by its id, and nothing between two', async () => {
  const numbers = Array.from({ length: 50 }, (_, index) => 1000 + 2 * index);
  const advisories = await advisoriesFromRecords(numbers.map((number) => debianCve(`CVE-2024-${number}`, 'thing')));
  for (const number of numbers) {
    expect(advisories.record(`DEBIAN-CVE-2024-${number}`)?.cves).toEqual([`CVE-2024-${number}`]);
    expect(advisories.record(`DEBIAN-CVE-2024-${number + 1}`)).toBeUndefined();
  }
  for (const id of ['', 'A', 'Z', 'DEBIAN-CVE-2024-1000\0']) expect(advisories.record(id)).toBeUndefined();
});

test('AlmaLinux gives one id to two releases: both are there, with the CVEs of both', async () => {
  const alma = (ecosystem: string, cve: string): object => ({
    id: 'ALSA-2024:1',
    modified: '2024-01-01T00:00:00Z',
    summary: 'Important: thing security update',
    related: [cve],
    affected: [
      {
        package: { ecosystem, name: 'thing' },
        ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '1' }] }],
      },
    ],
  });
  const advisories = await advisoriesFromRecords([
    alma('AlmaLinux:8', 'CVE-2024-1000'),
    alma('AlmaLinux:9', 'CVE-2024-1001'),
  ]);
  expect(advisories.record('ALSA-2024:1')).toMatchObject({
    cves: ['CVE-2024-1000', 'CVE-2024-1001'],
    rating: 'important',
  });
  for (const ecosystem of ['AlmaLinux:8', 'AlmaLinux:9'])
    expect(advisories.affected(ecosystem, 'thing')).toHaveLength(1);
});

test('of two copies of a record the later counts; a source without dates stands beside', async () => {
  const older = debianCve('CVE-2024-1000', 'thing', undefined, { modified: '2024-01-01T00:00:00Z', details: 'old' });
  const newer = debianCve('CVE-2024-1000', 'thing', '1.2', { details: 'new' });
  const dateless = debianCve('CVE-2024-1000', 'thing', '1.3', { modified: '1970-01-01T00:00:00Z' });
  const advisories = await advisoriesFromRecords([older, newer, newer, dateless]);
  const ranges = advisories.affected('Debian:12', 'thing').map((entry) => entry.ranges[0]?.[1]);
  expect(ranges).toEqual([{ fixed: '1.2' }, { fixed: '1.3' }]);
  expect(advisories.record('DEBIAN-CVE-2024-1000')?.details).toBe('new');
});

describe('what Debian means to do, said beside its records', () => {
  const disposition = (cve: string, what: 'DEFERRED' | 'WILL_NOT_FIX' | 'NOT_AFFECTED', name = 'thing'): FeedItem => ({
    kind: 'disposition',
    ecosystem: 'Debian:12',
    package: name,
    cve,
    disposition: what,
  });

  test('is of what has no fix', async () => {
    const advisories = await advisoriesFromRecords(
      [debianCve('CVE-2024-1000', 'thing'), debianCve('CVE-2024-1001', 'thing', '1.2')],
      { more: [disposition('CVE-2024-1000', 'DEFERRED'), disposition('CVE-2024-1001', 'WILL_NOT_FIX')] },
    );
    expect(advisories.affected('Debian:12', 'thing').map((entry) => entry.disposition)).toEqual([
      'DEFERRED',
      undefined,
    ]);
  });

  test('the tracker alone is enough, and its fix stands where the record has none', async () => {
    const said = (cve: string, name: string, statement: TrackerStatement): FeedItem => ({
      kind: 'disposition',
      ecosystem: 'Debian:12',
      package: name,
      cve,
      urgency: 'medium',
      ...statement,
    });
    const advisories = await advisoriesFromRecords(
      [debianCve('CVE-2024-1000', 'thing'), debianCve('CVE-2024-1001', 'thing', '1.2')],
      {
        more: [
          said('CVE-2024-1000', 'thing', { fixed: '1.1' }),
          said('CVE-2024-1001', 'thing', { fixed: '1.3' }),
          said('CVE-2024-1002', 'thing', {}),
          said('CVE-2024-1003', 'thing', { fixed: '0' }),
          said('CVE-2024-1004', 'alone', { disposition: 'UNDETERMINED' }),
        ],
      },
    );
    const open = [[{ introduced: '0' }]];
    expect(advisories.affected('Debian:12', 'thing')).toMatchObject([
      { record: 'DEBIAN-CVE-2024-1000', ranges: [[{ introduced: '0' }, { fixed: '1.1' }]] },
      { record: 'DEBIAN-CVE-2024-1001', ranges: [[{ introduced: '0' }, { fixed: '1.2' }]] },
      { record: 'DEBIAN-CVE-2024-1002', ranges: open, urgency: 'medium' },
      { record: 'DEBIAN-CVE-2024-1003', disposition: 'NOT_AFFECTED' },
    ]);
    expect(advisories.affected('Debian:12', 'alone')).toMatchObject([{ ranges: open, disposition: 'UNDETERMINED' }]);
    expect(advisories.record('DEBIAN-CVE-2024-1002')).toMatchObject({
      kind: 'CVE',
      cves: ['CVE-2024-1002'],
      link: 'https://security-tracker.debian.org/tracker/CVE-2024-1002',
    });
    expect(advisories.coverage('Debian:12')?.cveRecords).toBe(5);
  });
});

test('facts of a CVE: known exploited, EPSS, both or none', async () => {
  const advisories = await advisoriesFromRecords([], {
    more: [
      { kind: 'epss', cve: 'CVE-2021-44228', score: 0.94358, percentile: 0.99957 },
      { kind: 'knownExploited', cve: 'CVE-2021-44228', added: '2021-12-10' },
      { kind: 'knownExploited', cve: 'CVE-2021-44229', added: '2021-12-11' },
    ],
  });
  expect(advisories.facts('CVE-2021-44228')).toEqual({
    knownExploited: '2021-12-10',
    epss: { score: 0.94358, percentile: 0.99957 },
  });
  expect(advisories.facts('CVE-2021-44229')).toEqual({ knownExploited: '2021-12-11' });
  expect(advisories.facts('CVE-2021-44230')).toBeUndefined();
  expect(advisories.facts('CVE-2021-044228')).toBeUndefined();
});

test('keys of CVEs are their own', () => {
  const cve = fc.tuple(fc.integer({ min: 1999, max: 2100 }), fc.integer({ min: 0, max: 9_999_999_999 }));
  const id = ([year, number]: [number, number]): string => `CVE-${year}-${String(number).padStart(4, '0')}`;
  fc.assert(
    fc.property(cve, cve, (a, b) => {
      const [keyA, keyB] = [cveKey(id(a)), cveKey(id(b))];
      return Number.isSafeInteger(keyA) && (keyA === keyB) === (id(a) === id(b));
    }),
  );
});

const anyRecord = fc
  .record({
    number: fc.integer({ min: 1000, max: 1006 }),
    name: fc.constantFrom('a', 'b', 'ü'),
    fixed: fc.option(fc.constantFrom('1', '2~rc1', '1:3'), { nil: undefined }),
    day: fc.integer({ min: 1, max: 3 }),
    dsa: fc.boolean(),
    more: fc.record(
      { details: fc.string({ unit: 'binary' }), ecosystem: fc.constantFrom('Debian:11', 'Debian:12') },
      { requiredKeys: ['ecosystem'] },
    ),
  })
  .map(({ number, name, fixed, day, dsa: announced, more }) => {
    const cve = `CVE-2024-${number}`;
    const events = fixed === undefined ? [{ introduced: '0' }] : [{ introduced: '0' }, { fixed }];
    const affected = [{ package: { ecosystem: more.ecosystem, name }, ranges: [{ type: 'ECOSYSTEM', events }] }];
    const id = announced ? `DSA-${number}-1` : `DEBIAN-${cve}`;
    return { id, modified: `2024-01-0${day}T00:00:00Z`, upstream: [cve], details: more.details, affected };
  });

test('the same records give the same digest and answers, whatever their order and time; others do not', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyRecord, { minLength: 1, maxLength: 12 }), fc.nat(), async (records, seed) => {
      const shuffled = records
        .map((record, index) => [(index * 7919 + seed) % 104_729, record] as const)
        .sort(([a], [b]) => a - b)
        .map(([, record]) => record);
      const one = await advisoriesFromRecords(records);
      const two = await advisoriesFromRecords([...shuffled, ...shuffled], { updatedAt: 7, feed: 'other' });
      expect(two.digest).toBe(one.digest);
      for (const ecosystem of one.ecosystems()) {
        for (const name of ['a', 'b', 'ü']) {
          expect(two.affected(ecosystem, name)).toEqual(one.affected(ecosystem, name));
        }
      }
      const more = await advisoriesFromRecords([...records, debianCve('CVE-2025-1000', 'new')]);
      expect(more.digest).not.toBe(one.digest);
      one.close();
      two.close();
      more.close();
    }),
    { numRuns: propertyRuns(60) },
  );
});
