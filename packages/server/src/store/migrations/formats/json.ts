/** JSON in a column as migrations 4 and 7 write it. Frozen: see docs/add-an-operation.md. */
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

const { ZSTD_c_compressionLevel: LEVEL } = constants;

export const packJson = (value: unknown): Uint8Array =>
  zstdCompressSync(JSON.stringify(value), { params: { [LEVEL]: 1 } });

export const unpackJson = (packed: Uint8Array): unknown => JSON.parse(zstdDecompressSync(packed).toString());
