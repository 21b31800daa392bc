import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { onTestFinished } from 'vitest';

/** A folder that goes with the test. */
export function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'assay-feeds-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A file of this content in a folder of its own. */
export function testFile(name: string, content: string | Uint8Array): string {
  const file = join(testFolder(), name);
  writeFileSync(file, content);
  return file;
}

export interface ZipFixture {
  readonly name: string;
  readonly content: string | Uint8Array;
  /** What is written instead of the truth. */
  readonly crc?: number;
  readonly size?: number;
  readonly flags?: number;
}

/** A zip archive, byte by byte, so that it can lie. */
export function makeZip(entries: readonly ZipFixture[]): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const { name, content, crc, size, flags = 0 } of entries) {
    const bytes = Buffer.from(content);
    const packed = deflateRawSync(bytes);
    const named = Buffer.from(name);
    const header = Buffer.alloc(26);
    header.writeUInt16LE(20, 0);
    header.writeUInt16LE(flags, 2);
    header.writeUInt16LE(8, 4);
    header.writeUInt32LE(crc ?? crc32(bytes), 10);
    header.writeUInt32LE(packed.length, 14);
    header.writeUInt32LE(size ?? bytes.length, 18);
    header.writeUInt16LE(named.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), header, named, packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    centrals.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), header, tail, named]));
    locals.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(centrals);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, central, Buffer.from('PK\x05\x06'), end]);
}

/** A record of Debian's about one CVE of one package, fixed there where a version is given. */
export const debianCve = (cve: string, name: string, fixed?: string, more: object = {}): object => ({
  id: `DEBIAN-${cve}`,
  modified: '2025-01-01T00:00:00Z',
  upstream: [cve],
  affected: [
    {
      package: { ecosystem: 'Debian:12', name },
      ranges: [
        { type: 'ECOSYSTEM', events: fixed === undefined ? [{ introduced: '0' }] : [{ introduced: '0' }, { fixed }] },
      ],
    },
  ],
  ...more,
});

export async function collected<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const each of source) all.push(each);
  return all;
}
