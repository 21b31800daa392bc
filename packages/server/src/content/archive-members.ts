import { type ByteReader, createByteReader } from './byte-reader.ts';
import { ContentFault } from './content-fault.ts';

/** A regular file of an archive. What is not read of it is skipped. */
export interface Member {
  readonly name: string;
  readonly size: number;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** A tarball or package of content has some hundreds. */
const MAX_MEMBERS = 100_000;
/** Of one header with its name. */
const MAX_NAME = 65_536;

/** The members of an `ar` archive: a Debian package. */
export const arMembers = (chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Member> =>
  membersOf(chunks, async (reader, first) => {
    if (first && (await reader.take(8))?.toString('latin1') !== '!<arch>\n')
      throw new ContentFault('it is no ar archive');
    const header = (await reader.take(60))?.toString('latin1');
    if (header === undefined) return undefined;
    const size = numberOf(header.slice(48, 58), 10);
    return { name: header.slice(0, 16).trim().replace(/\/$/, ''), size, padding: size % 2, regular: true };
  });

/** The members of a `tar` archive. */
export const tarMembers = (chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Member> =>
  membersOf(chunks, async (reader) => {
    const header = await reader.take(512);
    if (header === undefined || header[0] === 0) return undefined;
    const field = (from: number, to: number): string => header.toString('latin1', from, to).split('\0', 1)[0] ?? '';
    const size = numberOf(field(124, 136), 8);
    const prefix = field(257, 262) === 'ustar' ? field(345, 500) : '';
    const type = field(156, 157);
    return {
      name: prefix === '' ? field(0, 100) : `${prefix}/${field(0, 100)}`,
      size,
      padding: (512 - (size % 512)) % 512,
      regular: type === '' || type === '0',
    };
  });

/** The members of a `cpio` archive in the portable format of RPM. */
export const cpioMembers = (chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Member> =>
  membersOf(chunks, async (reader) => {
    const header = (await reader.take(110))?.toString('latin1');
    if (header === undefined) return undefined;
    if (!/^07070[12]/.test(header)) throw new ContentFault('it is no cpio archive');
    const field = (index: number): number => numberOf(header.slice(6 + 8 * index, 14 + 8 * index), 16);
    const nameSize = field(11);
    if (nameSize > MAX_NAME) throw new ContentFault('a name in it is too long');
    const name = (await reader.take(nameSize))?.toString('utf8').replace(/\0.*$/s, '') ?? '';
    await reader.skip((4 - ((110 + nameSize) % 4)) % 4);
    if (name === 'TRAILER!!!') return undefined;
    const size = field(6);
    return { name, size, padding: (4 - (size % 4)) % 4, regular: (field(1) & 0o170_000) === 0o100_000 };
  });

interface Header {
  readonly name: string;
  readonly size: number;
  /** Bytes after the file that belong to nothing. */
  readonly padding: number;
  readonly regular: boolean;
}

async function* membersOf(
  chunks: AsyncIterable<Uint8Array>,
  next: (reader: ByteReader, first: boolean) => Promise<Header | undefined>,
): AsyncGenerator<Member> {
  const reader = createByteReader(chunks);
  for (let count = 0; ; count++) {
    if (count > MAX_MEMBERS) throw new ContentFault(`it has more than ${MAX_MEMBERS} files`);
    const header = await next(reader, count === 0);
    if (!header) return;
    let left = header.size;
    async function* bytes(): AsyncGenerator<Uint8Array> {
      for await (const piece of reader.pass(left)) {
        left -= piece.length;
        yield piece;
      }
    }
    if (header.regular) yield { name: header.name, size: header.size, bytes: bytes() };
    await reader.skip(left + header.padding);
  }
}

function numberOf(text: string, radix: number): number {
  const value = Number.parseInt(text.trim(), radix);
  if (!Number.isSafeInteger(value) || value < 0) throw new ContentFault('it is damaged (a header has no size)');
  return value;
}
