import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A file of the console, as scripts/bundle-console.ts lists it. */
export interface ConsoleFile {
  readonly type: string;
  /** As in the ETag header: weak, the same for every coding. */
  readonly etag: string;
  /** Endings of its compressed copies, which are beside it: `br`, `gz`. */
  readonly compressed: readonly string[];
}

/** A packed console. */
export interface ConsoleSite {
  readonly directory: string;
  /** By the path in the directory: `index.html` is the page, everything else is named by its content. */
  readonly files: ReadonlyMap<string, ConsoleFile>;
}

export const PAGE = 'index.html';

/** The packed console in a directory; undefined where there is none. */
export async function readPackedConsole(directory: string): Promise<ConsoleSite | undefined> {
  try {
    const { files } = JSON.parse(await readFile(join(directory, 'console.json'), 'utf8')) as {
      files: Readonly<Record<string, ConsoleFile>>;
    };
    return { directory, files: new Map(Object.entries(files)) };
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
