import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Gap } from '../../../packages/server/src/domain/advisories.ts';
import { parseCsafVex } from '../../../packages/server/src/feeds/csaf/parse-csaf-vex.ts';
import type { FeedDefinition } from '../../../packages/server/src/feeds/default-feeds.ts';
import { feedsDirectory, readCurrent } from '../../../packages/server/src/feeds/feeds-directory.ts';
import type { FeedItem } from '../../../packages/server/src/feeds/imported-record.ts';
import { advisoriesFromRecords } from '../../../packages/server/src/feeds/index/advisories-from-records.ts';
import { openAdvisories } from '../../../packages/server/src/feeds/index/open-advisories.ts';
import { updateFeeds } from '../../../packages/server/src/feeds/update-feeds.ts';
import { feedPorts } from '../feed-server.ts';
import { testFile, testFolder } from '../fixture-files.ts';
import { type VexStatement, vexDocument } from '../vex-documents.ts';

interface Announced {
  readonly id: string;
  readonly cves: readonly string[];
  /** Package and fixed version. */
  readonly fixes: Readonly<Record<string, string>>;
  readonly title?: string;
  readonly ecosystem?: string;
}

const alma = { ecosystem: 'AlmaLinux:9' };
const rocky = { ecosystem: 'Rocky Linux:9' };
const redHat = { ecosystem: 'Red Hat:enterprise_linux:9::baseos' };

const record = ({ id, cves, fixes, title, ecosystem = 'AlmaLinux:9' }: Announced): object => ({
  id,
  modified: '2026-01-01T00:00:00Z',
  // As Oracle's updateinfo has them, and as OSV has those of the others.
  [id.startsWith('ELSA') ? 'aliases' : 'related']: cves,
  summary: title ?? `Important: ${Object.keys(fixes)[0]} security update`,
  affected: Object.entries(fixes).map(([name, fixed]) => ({
    package: { ecosystem, name },
    ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed }] }],
  })),
});

const gapsOf = (...announced: Announced[]): Promise<readonly Gap[]> => gapsBeside([], ...announced);
const gapsBeside = async (more: readonly FeedItem[], ...announced: Announced[]): Promise<readonly Gap[]> => {
  const advisories = await advisoriesFromRecords(announced.map(record), { more });
  const gaps = advisories.gaps(() => true).filter(({ shipped }) => shipped);
  advisories.close();
  return gaps;
};
const ofRocky = (gaps: readonly Gap[]): string[] => inShort(gaps).filter((gap) => gap.startsWith('Rocky'));
const inShort = (gaps: readonly Gap[]): string[] => gaps.map((gap) => `${gap.ecosystem} ${gap.cve} ${gap.package}`);

/** Both know openssh, by another CVE. */
const known: Announced[] = [
  {
    ...alma,
    id: 'ALSA-2024:1',
    cves: ['CVE-2024-1000'],
    fixes: { openssh: '8.7p1-30.el9', 'openssh-server': '8.7p1-30.el9' },
  },
  { ...rocky, id: 'RLSA-2024:1', cves: ['CVE-2024-1000'], fixes: { openssh: '0:8.7p1-30.el9' } },
];
const openssh: Announced = {
  ...alma,
  id: 'ALSA-2024:4312',
  cves: ['CVE-2024-6387'],
  fixes: { openssh: '8.7p1-38.el9_4.1', 'openssh-server': '8.7p1-38.el9_4.1' },
};

describe('what Red Hat says of CVEs beside its announcements', () => {
  const vex = (...statements: VexStatement[]): FeedItem[] => {
    const outcome = parseCsafVex(vexDocument('CVE-2024-6387', statements), 'x');
    return 'item' in outcome ? [outcome.item] : [];
  };
  const ofRedHat: Announced = {
    ...redHat,
    id: 'RHSA-2024:1',
    cves: ['CVE-2024-1000'],
    fixes: { openssh: '8.7p1-30.el9', 'openssh-server': '8.7p1-30.el9' },
  };

  test('is no announcement that others lack, and fills what its announcements lack', async () => {
    const [alone] = known;
    if (!alone) throw new Error('nothing is known');
    expect(inShort(await gapsOf(alone, ofRedHat, openssh))).toEqual([
      'Red Hat:enterprise_linux:9 CVE-2024-6387 openssh',
    ]);
    const spoken = vex({
      stream: 'enterprise_linux:9',
      source: 'openssh',
      status: 'known_affected',
      remark: 'Affected',
    });
    expect(inShort(await gapsBeside(spoken, alone, ofRedHat, openssh))).toEqual([]);
    const fixed = vex({
      stream: 'enterprise_linux:9',
      source: 'openssh',
      version: '8.7p1-38.el9_4.1',
      status: 'fixed',
      remark: 'RHSA-2024:4312',
    });
    expect(inShort(await gapsBeside(fixed, alone, ofRedHat))).toEqual([]);
    // Of a release that there are no announcements of, its records make no gaps.
    expect(inShort(await gapsBeside(fixed, alone))).toEqual([]);
  });
});

describe('rebuilds of one source', () => {
  test('what one announced and another did not', async () => {
    expect(await gapsOf(...known, openssh)).toEqual([
      {
        ecosystem: 'Rocky Linux:9',
        cve: 'CVE-2024-6387',
        package: 'openssh',
        names: ['openssh', 'openssh-server'],
        sibling: 'AlmaLinux (ALSA-2024:4312)',
        siblingFixed: '8.7p1-38.el9_4.1',
        why: 'Rocky Linux has no record of CVE-2024-6387 for openssh, which it builds from the same source as AlmaLinux; there ALSA-2024:4312 fixed it in 8.7p1-38.el9_4.1',
        shipped: true,
      },
    ]);
  });

  test.each<[string, Announced]>([
    [
      'the same announcement',
      { ...rocky, id: 'RLSA-2024:4312', cves: ['CVE-2024-6387'], fixes: { openssh: '0:8.7p1-38.el9_4.1' } },
    ],
    [
      'another one, as late',
      { ...rocky, id: 'RLSA-2024:9999', cves: ['CVE-2024-6387'], fixes: { openssh: '0:8.7p1-40.el9' } },
    ],
    [
      'another build of the same release',
      { ...rocky, id: 'RXSA-2024:7', cves: ['CVE-2024-6387'], fixes: { openssh: '0:8.7p1-38.el9' } },
    ],
  ])('none where the other has %s', async (_, other) => {
    expect(ofRocky(await gapsOf(...known, openssh, other))).toEqual([]);
  });

  test('a source that no binary package is named for is known by announcements of the same number', async () => {
    const krb5 = { 'krb5-libs': '1.21.1-2.el9', 'krb5-server': '1.21.1-2.el9' };
    const gaps = await gapsOf(
      { ...alma, id: 'ALSA-2024:1', cves: ['CVE-2024-1000'], fixes: krb5, title: 'an update' },
      { ...rocky, id: 'RLSA-2024:1', cves: ['CVE-2024-1000'], fixes: { krb5: '0:1.21.1-2.el9' } },
      {
        ...alma,
        id: 'ALSA-2024:2',
        cves: ['CVE-2024-1001'],
        fixes: { 'krb5-libs': '1.21.1-3.el9' },
        title: 'an update',
      },
    );
    expect(inShort(gaps)).toEqual(['Rocky Linux:9 CVE-2024-1001 krb5']);
  });

  test('a stream of a module has its own fixes', async () => {
    const node = (id: string, ecosystem: object, cve: string, fixed: string): Announced => {
      return { ...ecosystem, id, cves: [cve], fixes: { nodejs: fixed } };
    };
    const gaps = await gapsOf(
      node('ALSA-2024:1', alma, 'CVE-2024-1000', '1:18.20.1-1.module_el9+1+a'),
      node('ALSA-2024:2', alma, 'CVE-2024-1000', '1:20.12.1-1.module_el9+2+b'),
      node('RLSA-2024:2', rocky, 'CVE-2024-1000', '1:20.12.1-1.module+el9+3+c'),
      node('RLSA-2023:9', rocky, 'CVE-2023-1000', '1:18.1.0-1.module+el9+3+c'),
      node('ALSA-2023:9', alma, 'CVE-2023-1000', '1:18.1.0-1.module_el9+3+c'),
    );
    expect(gaps.map(({ ecosystem, siblingFixed }) => [ecosystem, siblingFixed])).toEqual([
      ['Rocky Linux:9', '1:18.20.1-1.module_el9+1+a'],
    ]);
  });

  test.each<[string, Announced[]]>([
    [
      'a package that the sibling alone ships',
      [{ ...alma, id: 'ALSA-2024:2', cves: ['CVE-2024-1'], fixes: { own: '1-1.el9' } }],
    ],
    [
      'another epoch',
      [
        { ...alma, id: 'ALSA-2024:2', cves: ['CVE-2024-1001'], fixes: { thing: '2:1.0-2.el9' } },
        { ...rocky, id: 'RLSA-2023:2', cves: ['CVE-2023-1000'], fixes: { thing: '0:1.0-1.el9' } },
        { ...alma, id: 'ALSA-2023:2', cves: ['CVE-2023-1000'], fixes: { thing: '2:1.0-1.el9' } },
      ],
    ],
    [
      'another upstream version',
      [
        { ...alma, id: 'ALSA-2024:2', cves: ['CVE-2024-1001'], fixes: { thing: '3.1-2.el9' } },
        { ...rocky, id: 'RLSA-2023:2', cves: ['CVE-2023-1000'], fixes: { thing: '1.0-1.el9' } },
        { ...alma, id: 'ALSA-2023:2', cves: ['CVE-2023-1000'], fixes: { thing: '3.0-1.el9' } },
      ],
    ],
    [
      'a patch of the running kernel',
      [{ ...redHat, id: 'RHSA-2024:2', cves: ['CVE-2024-1001'], fixes: { 'kpatch-patch-5_14': '1-1.el9' } }],
    ],
  ])('none of %s', async (_, announced) => {
    expect(ofRocky(await gapsOf(...known, ...announced))).toEqual([]);
  });

  test('that two know of a package shows that it is not of one alone', async () => {
    const tool = { cves: ['CVE-2024-1001'], fixes: { tool: '1-1.el9' } };
    const two = [
      { ...tool, ...alma, id: 'ALSA-2024:2' },
      { ...tool, ...redHat, id: 'RHSA-2024:2' },
    ];
    expect(inShort(await gapsOf(...known, ...two))).toContain('Rocky Linux:9 CVE-2024-1001 tool');
  });
});

describe('Oracle Linux', () => {
  const oracle = (id: string, fixed: string, name = 'openssh', cve = 'CVE-2024-6387'): Announced => {
    return { ecosystem: 'Oracle Linux:9', id, cves: [cve], fixes: { [name]: fixed }, title: `${name} security update` };
  };
  const [, rockyKnows = openssh] = known;
  const before = oracle('ELSA-2024-1', '8.7p1-30.0.1.el9', 'openssh', 'CVE-2024-1000');

  test('tells what others forgot, by its build without its own mark, and is told nothing', async () => {
    expect(await gapsOf(rockyKnows, before, oracle('ELSA-2024-4312', '8.7p1-38.0.2.el9_4.1'))).toMatchObject([
      {
        ...{ ecosystem: 'Rocky Linux:9', cve: 'CVE-2024-6387', package: 'openssh', siblingFixed: '8.7p1-38.el9_4.1' },
        sibling: 'Oracle Linux (ELSA-2024-4312)',
      },
    ]);
    expect(ofRocky(await gapsOf(...known, openssh, before))).toHaveLength(1);
    expect((await gapsOf(...known, openssh, before)).some(({ ecosystem }) => ecosystem.startsWith('Oracle'))).toBe(
      false,
    );
  });

  test('an announcement of the same number is the same one', async () => {
    const same = { ...rocky, id: 'RLSA-2024:4312', cves: ['CVE-2024-6387'], fixes: { openssh: '0:8.7p1-37.el9' } };
    expect(await gapsOf(rockyKnows, before, same, oracle('ELSA-2024-4312', '8.7p1-38.0.2.el9_4.1'))).toEqual([]);
  });

  test.each<[string, Announced]>([
    ['an announcement of its own', oracle('ELSA-2024-12345', '8.7p1-38.0.2.el9_4.1')],
    ['a build with patches of running programs', oracle('ELSA-2024-4312', '8.7p1-38.0.2.ksplice1.el9_4.1')],
    ['a build of its certified line', oracle('ELSA-2024-4312', '8.7p1-38.el9_4.1_fips')],
    ['its own kernel', oracle('ELSA-2024-4312', '5.15.0-207.el9uek', 'kernel-uek')],
    ['what the other has as late', oracle('ELSA-2024-4312', '8.7p1-30.0.7.el9', 'openssh', 'CVE-2024-1000')],
  ])('none by %s', async (_, announced) => {
    expect(await gapsOf(rockyKnows, before, announced)).toEqual([]);
  });

  test('a number of its own that Red Hat has too counts where nothing of the build is its own', async () => {
    expect(ofRocky(await gapsOf(rockyKnows, before, oracle('ELSA-2025-20123', '8.7p1-38.el9_6.1')))).toEqual([
      'Rocky Linux:9 CVE-2024-6387 openssh',
    ]);
  });
});

test('a branch of Alpine that lacks what those before and after it have', async () => {
  const fix = (branch: string, cve: string, name = 'perl') =>
    record({ id: `ALPINE-${cve}`, cves: [], fixes: { [name]: '5.1-r0' }, ecosystem: `Alpine:v${branch}` });
  const records = ['3.9', '3.10', '3.11'].map((branch) => fix(branch, 'CVE-2024-1000'));
  const advisories = await advisoriesFromRecords([
    ...records,
    ...['3.9', '3.11'].map((branch) => fix(branch, 'CVE-2024-1001')),
    // Nothing tells whether a branch at an end should have it, or one that does not have the package.
    ...['3.9', '3.10'].map((branch) => fix(branch, 'CVE-2024-1002')),
    ...['3.9', '3.11'].map((branch) => fix(branch, 'CVE-2024-1003', 'gone')),
  ]);
  expect(inShort(advisories.gaps(() => true))).toEqual(['Alpine:v3.10 CVE-2024-1001 perl']);
});

describe('what Debian announced', () => {
  const tracked = (cve: string, releases: readonly string[], name = 'thing') => ({
    id: `DEBIAN-${cve}`,
    modified: '2026-01-01T00:00:00Z',
    affected: releases.map((release) => ({
      package: { ecosystem: `Debian:${release}`, name },
      ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '1.0-1' }] }],
    })),
  });
  const announced = (
    id: string,
    cve: string,
    release: string,
    fixed = '2.0-1',
    published = '2026-01-01T00:00:00Z',
  ) => ({
    ...record({ id, cves: [cve], fixes: { thing: fixed }, ecosystem: `Debian:${release}` }),
    published,
  });
  const known = tracked('CVE-2024-1000', ['11', '12', '13']);
  const gaps = async (records: readonly object[], more: readonly FeedItem[] = []): Promise<readonly Gap[]> => {
    const advisories = await advisoriesFromRecords([known, ...records], { more });
    const found = advisories.gaps(() => true);
    advisories.close();
    return found;
  };

  test('and has no record of, in that release and the later ones', async () => {
    expect(await gaps([announced('DSA-1-1', 'CVE-2024-1001', '12')])).toEqual([
      {
        ...{ ecosystem: 'Debian:12', cve: 'CVE-2024-1001', package: 'thing', names: [], shipped: true },
        sibling: "Debian's announcements (DSA-1-1)",
        siblingFixed: '2.0-1',
        why: "Debian's security tracker has no record of CVE-2024-1001, which DSA-1-1 fixed in thing 2.0-1 of Debian:12",
      },
      expect.objectContaining({ ecosystem: 'Debian:13', cve: 'CVE-2024-1001', siblingFixed: '2.0-1' }),
    ]);
  });

  test('for several releases: of each the latest fix that concerns it', async () => {
    const both = [announced('DLA-1-1', 'CVE-2024-1001', '11', '1.9-1'), announced('DSA-1-1', 'CVE-2024-1001', '12')];
    expect((await gaps(both)).map(({ ecosystem, siblingFixed }) => [ecosystem, siblingFixed])).toEqual([
      ['Debian:11', '1.9-1'],
      ['Debian:12', '2.0-1'],
      ['Debian:13', '2.0-1'],
    ]);
  });

  test.each<[string, object[]]>([
    ['that has a record', [announced('DSA-1-1', 'CVE-2024-1000', '12')]],
    [
      'that has a record of another release only',
      [announced('DSA-1-1', 'CVE-2024-7', '12'), tracked('CVE-2024-7', ['11'])],
    ],
    ['of a release that has no records', [announced('DSA-1-1', 'CVE-2024-1001', '7')]],
    ['that names no CVE', [announced('DSA-1-1', 'DSA-1-1', '12')]],
    ['that was taken back', [{ ...announced('DSA-1-1', 'CVE-2024-1001', '12'), withdrawn: '2026-02-01T00:00:00Z' }]],
  ])('none of a CVE %s', async (_, records) => {
    expect(await gaps(records)).toEqual([]);
  });

  test('no later release that does not have the source', async () => {
    const other = {
      ...record({ id: 'DSA-1-1', cves: ['CVE-2024-1001'], fixes: { gone: '1' }, ecosystem: 'Debian:12' }),
    };
    expect(inShort(await gaps([other]))).toEqual(['Debian:12 CVE-2024-1001 gone']);
  });

  test('none of a CVE that FIRST scores no more, long after it was announced', async () => {
    const scored = (cve: string): FeedItem => ({ kind: 'epss', cve, score: 0.1, percentile: 0.2 });
    const early = announced('DSA-1-1', 'CVE-2024-1001', '13', '2.0-1', '2024-01-01T00:00:00Z');
    const late = announced('DSA-2-1', 'CVE-2026-1002', '13');
    expect(inShort(await gaps([early, late], [scored('CVE-2024-1000')]))).toEqual(['Debian:13 CVE-2026-1002 thing']);
    expect(inShort(await gaps([early, late], [scored('CVE-2024-1001')]))).toEqual([
      'Debian:13 CVE-2024-1001 thing',
      'Debian:13 CVE-2026-1002 thing',
    ]);
  });

  describe('beside what CISA knows to be exploited', () => {
    const exploited: FeedItem = { kind: 'knownExploited', cve: 'CVE-2024-6387', added: '2024-07-01' };
    const suse = {
      id: 'SUSE-SU-2024:1-1',
      cves: ['CVE-2024-6387'],
      fixes: { thing: '3' },
      ecosystem: 'SUSE:Linux Enterprise Server 15 SP5',
    };
    const other = { ...alma, id: 'ALSA-2024:1', cves: ['CVE-2024-6387'], fixes: { thing: '3' } };
    const ofDebian = async (announcements: readonly Announced[], more: readonly FeedItem[]) =>
      (await gaps(announcements.map(record), more)).filter(({ ecosystem }) => ecosystem.startsWith('Debian'));

    test('two unrelated distributions show that it is missing', async () => {
      const found = await ofDebian([suse, other], [exploited]);
      expect(inShort(found)).toEqual(['11', '12', '13'].map((release) => `Debian:${release} CVE-2024-6387 thing`));
      expect(found[0]).toMatchObject({ siblingFixed: null, sibling: 'AlmaLinux and SUSE', exploited: true });
    });

    test.each<[string, Announced[], FeedItem[]]>([
      ['one distribution alone', [suse], [exploited]],
      ['two that build the same sources', [other, { ...other, ...rocky, id: 'RLSA-2024:1' }], [exploited]],
      [
        'Ubuntu, which takes its packages from Debian',
        [suse, { ...other, ecosystem: 'Ubuntu:22.04:LTS', id: 'USN-1-1' }],
        [exploited],
      ],
      ['two that know it in packages of different names', [suse, { ...other, fixes: { thong: '3' } }], [exploited]],
      ['two where CISA does not know it', [suse, other], []],
    ])('%s: no', async (_, announcements, more) => {
      expect(await ofDebian(announcements, more)).toEqual([]);
    });
  });
});

describe('the import before', () => {
  const two: Announced = { ...alma, id: 'ALSA-2024:2', cves: ['CVE-2024-1001'], fixes: { thing: '1-2.el9' } };
  const first: Announced = { ...alma, id: 'ALSA-2024:1', cves: ['CVE-2024-1000'], fixes: { thing: '1-1.el9' } };

  async function imports(...feeds: (readonly object[])[]): Promise<readonly Gap[]> {
    const directory = feedsDirectory(testFolder());
    for (const records of feeds) {
      const source = testFile('AlmaLinux.jsonl', records.map((each) => JSON.stringify(each)).join('\n'));
      const feed: FeedDefinition = { name: 'AlmaLinux', kind: 'osv', source };
      await updateFeeds(feedPorts(), directory, [feed]);
    }
    const open = openAdvisories(join(directory.index, readCurrent(directory).index ?? ''));
    const gaps = open.gaps(() => true);
    open.close();
    return gaps;
  }

  test('had what is gone, until it is back', async () => {
    const gone = await imports([record(first), record(two)], [record(first)]);
    expect(gone).toMatchObject([
      { cve: 'CVE-2024-1001', package: 'thing', siblingFixed: '1-2.el9', sibling: 'the import before (ALSA-2024:2)' },
    ]);
    const later = await imports(
      [record(first), record(two)],
      [record(first)],
      [record(first), record({ ...first, id: 'ALSA-2024:3' })],
    );
    expect(inShort(later)).toEqual(['AlmaLinux:9 CVE-2024-1001 thing']);
    expect(await imports([record(first), record(two)], [record(first)], [record(first), record(two)])).toEqual([]);
  });

  test('a release that a CVE turned out not to affect is no gap, and a record that is gone whole is one', async () => {
    const cve = (...releases: string[]): object => ({
      id: 'DEBIAN-CVE-2024-1000',
      modified: '2026-01-01T00:00:00Z',
      affected: releases.map((release) => ({
        package: { ecosystem: `Debian:${release}`, name: 'thing' },
        ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }] }],
      })),
    });
    const other = (release: string): object => ({ ...cve(release), id: `DEBIAN-CVE-2024-20${release}` });
    const before = [cve('12', '13'), other('12'), other('13')];
    expect(await imports(before, [cve('13'), other('12'), other('13')])).toEqual([]);
    expect(inShort(await imports(before, [other('12'), other('13')]))).toEqual([
      'Debian:12 CVE-2024-1000 thing',
      'Debian:13 CVE-2024-1000 thing',
    ]);
  });

  test('a branch that a record of Alpine names no more is a gap: not being affected is a fix of its own there', async () => {
    const cve = (branches: readonly string[], fixed = '1-r1'): object => ({
      ...record({ id: 'ALPINE-CVE-2024-1000', cves: [], fixes: {} }),
      affected: branches.map((branch) => ({
        package: { ecosystem: `Alpine:v${branch}`, name: 'thing' },
        ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed }] }],
      })),
    });
    const other = record({ id: 'ALPINE-CVE-2024-1001', cves: [], fixes: { thing: '1-r2' }, ecosystem: 'Alpine:v3.20' });
    const gone = await imports([cve(['3.20', '3.21']), other], [cve(['3.21']), other]);
    expect(inShort(gone)).toEqual(['Alpine:v3.20 CVE-2024-1000 thing']);
    expect(await imports([cve(['3.20', '3.21']), other], [cve(['3.20', '3.21'], '0'), other])).toEqual([]);
  });

  test('what was withdrawn, or has another id now, is no gap', async () => {
    const before = [record(first), record(two)];
    expect(await imports(before, [record(first), { ...record(two), withdrawn: '2026-02-01T00:00:00Z' }])).toEqual([]);
    expect(await imports(before, [record(first), record({ ...two, id: 'ALSA-2024:A002' })])).toEqual([]);
  });
});
