import { describe, expect, test } from 'vitest';
import { feedsDirectory, readCurrent } from '../../../packages/server/src/feeds/feeds-directory.ts';
import { openAdvisories } from '../../../packages/server/src/feeds/index/open-advisories.ts';
import { detectKind } from '../../../packages/server/src/feeds/sources/feed-kind.ts';
import { rockyErrataFile } from '../../../packages/server/src/feeds/sources/rocky-errata.ts';
import { updateFeeds } from '../../../packages/server/src/feeds/update-feeds.ts';
import { hostOf, judgeBy } from '../../rules/common-vulnerabilities-and-exposures/hosts.ts';
import { feedPorts, feedServer, file, status } from '../feed-server.ts';
import { collected, testFile, testFolder } from '../fixture-files.ts';

const built = (nevra: string, more: object = {}): object => ({
  ...{ id: 1, nevra, checksum: '0'.repeat(64), checksum_type: 'sha256', module_context: null, module_name: null },
  ...{
    module_stream: null,
    module_version: null,
    repo_name: 'AppStream',
    product_name: 'Rocky Linux 9 x86_64',
    ...more,
  },
});
const cve = (id: string, score = '7.5'): object => ({
  ...{ id: 1, cve: id, cwe: 'CWE-770', cvss3_base_score: score },
  cvss3_scoring_vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H',
});
const advisory = (name: string, cves: unknown, packages: unknown, more: object = {}): object => ({
  ...{ id: 369, created_at: '2026-02-02T12:54:16.363377+00:00', updated_at: '2026-02-02T12:54:20.856005+00:00' },
  ...{ published_at: '2026-01-07T03:38:54+00:00', name, synopsis: 'thing bug fix update', description: 'Fixes.' },
  ...{ kind: 'Bug Fix', severity: 'None', topic: '', red_hat_advisory_id: 10, affected_products: [], fixes: [] },
  ...{ cves, packages, ...more },
});
const rlba = advisory(
  'RLBA-2026:1000',
  [cve('CVE-2026-1000')],
  [
    built('thing-1:2.0-3.el9_4.src.rpm'),
    built('thing-1:2.0-3.el9_4.src.rpm', { product_name: 'Rocky Linux 9 aarch64' }),
    built('thing-libs-1:2.0-3.el9_4.x86_64.rpm'),
  ],
);
const page = (advisories: readonly object[], total = advisories.length, number = 1): string =>
  JSON.stringify({
    ...{ advisories, total, page: number, size: 100, last_updated_at: '2026-11-27T09:00:19Z' },
    links: { first: '/api/v3/advisories/?size=100&page=1', next: null, prev: null },
  });
const read = (text: string) => collected(rockyErrataFile(testFile('errata.json', text)));

describe('what it says', () => {
  test('a bug fix that names a CVE is an announcement of its fix, by source', async () => {
    const [outcome, ...others] = await read(page([rlba]));
    expect(others).toEqual([]);
    expect(outcome).toMatchObject({
      item: {
        advisory: {
          record: {
            id: 'RLBA-2026:1000',
            kind: 'ADVISORY',
            cves: ['CVE-2026-1000'],
            summary: 'thing bug fix update',
            cvss: [{ score: 7.5 }],
            link: 'https://errata.rockylinux.org/RLBA-2026:1000',
          },
          entries: [
            {
              ecosystem: 'Rocky Linux:9',
              affected: { package: 'thing', ranges: [[{ introduced: '0' }, { fixed: '1:2.0-3.el9_4' }]] },
            },
          ],
        },
      },
    });
  });
  test('the stream of a module is in its title, or put there', async () => {
    const module = { module_name: 'nodejs', module_stream: '20' };
    const packages = [built('nodejs-1:20.1-1.module+el9.src.rpm', module)];
    const titles = ['nodejs bug fix update', 'nodejs:20 enhancement update'].map((synopsis) =>
      advisory('RLBA-2026:1', [cve('CVE-2026-1001')], packages, { synopsis }),
    );
    expect(await read(page(titles))).toMatchObject([
      { item: { advisory: { record: { summary: 'nodejs bug fix update (nodejs:20)' } } } },
      { item: { advisory: { record: { summary: 'nodejs:20 enhancement update' } } } },
    ]);
  });
  test('what names no CVE, or is of another product, is none of a host', async () => {
    const sig = advisory(
      'RXSA-2026:1',
      [cve('CVE-2026-1001')],
      [built('kernel-0:5-1.el9.src.rpm', { product_name: 'Rocky Linux SIG Cloud 9 x86_64' })],
    );
    expect(await read(page([advisory('RLBA-2026:2', [], [built('a-0:1-1.el9.src.rpm')]), sig]))).toEqual([
      { refusal: 'names no CVE', what: 'RLBA-2026:2', reason: 'it names no CVE' },
    ]);
  });
  test.each([
    ['a package without a version', advisory('RLBA-2026:2', [cve('CVE-2026-1002')], [built('thing.src.rpm')])],
    ['packages that are none', advisory('RLBA-2026:2', [cve('CVE-2026-1002')], ['x'])],
    ['CVEs that are none', advisory('RLBA-2026:2', 'CVE-2026-1002', [])],
    ['no name', advisory('', [cve('CVE-2026-1002')], [])],
    ['null', null],
  ])('%s is said, and costs no other advisory', async (_, odd) => {
    expect(await read(page([odd as object, rlba]))).toMatchObject([
      { refusal: 'unreadable' },
      { item: { advisory: { record: { id: 'RLBA-2026:1000' } } } },
    ]);
  });
  test('it is known by its first bytes, as a page and as lines', async () => {
    for (const text of [page([rlba]), JSON.stringify(rlba)])
      expect(await detectKind(testFile('x.json', text))).toBe('rocky-errata');
  });
});

/** The errata API: pages of two, whatever size is asked for. */
async function api(
  all: readonly object[],
  change: (path: string, count: number) => string | number | undefined = () => undefined,
) {
  let count = 0;
  const { url, seen } = await feedServer((request, response) => {
    count += 1;
    const asked = new URL(request.url ?? '', 'http://x');
    const changed = change(asked.search, count);
    const number = Number(asked.searchParams.get('page'));
    const text = page(all.slice((number - 1) * 2, number * 2), all.length, number);
    const answer =
      typeof changed === 'number' ? status(changed, { 'retry-after': '1' }) : file(changed ?? text, `"${count}"`);
    return answer(request, response);
  });
  const feed = { name: 'rocky-errata', kind: 'rocky-errata', source: `${url}/api/v3/advisories/` } as const;
  const directory = feedsDirectory(testFolder());
  const update = async () => (await updateFeeds(feedPorts(), directory, [feed])).feeds[0];
  return { update, directory, asked: () => seen.map((request) => request.url) };
}

const five = [1, 2, 3, 4, 5].map((number) =>
  advisory(`RLBA-2026:${number}`, [cve(`CVE-2026-${1000 + number}`)], [built(`p${number}-0:1-2.el9.src.rpm`)]),
);

describe('page by page', () => {
  test('all of it, and the first page alone where nothing changed', async () => {
    const { update, asked } = await api(five);
    expect(await update()).toMatchObject({ outcome: 'updated', part: { records: 5 } });
    expect(asked()).toEqual([1, 2, 3].map((number) => `/api/v3/advisories/?page=${number}&size=100`));
    expect(await update()).toMatchObject({ outcome: 'unchanged' });
    expect(asked()).toHaveLength(4);
  });
  test('told to wait, it waits and goes on', async () => {
    const { update, asked } = await api(five, (_, count) => (count === 2 ? 429 : undefined));
    expect(await update()).toMatchObject({ outcome: 'updated', part: { records: 5 } });
    expect(asked()).toHaveLength(4);
  });
  test('what is published meanwhile moves the others, and costs none', async () => {
    const moved = [advisory('RLBA-2026:9', [cve('CVE-2026-1009')], [built('p9-0:1-2.el9.src.rpm')]), ...five];
    const { update } = await api(five, (search) => {
      const number = Number(new URLSearchParams(search).get('page'));
      return number === 1 ? undefined : page(moved.slice((number - 1) * 2, number * 2), 5, number);
    });
    expect(await update()).toMatchObject({ outcome: 'updated', part: { records: 5 } });
  });
  test.each([
    ['ends early', page([], 5), /pages end after 2 of 5/],
    ['is cut', page(five.slice(2, 4), 5).slice(0, 300), /no JSON/],
    ['says no number', JSON.stringify({ advisories: [] }), /how many/],
    ['is a portal', '<html>', /no JSON/],
  ])('a list that %s is not believed, and what was there stays', async (_, second, error) => {
    let broken = false;
    const { update } = await api(five, (search) => (broken && search.includes('page=2') ? second : undefined));
    expect(await update()).toMatchObject({ outcome: 'updated' });
    broken = true;
    five.push(advisory('RLBA-2026:6', [], []));
    try {
      expect(await update()).toMatchObject({
        outcome: 'failed',
        error: expect.stringMatching(error),
        part: { records: 5 },
      });
    } finally {
      five.pop();
    }
  });
});

test('a CVE that only a bug fix names is found on a host, beside the security advisories of OSV', async () => {
  const { update, directory } = await api([rlba]);
  await update();
  const host = (version: string) =>
    hostOf(
      [
        {
          name: 'thing',
          version,
          sourceName: 'thing',
          vendor: 'Rocky Enterprise Software Foundation',
        },
      ],
      {
        os: { id: 'rocky', versionId: '9.4' },
        manager: 'rpm',
      },
    );
  const advisories = openAdvisories(`${directory.index}/${readCurrent(directory).index}`);
  expect(judgeBy(host('1:2.0-2.el9'), advisories).findings).toEqual([
    'CVE-2026-1000 thing 1:2.0-2.el9 -> 1:2.0-3.el9_4 FIX_AVAILABLE High',
  ]);
  expect(judgeBy(host('1:2.0-3.el9_4'), advisories)).toEqual({ findings: [], notAssessed: [] });
  advisories.close();
});
