import { ContentFault } from './content-fault.ts';

/** Reads a stream of bytes by counted pieces. Each throws {@link ContentFault} where the stream ends too early. */
export interface ByteReader {
  /** The next bytes as one buffer; undefined at the end of the stream. */
  readonly take: (length: number) => Promise<Buffer | undefined>;
  /** The next bytes as they come. */
  readonly pass: (length: number) => AsyncGenerator<Uint8Array>;
  readonly skip: (length: number) => Promise<void>;
  /** Everything that is left. */
  readonly rest: () => AsyncGenerator<Uint8Array>;
}

export function createByteReader(chunks: AsyncIterable<Uint8Array>): ByteReader {
  const source = chunks[Symbol.asyncIterator]();
  let held: Uint8Array = new Uint8Array(0);
  const fill = async (): Promise<boolean> => {
    while (held.length === 0) {
      const { done, value } = await source.next();
      if (done) return false;
      held = value;
    }
    return true;
  };
  async function* pass(length: number): AsyncGenerator<Uint8Array> {
    for (let left = length; left > 0; ) {
      if (!(await fill())) throw new ContentFault('it is cut short');
      const piece = held.subarray(0, left);
      held = held.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
  }
  return {
    pass,
    take: async (length) => {
      if (!(await fill())) return undefined;
      const pieces: Uint8Array[] = [];
      for await (const piece of pass(length)) pieces.push(piece);
      return Buffer.concat(pieces);
    },
    skip: async (length) => {
      for await (const _ of pass(length));
    },
    rest: async function* () {
      while (await fill()) {
        const piece = held;
        held = new Uint8Array(0);
        yield piece;
      }
    },
  };
}
