import { crc32 } from 'node:zlib';

/** A tar archive (ustar), byte by byte. */
export function makeTar(entries: readonly { readonly name: string; readonly content: string | Uint8Array }[]): Buffer {
  const blocks = entries.flatMap(({ name, content }) => {
    const bytes = Buffer.from(content);
    const header = Buffer.alloc(512);
    header.write(name, 0, 100, 'latin1');
    header.write('0000644\0', 100);
    header.write(`${bytes.length.toString(8).padStart(11, '0')}\0`, 124);
    header.write('00000000000\0', 136);
    header.write('        ', 148);
    header.write(name.endsWith('/') ? '5' : '0', 156);
    header.write('ustar\x0000', 257);
    const sum = header.reduce((all, byte) => all + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    return [header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

/** An .xz file that holds the bytes as they are: chunks of LZMA2 may. */
export function storedXz(content: string | Uint8Array): Buffer {
  const bytes = Buffer.from(content);
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += 65_536) {
    const piece = bytes.subarray(at, at + 65_536);
    const head = Buffer.from([at === 0 ? 1 : 2, 0, 0]);
    head.writeUInt16BE(piece.length - 1, 1);
    chunks.push(head, piece);
  }
  const flags = Buffer.from([0, 0]);
  const header = Buffer.from([2, 0, 0x21, 1, 16, 0, 0, 0]);
  const data = Buffer.concat([...chunks, Buffer.from([0])]);
  const block = Buffer.concat([header, checksum(header), data]);
  const index = padded(Buffer.from([0, 1, ...vli(block.length), ...vli(bytes.length)]));
  const backward = Buffer.alloc(4);
  backward.writeUInt32LE((index.length + 4) / 4 - 1);
  const footer = Buffer.concat([backward, flags]);
  return Buffer.concat([
    ...[Buffer.from('\xfd7zXZ\0', 'latin1'), flags, checksum(flags)],
    ...[padded(block), index, checksum(index)],
    ...[checksum(footer), footer, Buffer.from('YZ')],
  ]);
}

function checksum(bytes: Uint8Array): Buffer {
  const sum = Buffer.alloc(4);
  sum.writeUInt32LE(crc32(bytes));
  return sum;
}

const padded = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);

/** Seven bits a byte, the lowest first. */
const vli = (value: number): number[] =>
  value < 128 ? [value] : [(value % 128) + 128, ...vli(Math.floor(value / 128))];
