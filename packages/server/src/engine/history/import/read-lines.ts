/** One line of a file, counted from 1, without its line break. */
export type Line = { readonly number: number } & ({ readonly text: string } | { readonly fault: string });

/** The longest line that is read, in bytes. */
const MAX_LINE = 1024 * 1024;
const NEWLINE = 10;

/** The lines of a byte stream as they arrive. Whatever the stream holds, no more than one line of it is kept. */
export async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<readonly Line[]> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  /** The beginning of a line that did not end with its chunk. */
  const held = Buffer.allocUnsafe(MAX_LINE);
  let size = 0;
  let number = 0;

  const hold = (piece: Uint8Array): void => {
    if (size + piece.length <= MAX_LINE) held.set(piece, size);
    size += piece.length;
  };
  const finish = (end: Uint8Array): Line => {
    number += 1;
    if (size > 0) hold(end);
    const length = size > 0 ? size : end.length;
    const bytes = size > 0 ? held.subarray(0, Math.min(size, MAX_LINE)) : end;
    size = 0;
    if (length > MAX_LINE) return { number, fault: 'is longer than 1 MiB' };
    try {
      return { number, text: decoder.decode(bytes) };
    } catch {
      return { number, fault: 'is not UTF-8' };
    }
  };

  for await (const chunk of chunks) {
    const lines: Line[] = [];
    let from = 0;
    for (let to = chunk.indexOf(NEWLINE); to >= 0; to = chunk.indexOf(NEWLINE, from)) {
      lines.push(finish(chunk.subarray(from, to)));
      from = to + 1;
    }
    hold(chunk.subarray(from));
    if (lines.length > 0) yield lines;
  }
  if (size > 0) yield [finish(new Uint8Array(0))];
}
