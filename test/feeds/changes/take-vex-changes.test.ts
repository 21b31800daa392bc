import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { FeedDefinition } from '../../../packages/server/src/feeds/default-feeds.ts';
import { feedsDirectory, readCurrent } from '../../../packages/server/src/feeds/feeds-directory.ts';
import { openAdvisories } from '../../../packages/server/src/feeds/index/open-advisories.ts';
import { updateFeeds } from '../../../packages/server/src/feeds/update-feeds.ts';
import { feedPorts } from '../feed-server.ts';
import { testFolder } from '../fixture-files.ts';
import { type VexStatement, vexArchive, vexDocument, vexPath } from '../vex-documents.ts';

/** Red Hat's folder: the archive as it was made, the documents as they are, and the lists of what changed and went. */
class Publisher {
  archive = vexArchive([]);
  archiveName = 'csaf_vex_2026-08-01.tar.zst';
  readonly documents = new Map<string, object>();
  readonly changes = new Map<string, string>();
  readonly deletions = new Map<string, string>();
  readonly instead = new Map<string, (request: IncomingMessage, response: ServerResponse) => void>();
  asked: string[] = [];
  /** Whether it gives parts of files, of so many bytes at the most; and the order of the list of changes. */
  parts: number | undefined;
  order: 'NEWEST_FIRST' | 'OLDEST_FIRST' = 'NEWEST_FIRST';
  sent = 0;

  put(at: string, cve: string, ...statements: VexStatement[]): void {
    this.documents.set(vexPath(cve), vexDocument(cve, statements));
    this.changes.set(vexPath(cve), at);
  }

  remove(at: string, cve: string): void {
    this.documents.delete(vexPath(cve));
    this.changes.delete(vexPath(cve));
    this.deletions.set(vexPath(cve), at);
  }

  pack(name: string): void {
    this.archive = vexArchive([...this.documents.values()]);
    this.archiveName = name;
  }

  answer(request: IncomingMessage, response: ServerResponse): void {
    const path = (request.url ?? '').replace('/vex/', '');
    this.asked.push(path);
    const instead = this.instead.get(path);
    if (instead) {
      instead(request, response);
      return;
    }
    const csv = (list: ReadonlyMap<string, string>): string =>
      [...list]
        .sort(([, a], [, b]) => (a < b === (this.order === 'NEWEST_FIRST') ? 1 : -1))
        .map(([name, at]) => `"${name}","${at}+00:00"`)
        .join('\n')
        .concat('\n');
    const document = this.documents.get(path);
    const bodies: Readonly<Record<string, string | Uint8Array>> = {
      'archive_latest.txt': this.archiveName,
      [this.archiveName]: this.archive,
      'changes.csv': csv(this.changes),
      'deletions.csv': csv(this.deletions),
      ...(document && { [path]: JSON.stringify(document) }),
    };
    const body = bodies[path];
    const range = /^bytes=0-(\d+)$/.exec(request.headers.range ?? '');
    if (body === undefined) response.writeHead(404).end();
    else if (this.parts !== undefined && range) {
      const part = Buffer.from(body).subarray(0, Math.min(this.parts, Number(range[1]) + 1));
      this.sent += part.length;
      const size = Buffer.byteLength(body);
      response.writeHead(206, { 'content-range': `bytes 0-${part.length - 1}/${size}` }).end(part);
    } else response.writeHead(200, { etag: '"1"', 'content-length': Buffer.byteLength(body) }).end(body);
  }
}

const affected = (source: string): VexStatement => {
  return { stream: 'enterprise_linux:9', source, status: 'known_affected', remark: 'Affected' };
};
const fixed = (source: string, version: string): VexStatement => {
  return { stream: 'enterprise_linux:9::baseos', source, version, status: 'fixed', remark: 'RHSA-2026:1000' };
};

async function setUp() {
  const publisher = new Publisher();
  const server = createServer((request, response) => publisher.answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const folder = `http://127.0.0.1:${(server.address() as AddressInfo).port}/vex/`;
  const clock = { now: Date.UTC(2026, 7, 3) };
  const directory = feedsDirectory(testFolder());
  const feed: FeedDefinition = { name: 'redhat-vex', kind: 'csaf-vex', source: `${folder}archive_latest.txt` };
  publisher.put('2026-07-20T10:00:00', 'CVE-2026-0001', affected('bash'));
  publisher.put('2026-07-21T10:00:00', 'CVE-2026-0002', affected('zlib'));
  publisher.put('2026-07-22T10:00:00', 'CVE-2026-0003', affected('curl'));
  publisher.pack('csaf_vex_2026-08-01.tar.zst');
  const update = async (definition = feed) => {
    publisher.asked = [];
    clock.now += 1000;
    const { feeds } = await updateFeeds(feedPorts(clock), directory, [definition], { only: ['Red Hat'] });
    return feeds.map(({ outcome, error, part }) => ({
      outcome,
      ...(error === undefined ? {} : { error }),
      ...(part?.unreadable ? { unreadable: part.unreadable.examples } : {}),
    }));
  };
  const says = (source: string): string[] => {
    const { index } = readCurrent(directory);
    const advisories = openAdvisories(join(directory.index, index ?? ''));
    const entries = advisories.affected('Red Hat:enterprise_linux:9', `${source}.src`);
    advisories.close();
    return entries.map(({ record, ranges, remark }) => {
      const fix = ranges.flat().find((event) => 'fixed' in event);
      return `${record} ${fix ? fix.fixed : remark}`;
    });
  };
  return { publisher, update, says, clock, folder, feed };
}

test('the archive is found by its name, and what changed and went since it was made is taken with it', async () => {
  const { publisher, update, says } = await setUp();
  publisher.put('2026-08-02T09:00:00', 'CVE-2026-0001', fixed('bash', '5.1-2.el9'));
  publisher.put('2026-08-02T10:00:00', 'CVE-2026-0004', affected('bash'));
  publisher.remove('2026-08-02T11:00:00', 'CVE-2026-0003');
  expect(await update()).toEqual([{ outcome: 'updated' }]);
  expect(says('bash')).toEqual(['REDHAT-CVE-2026-0001 5.1-2.el9', 'REDHAT-CVE-2026-0004 no fix yet']);
  expect(says('zlib')).toEqual(['REDHAT-CVE-2026-0002 no fix yet']);
  expect(says('curl')).toEqual([]);
  expect(publisher.asked.sort()).toEqual(
    [
      '2026/cve-2026-0001.json',
      '2026/cve-2026-0004.json',
      'archive_latest.txt',
      'changes.csv',
      'changes.csv',
      'csaf_vex_2026-08-01.tar.zst',
      'deletions.csv',
    ].sort(),
  );
});

test('afterwards only what changed is asked for, and what is deleted goes', async () => {
  const { publisher, update, says } = await setUp();
  await update();
  expect(await update()).toEqual([{ outcome: 'unchanged' }]);
  // A server that gives no parts is asked for all of the list then.
  expect(publisher.asked).toEqual(['changes.csv', 'changes.csv', 'deletions.csv']);
  publisher.put('2026-08-04T09:00:00', 'CVE-2026-0002', fixed('zlib', '1.3-1.el9'));
  publisher.remove('2026-08-04T10:00:00', 'CVE-2026-0003');
  expect(await update()).toEqual([{ outcome: 'updated' }]);
  expect(publisher.asked).toEqual(['changes.csv', 'changes.csv', 'deletions.csv', '2026/cve-2026-0002.json']);
  expect([says('bash'), says('zlib'), says('curl')]).toEqual([
    ['REDHAT-CVE-2026-0001 no fix yet'],
    ['REDHAT-CVE-2026-0002 1.3-1.el9'],
    [],
  ]);
  // One that comes back was changed later than it was deleted.
  publisher.put('2026-08-05T09:00:00', 'CVE-2026-0003', affected('curl'));
  await update();
  expect(says('curl')).toEqual(['REDHAT-CVE-2026-0003 no fix yet']);
  expect(await update()).toEqual([{ outcome: 'unchanged' }]);
});

test('a changed document that cannot be had is said, and asked for again', async () => {
  const { publisher, update, says } = await setUp();
  await update();
  publisher.put('2026-08-04T09:00:00', 'CVE-2026-0002', fixed('zlib', '1.3-1.el9'));
  publisher.put('2026-08-04T10:00:00', 'CVE-2026-0001', fixed('bash', '5.1-2.el9'));
  publisher.instead.set('2026/cve-2026-0002.json', (_, response) => response.writeHead(404).end());
  expect(await update()).toEqual([
    {
      outcome: 'updated',
      unreadable: [
        'changes.csv: one changed document could not be had, REDHAT-CVE-2026-0002 among them: the server answered 404 Not Found',
      ],
    },
  ]);
  expect([says('bash'), says('zlib')]).toEqual([
    ['REDHAT-CVE-2026-0001 5.1-2.el9'],
    ['REDHAT-CVE-2026-0002 no fix yet'],
  ]);
  publisher.instead.clear();
  expect(await update()).toEqual([{ outcome: 'updated' }]);
  expect(says('zlib')).toEqual(['REDHAT-CVE-2026-0002 1.3-1.el9']);
});

test('a document that cannot be read is named and takes the place of the one before', async () => {
  const { publisher, update, says } = await setUp();
  await update();
  publisher.changes.set(vexPath('CVE-2026-0002'), '2026-08-04T09:00:00');
  publisher.instead.set('2026/cve-2026-0002.json', (_, response) => response.writeHead(200).end('{"document": 3}'));
  expect(await update()).toEqual([{ outcome: 'updated', unreadable: ['REDHAT-CVE-2026-0002: document is no object'] }]);
  expect(says('zlib')).toEqual([]);
  expect(await update()).toEqual([
    { outcome: 'unchanged', unreadable: ['REDHAT-CVE-2026-0002: document is no object'] },
  ]);
});

test('redirects are followed, for the name, the archive and the documents', async () => {
  const { publisher, update, says, folder } = await setUp();
  publisher.put('2026-08-02T10:00:00', 'CVE-2026-0004', affected('bash'));
  const path = '2026/cve-2026-0004.json';
  const document = publisher.documents.get(path);
  for (const name of ['archive_latest.txt', 'csaf_vex_2026-08-01.tar.zst', path]) {
    publisher.instead.set(name, (_, response) => response.writeHead(302, { location: `${folder}moved/${name}` }).end());
  }
  publisher.instead.set('moved/archive_latest.txt', (_, response) => response.end('csaf_vex_2026-08-01.tar.zst\n'));
  publisher.instead.set('moved/csaf_vex_2026-08-01.tar.zst', (_, response) => response.end(publisher.archive));
  publisher.instead.set(`moved/${path}`, (_, response) => response.end(JSON.stringify(document)));
  expect(await update()).toEqual([{ outcome: 'updated' }]);
  expect(says('bash')).toEqual(['REDHAT-CVE-2026-0001 no fix yet', 'REDHAT-CVE-2026-0004 no fix yet']);
});

describe('without its lists', () => {
  test('the archive is taken, and it is said that what changed since is not known', async () => {
    const { publisher, update, says } = await setUp();
    publisher.instead.set('changes.csv', (_, response) => response.writeHead(404).end());
    expect(await update()).toEqual([
      {
        outcome: 'updated',
        unreadable: [
          'changes.csv: what changed since the archive was made (2026-08-01) is not known: changes.csv: the server answered 404 Not Found',
        ],
      },
    ]);
    expect(says('bash')).toEqual(['REDHAT-CVE-2026-0001 no fix yet']);
    publisher.instead.clear();
    expect(await update()).toEqual([{ outcome: 'unchanged' }]);
  });

  test.each([
    ['an error page', '<html>Sorry</html>'],
    ['cut within a line', '"2026/cve-2026-0001.json","2026-08-0'],
    ['empty', ''],
    ['a way out of the folder', '"../../cve-2026-0001.json","2026-08-04T00:00:00+00:00"'],
  ])('an update fails and what there is stays: %s', async (_, body) => {
    const { publisher, update, says } = await setUp();
    await update();
    publisher.put('2026-08-04T09:00:00', 'CVE-2026-0002', fixed('zlib', '1.3-1.el9'));
    publisher.instead.set('changes.csv', (__, response) => response.end(body));
    expect(await update()).toMatchObject([{ outcome: 'failed', error: expect.stringContaining('changes.csv') }]);
    expect(says('zlib')).toEqual(['REDHAT-CVE-2026-0002 no fix yet']);
  });
});

test.each([
  ['no name', '<html>Sorry</html>', /names no archive/],
  ['a way out of the folder', '../../etc/passwd.tar.zst', /names no archive/],
  ['an archive that is not there', 'csaf_vex_2027-01-01.tar.zst', /404/],
])('archive_latest.txt with %s fails', async (_, body, message) => {
  const { publisher, update } = await setUp();
  publisher.instead.set('archive_latest.txt', (__, response) => response.end(body));
  expect(await update()).toMatchObject([{ outcome: 'failed', error: expect.stringMatching(message) }]);
});

test('an archive that is cut on the way fails, and another address is asked', async () => {
  const [{ publisher, update, feed }, other] = [await setUp(), await setUp()];
  publisher.instead.set(publisher.archiveName, (_, response) => {
    response.writeHead(200, { 'content-length': publisher.archive.length });
    response.write(publisher.archive.subarray(0, 100), () => response.destroy());
  });
  expect(await update()).toMatchObject([{ outcome: 'failed' }]);
  expect(await update({ ...feed, mirrors: [other.feed.source] })).toEqual([{ outcome: 'updated' }]);
});

test('after a month of changes the archive is taken again', async () => {
  const { publisher, update, says, clock } = await setUp();
  await update();
  publisher.put('2026-09-01T00:00:00', 'CVE-2026-0004', affected('zlib'));
  publisher.pack('csaf_vex_2026-09-02.tar.zst');
  clock.now += 31 * 24 * 60 * 60 * 1000;
  expect(await update()).toEqual([{ outcome: 'updated' }]);
  expect(publisher.asked).toContain('csaf_vex_2026-09-02.tar.zst');
  expect(says('zlib')).toEqual(['REDHAT-CVE-2026-0002 no fix yet', 'REDHAT-CVE-2026-0004 no fix yet']);
});

describe('of the list of changes its beginning', () => {
  /** An update after the first that finds one document changed, of 200 in the list, which takes 10 KB. */
  async function changed(prepare: (publisher: Publisher) => void) {
    const { publisher, update, says } = await setUp();
    for (let at = 0; at < 200; at++) publisher.changes.set(vexPath(`CVE-2025-${1000 + at}`), '2026-07-01T10:00:00');
    await update();
    publisher.put('2026-08-04T09:00:00', 'CVE-2026-0002', fixed('zlib', '1.3-1.el9'));
    prepare(publisher);
    expect(await update()).toEqual([{ outcome: 'updated' }]);
    expect(says('zlib')).toEqual(['REDHAT-CVE-2026-0002 1.3-1.el9']);
    return publisher;
  }

  test('is enough where it reaches down to what was known', async () => {
    const { asked, sent } = await changed((publisher) => {
      publisher.parts = 500;
    });
    expect(asked).toEqual(['changes.csv', 'deletions.csv', '2026/cve-2026-0002.json']);
    expect(sent).toBe(500);
  });

  test.each<[string, (publisher: Publisher) => void]>([
    [
      'does not reach so far',
      (publisher) => {
        publisher.parts = 100;
      },
    ],
    [
      'is in another order',
      (publisher) => {
        publisher.parts = 500;
        publisher.order = 'OLDEST_FIRST';
      },
    ],
    [
      'is empty',
      (publisher) => {
        publisher.parts = 0;
      },
    ],
  ])('is not enough where it %s', async (_, prepare) => {
    const { asked } = await changed(prepare);
    expect(asked).toEqual(['changes.csv', 'changes.csv', 'deletions.csv', '2026/cve-2026-0002.json']);
  });
});
