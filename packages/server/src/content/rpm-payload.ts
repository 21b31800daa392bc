import { type ByteReader, createByteReader } from './byte-reader.ts';
import { ContentFault } from './content-fault.ts';

const LEAD = 96;
const MAX_HEADER = 64 * 1024 * 1024;

/** The compressed payload of an RPM package: what follows its lead and its two headers. */
export async function* rpmPayload(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = createByteReader(chunks);
  await reader.skip(LEAD);
  const signature = await skipHeader(reader);
  // The signature alone is padded to eight bytes.
  await reader.skip((8 - (signature % 8)) % 8);
  await skipHeader(reader);
  yield* reader.rest();
}

/** Skips one header and returns how many bytes it had. */
async function skipHeader(reader: ByteReader): Promise<number> {
  const intro = await reader.take(16);
  if (intro?.readUIntBE(0, 3) !== 0x8eade8) throw new ContentFault('it is no RPM package, or damaged');
  const length = intro.readUInt32BE(8) * 16 + intro.readUInt32BE(12);
  if (length > MAX_HEADER) throw new ContentFault('a header of the package is too large');
  await reader.skip(length);
  return 16 + length;
}
