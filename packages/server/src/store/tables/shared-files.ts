import type { Handle } from '../database/dialect.ts';

/** Bytes of a file that are written and read at once. */
export const SHARED_CHUNK = 1024 * 1024;

/** Files that servers pass on to each other, by what they are of (`kind`) and the SHA-256 of their bytes (`file`). */
export function createSharedFiles({ read, write }: Handle) {
  return {
    /** Bytes that are kept of each of these files; one that is absent has none. */
    sizes: async (kind: string, files: readonly string[]): Promise<ReadonlyMap<string, number>> => {
      const rows = await read
        .selectFrom('shared_files')
        .select(({ fn }) => ['file', fn.sum('size').as('bytes')])
        .where('kind', '=', kind)
        .where('file', 'in', files)
        .groupBy('file')
        .execute();
      return new Map(rows.map(({ file, bytes }) => [file, Number(bytes)]));
    },
    /** Keeps bytes of a file, {@link SHARED_CHUNK} at most. Who writes the same file at the same time writes the same. */
    put: async (kind: string, file: string, position: number, content: Uint8Array): Promise<void> => {
      await write
        .insertInto('shared_files')
        .values({ kind, file, position, size: content.length, content })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
    /** The bytes of a file, a chunk at a time. Throws where they are not there up to `size`. */
    read: async function* (kind: string, file: string, size: number): AsyncGenerator<Uint8Array> {
      for (let position = 0; position < size; ) {
        const chunk = await read
          .selectFrom('shared_files')
          .select('content')
          .where('kind', '=', kind)
          .where('file', '=', file)
          .where('position', '=', position)
          .executeTakeFirst();
        if (!chunk || chunk.content.length === 0) {
          throw new Error(
            `a shared file of the ${kind} was replaced while it was read, ${position} of ${size} bytes in`,
          );
        }
        yield chunk.content;
        position += chunk.content.length;
      }
    },
    /** Deletes every file of a kind but these. */
    keepOnly: async (kind: string, files: readonly string[]): Promise<void> => {
      await write.deleteFrom('shared_files').where('kind', '=', kind).where('file', 'not in', files).execute();
    },
  };
}
