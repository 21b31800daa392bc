import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ImportedRecord } from '../../../packages/server/src/feeds/imported-record.ts';
import { parseOsv } from '../../../packages/server/src/feeds/osv/parse-osv.ts';

const base = { modified: '2025-01-01T00:00:00Z' };
const entry = (ecosystem: string, events: object[], more: object = {}, name = 'thing'): object => ({
  package: { ecosystem, name },
  ranges: [{ type: 'ECOSYSTEM', events }],
  ...more,
});
const fixedAt = (fixed: string): object[] => [{ introduced: '0' }, { fixed }];

function parsed(osv: object): ImportedRecord {
  const outcome = parseOsv({ ...base, ...osv }, 'here');
  if (!('item' in outcome) || outcome.item.kind !== 'advisory') throw new Error(JSON.stringify(outcome));
  return outcome.item.advisory;
}
const cvesOf = (osv: object): readonly string[] => parsed(osv).record.cves;
const affectedOf = (...affected: object[]): object[] =>
  parsed({ id: 'CVE-2024-1000', affected }).entries.map((each) => each.affected);

describe('which CVEs a record is about', () => {
  test.each([
    ['DEBIAN-CVE-2024-1000', {}],
    ['UBUNTU-CVE-2024-1000', { related: ['CVE-2024-1000'] }],
    ['ALPINE-CVE-2024-1000', { upstream: ['CVE-2024-1000'] }],
    ['BELL-CVE-2024-1000', { upstream: ['CVE-2024-1000'] }],
    ['CVE-2024-1000', { aliases: ['GHSA-aaaa-bbbb-cccc'], related: ['CVE-2024-9999', 'DSA-5555-1'] }],
  ])('%s is of its own', (id, more) => {
    expect(parsed({ id, ...more }).record).toMatchObject({ kind: 'CVE', cves: ['CVE-2024-1000'] });
  });

  test('a USN names records of Ubuntu, which name the CVEs', () => {
    expect(cvesOf({ id: 'USN-1-1', upstream: ['UBUNTU-CVE-2024-2000', 'CVE-2024-1000', 'CVE-2024-2000'] })).toEqual([
      'CVE-2024-1000',
      'CVE-2024-2000',
    ]);
  });

  test('a DSA has them upstream now, in aliases in a few, and had them in related', () => {
    expect(cvesOf({ id: 'DSA-1-1', upstream: ['CVE-2024-1000'], related: ['CVE-2024-2000'] })).toEqual([
      'CVE-2024-1000',
    ]);
    expect(cvesOf({ id: 'DSA-1-1', aliases: ['CVE-2024-1000'] })).toEqual(['CVE-2024-1000']);
    expect(cvesOf({ id: 'DLA-1-1', related: ['CVE-2024-1000'] })).toEqual(['CVE-2024-1000']);
  });

  test.each(['ALSA-2024:1', 'ALBA-2024:1', 'RLSA-2024:1', 'RXSA-2024:1', 'RHSA-2024:1', 'RHBA-2024:1', 'RHEA-2024:1'])(
    '%s names them as related',
    (id) => expect(cvesOf({ id, related: ['CVE-2024-1000'], upstream: ['CVE-2024-2000'] })).toHaveLength(2),
  );
  test.each(['SUSE-SU-2024:1-1', 'openSUSE-SU-2024:1-1'])('%s too', (id) => {
    expect(cvesOf({ id, related: ['CVE-2024-1000', 'GO-2023-2102'] })).toEqual(['CVE-2024-1000']);
  });

  test.each([
    ['GHSA-aaaa-bbbb-cccc', { related: ['CVE-2024-1000'] }],
    ['ALBA-2022:1', { related: [] }],
    ['DSA-1-1', {}],
    ['ALSA-2022:1', { related: ['CVE-2024-1', 'cve-2024-1000', 7, null] }],
  ])('%s names none here, so it is left out', (id, more) => {
    expect(parseOsv({ ...base, id, ...more }, 'here')).toMatchObject({ refusal: 'names no CVE', what: id });
  });

  test('a withdrawn record is none', () => {
    const osv = { ...base, id: 'BELL-CVE-2024-1000', withdrawn: '2024-02-01T00:00:00Z' };
    expect(parseOsv(osv, 'here')).toMatchObject({ refusal: 'withdrawn', what: 'BELL-CVE-2024-1000' });
  });
});

describe('what is affected', () => {
  test('what ALPINE-CVE records say of the beginning is not believed', () => {
    const affected = [entry('Alpine:v3.20', [{ introduced: '5.28.0' }, { fixed: '5.26.3-r0' }])];
    expect(parsed({ id: 'ALPINE-CVE-2018-18311', affected }).entries[0]?.affected.ranges).toEqual([
      [{ introduced: '0' }, { fixed: '5.26.3-r0' }],
    ]);
  });

  test('ranges are kept in their events; versions where the ranges do not say them already', () => {
    const events = [{ introduced: '1.0' }, { fixed: '1.5' }, { introduced: '2.0' }, { last_affected: '2.2' }];
    expect(affectedOf(entry('Alpine:v3.20', events, { versions: ['1.1'] }))).toEqual([
      {
        record: 'CVE-2024-1000',
        package: 'thing',
        ranges: [[{ introduced: '1.0' }, { fixed: '1.5' }, { introduced: '2.0' }, { lastAffected: '2.2' }]],
        versions: ['1.1'],
      },
    ]);
    const before = (fixed: string) => [{ introduced: '0' }, { fixed }];
    const versions = ['1.4-1', '1.6-1', '1.5~rc1-1', 'no version'];
    expect(affectedOf(entry('Debian:12', before('1.5-1'), { versions }))).toMatchObject([
      { versions: ['1.6-1', 'no version'] },
    ]);
    expect(affectedOf(entry('Debian:12', [{ introduced: '0' }], { versions }))[0]).not.toHaveProperty('versions');
    const listed = { package: { ecosystem: 'Alpine:v3.20', name: 'thing' }, versions: ['1.2', '1.1'] };
    expect(affectedOf(listed)).toMatchObject([{ ranges: [], versions: ['1.1', '1.2'] }]);
  });

  test('ranges of commits say nothing: with versions those count, without there is nothing', () => {
    const git = { type: 'GIT', repo: 'https://git.example/x', events: [{ introduced: '0' }, { fixed: 'abcdef' }] };
    const of = { package: { ecosystem: 'Debian:12', name: 'thing' }, ranges: [git] };
    const bare = { ranges: [git], versions: ['abcdef'] };
    expect(affectedOf(of, { ...of, versions: ['1.1'] }, bare, { ...bare, package: {} })).toMatchObject([
      { ranges: [], versions: ['1.1'] },
    ]);
  });

  test('fixed in version 0 is not affected', () => {
    expect(affectedOf(entry('Alpine:v3.20', fixedAt('0')))).toEqual([
      { record: 'CVE-2024-1000', package: 'thing', ranges: [], disposition: 'NOT_AFFECTED' },
    ]);
  });

  test('several events in one object, as the first schema had them', () => {
    expect(affectedOf(entry('Debian:12', [{ introduced: '0', fixed: '1.2' }]))).toMatchObject([
      { ranges: [[{ introduced: '0' }, { fixed: '1.2' }]] },
    ]);
  });

  test('urgency is of the package and release; not the record’s', () => {
    const { record, entries } = parsed({
      id: 'DEBIAN-CVE-2024-1000',
      affected: [
        entry('Debian:12', fixedAt('1'), { ecosystem_specific: { urgency: 'unimportant' } }),
        entry('Debian:13', fixedAt('1'), { ecosystem_specific: { urgency: 'low' } }),
      ],
    });
    expect(entries.map(({ ecosystem, affected }) => [ecosystem, affected.urgency])).toEqual([
      ['Debian:12', 'unimportant'],
      ['Debian:13', 'low'],
    ]);
    expect(record.rating).toBeUndefined();
  });

  test('binaries of Ubuntu and of SUSE', () => {
    const ubuntu = { binaries: [{ binary_name: 'libthing1', binary_version: '1.2' }] };
    const suse = { binaries: [{ 'thing-devel': '1.3', __proto__x: '1', thing: '1.3' }] };
    const found = affectedOf(
      entry('Ubuntu:22.04:LTS', fixedAt('1.2'), { ecosystem_specific: ubuntu }),
      entry('SUSE:Linux Enterprise Module for Basesystem 15 SP5', fixedAt('1.3'), { ecosystem_specific: suse }),
    );
    expect(found).toMatchObject([
      { binaries: { libthing1: '1.2' } },
      { binaries: { thing: '1.3', 'thing-devel': '1.3' } },
    ]);
  });

  test.each(['Red Hat:enterprise_linux:9::baseos', 'Ubuntu:Pro:22.04:LTS', 'openSUSE:Leap 15.6', 'AlmaLinux:9'])(
    'the ecosystem %s is kept as it is',
    (ecosystem) =>
      expect(parsed({ id: 'CVE-2024-1000', affected: [entry(ecosystem, fixedAt('1'))] }).entries[0]?.ecosystem).toBe(
        ecosystem,
      ),
  );

  test.each([
    ['deferred', 'DEFERRED'],
    ['ignored', 'WILL_NOT_FIX'],
    ['end-of-life', 'END_OF_LIFE'],
    ['needed', undefined],
    ['constructor', undefined],
  ])('the state %s is %s', (status, disposition) => {
    const affected = [entry('Ubuntu:22.04:LTS', [{ introduced: '0' }], { ecosystem_specific: { status } })];
    expect(parsed({ id: 'CVE-2024-1000', affected }).entries[0]?.affected.disposition).toBe(disposition);
  });
});

describe('how bad it is', () => {
  const vector = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H';

  test('vectors are scored; Ubuntu’s priority is the rating', () => {
    const severity = [
      { type: 'CVSS_V3', score: vector },
      { type: 'Ubuntu', score: 'Negligible' },
    ];
    expect(parsed({ id: 'UBUNTU-CVE-2024-1000', severity }).record).toMatchObject({
      cvss: [{ type: 'CVSS_V3', vector, score: 9.8 }],
      rating: 'negligible',
    });
    const older = entry('Ubuntu:22.04:LTS', fixedAt('1'), { ecosystem_specific: { ubuntu_priority: 'high' } });
    const { record, entries } = parsed({ id: 'UBUNTU-CVE-2024-1000', affected: [older] });
    expect([record.rating, entries[0]?.affected.urgency]).toEqual(['high', 'high']);
  });

  test.each([
    ['ALSA-2024:1', 'Important: squid security update', 'important'],
    ['RLSA-2024:1', 'Moderate: java-11-openjdk security update', 'moderate'],
    ['RHSA-2024:1', 'Red Hat Security Advisory: podman security update', undefined],
    ['DSA-1-1', 'Important: not Debian’s way', undefined],
    ['ALSA-2024:1', 'Unimportant: no word of theirs', undefined],
  ])('%s %s', (id, summary, rating) => {
    const related = { upstream: ['CVE-2024-1000'] };
    expect(parsed({ id, summary, ...related }).record.rating).toBe(rating);
  });

  test('a vector in no grammar is left out and said, the record stays', () => {
    const severity = [
      { type: 'CVSS_V3', score: `${vector}/A:H` },
      { type: 'CVSS_V3', score: 'CVSS:3.1/AV:N' },
      { type: 'CVSS_V2', score: vector },
    ];
    const outcome = parseOsv({ ...base, id: 'CVE-2024-1000', severity }, 'here');
    expect(outcome).toMatchObject({ item: { advisory: { record: { cvss: [] } } } });
    expect('notes' in outcome && outcome.notes).toHaveLength(3);
  });
});

describe('texts and links', () => {
  test('details are cut to 2,000 characters, and hold no control characters', () => {
    const { details, summary } = parsed({
      id: 'CVE-2024-1000',
      details: 'x'.repeat(9999),
      summary: 'a\u0007b\u001b[31m',
    }).record;
    expect([details.length, details.at(-1), summary]).toEqual([2000, '…', 'ab[31m']);
  });

  const linkOf = (id: string, ...urls: string[]): string | undefined =>
    parsed({ id, upstream: ['CVE-2024-1000'], references: urls.map((url) => ({ type: 'ADVISORY', url })) }).record.link;

  test('the page of its publisher; AlmaLinux names Red Hat’s page before its own', () => {
    expect(linkOf('DEBIAN-CVE-2024-1000', 'https://example.org/CVE-2024-1000')).toBe(
      'https://security-tracker.debian.org/tracker/CVE-2024-1000',
    );
    expect(linkOf('USN-1-1')).toBe('https://ubuntu.com/security/notices/USN-1-1');
    const own = 'https://errata.almalinux.org/9/ALSA-2023-7465.html';
    expect(linkOf('ALSA-2023:7465', 'https://access.redhat.com/errata/RHSA-2023:7465', own)).toBe(own);
    expect(linkOf('ELSA-2023-1', 'https://example.org/a')).toBe('https://example.org/a');
  });

  test('what is no web address is no link', () => {
    const urls = [
      'javascript:alert(1)',
      'data:text/html,x',
      'https://a b/',
      'https://"onload="x',
      'file:///etc/passwd',
    ];
    expect(linkOf('ELSA-2023-1', ...urls)).toBeUndefined();
  });
});

describe('what cannot be read is named', () => {
  test.each([
    ['no object', null],
    ['no object', []],
    ['no id', {}],
    ['an id of two lines', { id: 'CVE-2024-1000\nX' }],
    ['affected is no list', { id: 'CVE-2024-1000', affected: {} }],
    ['a package without ecosystem', { id: 'CVE-2024-1000', affected: [{ package: { name: 'x' } }] }],
  ])('%s', (_, osv) => {
    const value = osv !== null && !Array.isArray(osv) ? { ...base, ...osv } : osv;
    expect(parseOsv(value, 'here')).toMatchObject({ refusal: 'unreadable' });
  });

  const debian = (events: object[], more: object = {}) => entry('Debian:12', events, more);
  test.each<[string, object, string]>([
    ['a version with a line break', debian(fixedAt('1\n2')), 'empty or not plain text'],
    ['a range without beginning', debian([{ fixed: '1' }]), 'no beginning'],
    ['an event that is not known', debian([{ introduced: '0' }, { x: '1' }]), 'not known'],
    [
      'a range of a type that is not known',
      { ...debian([]), ranges: [{ type: 'X', events: [] }] },
      'type that is not known',
    ],
    ['too many ranges', { ...debian([]), ranges: Array(201).fill({}) }, 'more than 200'],
    [
      'a file for a package',
      entry('Red Hat:enterprise_linux:8::appstream', fixedAt('1'), {}, 'thing-1-2.el8.src.rpm'),
      'named as a file',
    ],
    [
      'a stream for a version',
      entry('Red Hat:enterprise_linux:8::appstream', fixedAt('virt-devel:rhel')),
      'no version',
    ],
  ])('%s: the package stays known, and so do the others', (_, broken, reason) => {
    const whole = entry('Debian:12', fixedAt('1'), {}, 'other');
    const outcome = parseOsv({ ...base, id: 'CVE-2024-1000', affected: [broken, whole] }, 'here');
    if (!('item' in outcome) || outcome.item.kind !== 'advisory') throw new Error('nothing was taken');
    expect(outcome.unreadable).toEqual([expect.stringContaining(reason)]);
    expect(outcome.item.advisory.entries.map(({ affected }) => affected)).toEqual([
      { record: 'CVE-2024-1000', package: 'thing', ranges: [], unreadable: expect.stringContaining(reason) },
      expect.objectContaining({ package: 'other', ranges: [[{ introduced: '0' }, { fixed: '1' }]] }),
    ]);
  });
  test('an announcement whose CVEs cannot be read keeps its packages', () => {
    const outcome = parseOsv({ ...base, id: 'DSA-1-1', upstream: 5, affected: [debian(fixedAt('1'))] }, 'here');
    expect(outcome).toMatchObject({
      item: { advisory: { record: { cves: [] }, entries: [{ affected: { unreadable: 'upstream is no list' } }] } },
    });
  });
  test.each<[string, object]>([
    ['severity', { severity: [null] }],
    ['severity', { severity: 'high' }],
    ['modified', { modified: 'yesterday' }],
    ['references', { references: [5] }],
    ['ecosystem_specific', { affected: [debian(fixedAt('1'), { ecosystem_specific: 'x' })] }],
    ['urgency', { affected: [debian(fixedAt('1'), { ecosystem_specific: { urgency: 7 } })] }],
  ])('an odd %s is left out and noted: who is affected stays', (_, odd) => {
    const outcome = parseOsv({ ...base, id: 'CVE-2024-1000', affected: [debian(fixedAt('1'))], ...odd }, 'here');
    if (!('item' in outcome) || outcome.item.kind !== 'advisory') throw new Error('nothing was taken');
    expect(outcome.notes).not.toEqual([]);
    expect(outcome.unreadable).toBeUndefined();
    expect(outcome.item.advisory.entries.map(({ affected }) => affected.ranges)).toEqual([
      [[{ introduced: '0' }, { fixed: '1' }]],
    ]);
  });

  test('whatever a record holds, reading it does not throw', () => {
    const hostile = fc.record({
      id: fc.oneof(fc.constant('CVE-2024-1000'), fc.anything()),
      modified: fc.oneof(fc.constant('2025-01-01T00:00:00Z'), fc.anything()),
      affected: fc.oneof(fc.array(fc.record({ package: fc.anything(), ranges: fc.anything() })), fc.jsonValue()),
      severity: fc.jsonValue(),
      references: fc.jsonValue(),
    });
    fc.assert(
      fc.property(hostile, (osv) => {
        const outcome = parseOsv(osv, 'here');
        return 'item' in outcome || outcome.reason.length > 0;
      }),
    );
  });
});
