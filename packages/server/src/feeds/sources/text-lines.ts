/** One line, counted from 1, without its line break. */
export type TextLine = { readonly number: number } & ({ readonly text: string } | { readonly fault: string });

const NEWLINE = 10;
const RETURN = 13;

/** The lines of a byte stream, blank ones left out. No more than one line, of at most `maxLine` bytes, is kept. */
export async function* textLines(chunks: AsyncIterable<Uint8Array>, maxLine: number): AsyncGenerator<TextLine> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let held: Uint8Array[] = [];
  let size = 0;
  let number = 0;

  const hold = (piece: Uint8Array): void => {
    if (piece.length > 0 && size + piece.length <= maxLine) held.push(Uint8Array.from(piece));
    size += piece.length;
  };
  const finish = (end: Uint8Array): TextLine | undefined => {
    number += 1;
    const length = size + end.length;
    const bytes = size === 0 ? end : Buffer.concat([...held, end]);
    held = [];
    size = 0;
    if (length > maxLine) return { number, fault: `is longer than ${maxLine} bytes` };
    const trimmed = bytes.at(-1) === RETURN ? bytes.subarray(0, -1) : bytes;
    if (trimmed.length === 0) return undefined;
    try {
      return { number, text: decoder.decode(trimmed) };
    } catch {
      return { number, fault: 'is not UTF-8' };
    }
  };

  for await (const chunk of chunks) {
    let from = 0;
    for (let to = chunk.indexOf(NEWLINE); to >= 0; to = chunk.indexOf(NEWLINE, from)) {
      const line = finish(chunk.subarray(from, to));
      if (line) yield line;
      from = to + 1;
    }
    hold(chunk.subarray(from));
  }
  if (size > 0) {
    const line = finish(new Uint8Array(0));
    if (line) yield line;
  }
}
