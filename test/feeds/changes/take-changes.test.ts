import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { feedsDirectory, readCurrent } from '../../../packages/server/src/feeds/feeds-directory.ts';
import { openAdvisories } from '../../../packages/server/src/feeds/index/open-advisories.ts';
import { updateFeeds } from '../../../packages/server/src/feeds/update-feeds.ts';
import { feedPorts } from '../feed-server.ts';
import { debianCve, makeZip, testFolder } from '../fixture-files.ts';

type Record = Readonly<{ id: string; modified: string }>;

/** An export as OSV.dev has it: all.zip, modified_id.csv and each record, of whatever records it is given. */
class Export {
  records = new Map<string, Record>();
  /** Answers that are given instead of what would be. */
  instead = new Map<string, (response: ServerResponse) => void>();
  /** Whether parts of the list can be asked for. */
  ranges = false;
  asked: string[] = [];
  bytes = 0;

  put(...records: Record[]): void {
    for (const record of records) this.records.set(record.id, record);
  }

  csv(): string {
    const lines = [...this.records.values()].sort((a, b) => {
      if (a.modified !== b.modified) return a.modified < b.modified ? 1 : -1;
      return a.id < b.id ? -1 : 1;
    });
    return lines.map(({ id, modified }) => `${modified},${id}\n`).join('');
  }

  answer(request: IncomingMessage, response: ServerResponse): void {
    const path = decodeURIComponent(request.url ?? '').replace('/Debian/', '');
    this.asked.push(path);
    const instead = this.instead.get(path);
    if (instead) {
      instead(response);
      return;
    }
    const record = this.records.get(path.replace('.json', ''));
    const body =
      path === 'modified_id.csv'
        ? this.csv()
        : path === 'all.zip'
          ? makeZip(
              [...this.records.values()].map((each) => ({ name: `${each.id}.json`, content: JSON.stringify(each) })),
            )
          : record && JSON.stringify(record);
    const [, to] = /^bytes=0-(\d+)$/.exec(request.headers.range ?? '') ?? [];
    if (body === undefined) response.writeHead(404).end();
    else if (this.ranges && to !== undefined) {
      const part = Buffer.from(body).subarray(0, Number(to) + 1);
      this.bytes += part.length;
      response.writeHead(206, { 'content-range': `bytes 0-${part.length - 1}/${Buffer.byteLength(body)}` }).end(part);
    } else {
      this.bytes += Buffer.byteLength(body);
      response.writeHead(200, { 'content-length': Buffer.byteLength(body) }).end(body);
    }
  }
}

const cve = (number: number, day: number, fixed?: string, name = 'thing'): Record => ({
  ...(debianCve(`CVE-2024-${number}`, name, fixed) as Record),
  modified: `2025-01-${String(day).padStart(2, '0')}T10:00:00.123456Z`,
});

async function setUp() {
  const osv = new Export();
  const server = createServer((request, response) => osv.answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const source = `http://127.0.0.1:${(server.address() as AddressInfo).port}/Debian/all.zip`;
  const clock = { now: 1_740_000_000_000 };
  const directory = feedsDirectory(testFolder());
  const update = async (only: string[] = []): Promise<string[]> => {
    osv.asked = [];
    const { feeds } = await updateFeeds(feedPorts(clock), directory, [{ name: 'Debian', kind: 'osv', source }], {
      only,
    });
    expect(feeds[0]?.error).toBeUndefined();
    return osv.asked;
  };
  const said = (name = 'thing', ecosystem = 'Debian:12'): string[] => {
    const advisories = openAdvisories(join(directory.index, readCurrent(directory).index ?? ''));
    const all = advisories.affected(ecosystem, name).map(({ record, ranges }) => {
      const fixed = ranges.flat().flatMap((event) => ('fixed' in event ? event.fixed : []));
      return [record.replace('DEBIAN-CVE-2024-', ''), ...fixed].join(' ');
    });
    advisories.close();
    return all;
  };
  const part = () => readCurrent(directory).feeds[0]?.part;
  osv.put(cve(1001, 1), cve(1002, 2), cve(1003, 3, '1.0'));
  await update();
  return { osv, clock, update, said, part };
}

test('only what changed, came or went is fetched', async () => {
  const { osv, update, said, part } = await setUp();
  const before = part()?.digest;
  osv.put(cve(1002, 9, '2.0'), cve(1004, 8));
  osv.records.delete('DEBIAN-CVE-2024-1001');
  const asked = await update();
  expect(asked.toSorted()).toEqual([
    'DEBIAN-CVE-2024-1001.json',
    'DEBIAN-CVE-2024-1002.json',
    'DEBIAN-CVE-2024-1004.json',
    'modified_id.csv',
  ]);
  expect(said()).toEqual(['1002 2.0', '1003 1.0', '1004']);
  expect(part()).toMatchObject({ records: 3, newestAt: Date.parse('2025-01-09T10:00:00Z') });
  expect(part()?.digest).not.toBe(before);
  // And again from there.
  osv.put(cve(1004, 10, '4.0'));
  expect(await update()).toEqual(['modified_id.csv', 'DEBIAN-CVE-2024-1004.json']);
  expect(said()).toEqual(['1002 2.0', '1003 1.0', '1004 4.0']);
});

test('where nothing changed, nothing but the list is fetched, and the feed is as new as that', async () => {
  const { clock, update, part } = await setUp();
  const before = part();
  clock.now += 1000;
  expect(await update()).toEqual(['modified_id.csv']);
  expect(part()).toMatchObject({ file: before?.file, updatedAt: clock.now });
});

test('what is withdrawn goes, and is no gap of the import before', async () => {
  const { osv, update, said } = await setUp();
  osv.put({ ...cve(1003, 9, '1.0'), withdrawn: '2025-01-09T00:00:00Z' } as Record);
  await update();
  expect(said()).toEqual(['1001', '1002']);
  expect(await update()).toEqual(['modified_id.csv']);
});

test('what could not be read stays counted, until it can be', async () => {
  const { osv, update, said, part } = await setUp();
  osv.put({ ...cve(1005, 4), affected: 7 } as Record);
  await update();
  expect(part()).toMatchObject({ refused: { unreadable: 1 }, unreadable: { count: 1 } });
  osv.put(cve(1006, 5));
  await update();
  expect(part()).toMatchObject({ refused: { unreadable: 1 }, unreadable: { count: 1 } });
  osv.put(cve(1005, 6));
  await update();
  expect(part()?.refused.unreadable).toBe(0);
  expect(part()).not.toHaveProperty('unreadable');
  expect(said()).toEqual(['1001', '1002', '1003 1.0', '1005', '1006']);
});

test('of one release, what is about others is not asked for again', async () => {
  const { osv, update, said } = await setUp();
  const other = { ...cve(2001, 4), affected: [{ package: { ecosystem: 'Debian:11', name: 'thing' } }] } as Record;
  osv.put(other);
  await update(['Debian:12']);
  osv.put(cve(1007, 5));
  expect(await update(['Debian:12'])).toEqual(['modified_id.csv', 'DEBIAN-CVE-2024-1007.json']);
  expect(await update(['Debian:12'])).toEqual(['modified_id.csv']);
  expect(said()).toEqual(['1001', '1002', '1003 1.0', '1007']);
});

const body =
  (text: string | ((whole: string) => string), status = 200) =>
  (osv: Export) =>
  (response: ServerResponse): void => {
    response.writeHead(status).end(typeof text === 'string' ? text : text(osv.csv()));
  };

test.each<[string, string, ReturnType<typeof body>]>([
  ['is not there', 'modified_id.csv', body('', 404)],
  ['is refused', 'modified_id.csv', body('', 403)],
  ['is empty', 'modified_id.csv', body('')],
  ['is a page of a portal', 'modified_id.csv', body('<html>Sign in</html>\n')],
  ['is cut within a line', 'modified_id.csv', body((csv) => csv.slice(0, -4))],
  ['lost the lines of records that are there', 'modified_id.csv', body((csv) => csv.replace(/^.*1003\n/m, ''))],
  [
    'is out of order',
    'modified_id.csv',
    body((csv) => csv.split('\n').filter(Boolean).toReversed().join('\n').concat('\n')),
  ],
  ['names a record twice', 'modified_id.csv', body((csv) => `${csv}${csv.split('\n').at(-2)}\n`)],
  ['names a record that is not there', 'DEBIAN-CVE-2024-1002.json', body('', 404)],
  ['names a record that is cut', 'DEBIAN-CVE-2024-1002.json', body('{"id": "DEBIAN-CVE-2024-1002", "mod')],
  ['names a record that is another', 'DEBIAN-CVE-2024-1002.json', body('{"id": "DEBIAN-CVE-2024-9999"}')],
])('a list that %s: everything is taken', async (_, path, answer) => {
  const { osv, update, said } = await setUp();
  osv.put(cve(1002, 9, '2.0'));
  osv.instead.set(path, answer(osv));
  expect(await update()).toContain('all.zip');
  expect(said()).toEqual(['1001', '1002 2.0', '1003 1.0']);
});

test('now and then everything is taken, whatever the list says', async () => {
  const { clock, update } = await setUp();
  clock.now += 31 * 24 * 60 * 60 * 1000;
  expect(await update()).toEqual(['all.zip']);
  expect(await update()).toEqual(['modified_id.csv']);
});

const large = (...numbers: number[]) => numbers.map((number) => cve(10_000 + number, 1, '1.0', `package-${number}`));
const many = Array.from({ length: 3000 }, (_, index) => index);

test('a day of a large feed is the beginning of its list and what changed', async () => {
  const { osv, update, said } = await setUp();
  osv.ranges = true;
  osv.put(...large(...many));
  await update();
  // Lists are known once they were read beside the whole, or at the first change.
  osv.put(cve(1003, 4, '3.0'));
  await update();
  osv.put(...many.slice(0, 40).map((index) => cve(10_000 + index, 20, '2.0', `package-${index}`)));
  osv.bytes = 0;
  expect(await update()).toHaveLength(41);
  expect(osv.bytes).toBeLessThan(65_536 + 40 * 400);
  expect(said('package-7')).toEqual(['10007 2.0']);
  expect(said('package-70')).toEqual(['10070 1.0']);
  expect(await update()).toEqual(['modified_id.csv']);
});

test.each<[string, (osv: Export) => void, string, string[]]>([
  ['went', (osv) => osv.records.delete('DEBIAN-CVE-2024-12999'), 'package-2999', []],
  ['came', (osv) => osv.put(cve(20_001, 1, '1.0', 'late')), 'late', ['20001 1.0']],
])('what %s below the beginning of a list is seen by its length', async (_, change, name, expected) => {
  const { osv, update, said } = await setUp();
  osv.ranges = true;
  osv.put(...large(...many));
  await update();
  osv.put(cve(1003, 4, '3.0'));
  await update();
  change(osv);
  osv.put(cve(1003, 5, '4.0'));
  expect((await update()).filter((path) => path === 'modified_id.csv')).toHaveLength(2);
  expect(said(name)).toEqual(expected);
  expect(said()).toContain('1003 4.0');
});

test.each([
  ['is of another part', 'bytes 7-99/100', 'x'],
  ['is cut', 'bytes 0-65535/200000', '2025-01-09T10:00:00Z,DEBIAN-CVE-20'],
  ['is garbled', 'bytes 0-65535/200000', '<html>\n'],
])('a beginning of a list that %s is not believed', async (_, range, text) => {
  const { osv, update, said } = await setUp();
  osv.put(cve(1002, 9, '2.0'));
  osv.instead.set('modified_id.csv', (response) => response.writeHead(206, { 'content-range': range }).end(text));
  await update();
  expect(said()).toEqual(['1001', '1002 2.0', '1003 1.0']);
});
