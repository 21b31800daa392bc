import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { FeedFault } from '../../../packages/server/src/feeds/feed-fault.ts';
import type { FeedOutcome } from '../../../packages/server/src/feeds/imported-record.ts';
import { osvFile } from '../../../packages/server/src/feeds/sources/osv-file.ts';
import { collected, debianCve, makeZip, testFile } from '../fixture-files.ts';

const text = (number: number): string => JSON.stringify(debianCve(`CVE-2024-${number}`, 'thing', '1.2'));
const read = (name: string, content: string | Uint8Array): Promise<FeedOutcome[]> =>
  collected(osvFile(testFile(name, content)));
const kinds = (outcomes: readonly FeedOutcome[]): string[] =>
  outcomes.map((outcome) => ('refusal' in outcome ? `${outcome.what}: ${outcome.reason}` : 'taken'));

describe('all.zip', () => {
  test('every record of it; other files are no records', async () => {
    const zip = makeZip([
      { name: 'DEBIAN-CVE-2024-1000.json', content: text(1000) },
      { name: 'README.txt', content: 'hello' },
      { name: 'more/DEBIAN-CVE-2024-1001.json', content: text(1001) },
    ]);
    expect(kinds(await read('all.zip', zip))).toEqual(['taken', 'taken']);
  });

  test('what is broken in it is named, and the rest is read', async () => {
    const zip = makeZip([
      { name: 'a.json', content: text(1000), crc: 1 },
      { name: 'b.json', content: text(1000), size: 5 },
      { name: 'c.json', content: '{"id":' },
      { name: 'd.json', content: text(1000), flags: 1 },
      { name: 'e.json', content: text(1000), size: 99_999 },
      { name: 'f.json', content: text(1001) },
    ]);
    expect(kinds(await read('all.zip', zip))).toEqual([
      'a.json: it does not have its checksum',
      expect.stringContaining('b.json: it cannot be unpacked'),
      'c.json: it is no JSON',
      'd.json: it is encrypted',
      'e.json: it has another size than it says',
      'taken',
    ]);
  });

  test('an entry that is larger inside than records are is refused', async () => {
    const zip = makeZip([
      { name: 'bomb.json', content: Buffer.alloc(33 * 1024 * 1024) },
      { name: 'good.json', content: text(1000) },
    ]);
    expect(kinds(await read('all.zip', zip))).toEqual([
      expect.stringContaining('bomb.json: it is larger than'),
      'taken',
    ]);
  });

  test('one that is larger inside than archives are is given up', async () => {
    const bomb = { name: 'bomb.json', content: Buffer.alloc(20 * 1024 * 1024) };
    await expect(read('all.zip', makeZip(Array(5).fill(bomb)))).rejects.toThrow(FeedFault);
  });

  test('one that was cut short is given up', async () => {
    const zip = makeZip([{ name: 'a.json', content: text(1000) }]);
    await expect(read('all.zip', zip.subarray(0, -30))).rejects.toThrow(FeedFault);
  });

  test('names that lead out of the archive end it', async () => {
    await expect(read('all.zip', makeZip([{ name: '../a.json', content: text(1000) }]))).rejects.toThrow(FeedFault);
  });
});

describe('lines', () => {
  test('a record a line, gzip or not; a line that is none is named', async () => {
    const lines = `${text(1000)}\r\n\n{"id": 7}\nnot json\n${text(1001)}`;
    const expected = ['taken', 'line 3: id is no text', 'line 4: it is no JSON', 'taken'];
    expect(kinds(await read('x.jsonl', lines))).toEqual(expected);
    expect(kinds(await read('x.jsonl.gz', gzipSync(lines)))).toEqual(expected);
  });

  test('a line that is not UTF-8 is named', async () => {
    expect(kinds(await read('x.jsonl', Buffer.from([0x7b, 0xff, 0x7d, 10])))).toEqual(['line 1: it is not UTF-8']);
  });

  test('gzip that was cut short is given up, not taken for less', async () => {
    const gz = gzipSync(`${text(1000)}\n`.repeat(1000));
    await expect(read('x.jsonl.gz', gz.subarray(0, gz.length - 20))).rejects.toThrow(/gzip is broken or cut short/);
  });

  test('a gzip bomb is given up', async () => {
    await expect(read('x.jsonl.gz', gzipSync(Buffer.alloc(128 * 1024 * 1024, ' ')))).rejects.toThrow(/times its size/);
  });
});
