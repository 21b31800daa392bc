import { accessSync, constants, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

export interface ProgramPlace {
  /** The directory that all sources are in. */
  readonly root: string;
  /** The program's entry, a path below `root`. */
  readonly main: string;
  /** The directory that packed programs are kept in; it need not exist. */
  readonly cache: string;
}

/** A packed program, and what it was made of. */
export interface PackedProgram {
  readonly root: string;
  readonly main: string;
  /** Where its files are in the cache. */
  readonly directory: string;
  /** The {@link stateOf} of each source by its path below `root`, and of each packed file by its name. */
  readonly sources: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, string>>;
}

/** Packing takes about a second; milliseconds. */
const TIMEOUT = 60_000;

export const ENTRY = 'program.mjs';
/** Says which packed program is the newest: JSON of a {@link PackedProgram}. */
export const MANIFEST = 'program.json';

/**
 * The URL of the program packed into few files: one of 900 modules takes three times as long to start. It is packed when
 * it is not yet, or a source has changed since. Undefined where it cannot be packed: without a bundler, where nothing may
 * be written, of sources with errors. See docs/decisions/2026-11-30-packed-program.md.
 */
export async function packedProgram(place: ProgramPlace): Promise<string | undefined> {
  const kept = newest(place);
  if (kept) return urlOf(place, kept);
  try {
    // Sooner known here than by the process that packs.
    mkdirSync(place.cache, { recursive: true });
    accessSync(place.cache, constants.W_OK);
    const { execFile } = await import('node:child_process');
    const script = join(import.meta.dirname, 'pack-program.ts');
    // In a process of its own: this one would have the bundler in its memory for as long as it lives.
    await promisify(execFile)(process.execPath, [script, place.root, place.main, place.cache], { timeout: TIMEOUT });
    const made = newest(place);
    return made && urlOf(place, made);
  } catch {
    return undefined;
  }
}

/** What tells a file that was changed: its size, and when it was written. Undefined without the file. */
export function stateOf(file: string): string | undefined {
  const found = statSync(file, { throwIfNoEntry: false });
  return found && `${found.size} ${found.mtimeMs}`;
}

const urlOf = ({ cache }: ProgramPlace, { directory }: PackedProgram): string =>
  pathToFileURL(join(cache, directory, ENTRY)).href;

/** The newest packed program if it is of the sources as they are, and whole. */
function newest(place: ProgramPlace): PackedProgram | undefined {
  try {
    const kept = JSON.parse(readFileSync(join(place.cache, MANIFEST), 'utf8')) as PackedProgram;
    return isOfNow(kept, place) ? kept : undefined;
  } catch {
    // None yet, or a manifest that is not what this version writes.
    return undefined;
  }
}

/** Looks at the packed files too: of files that were just written, the power failing can leave empty ones. */
const isOfNow = ({ root, main, directory, sources, files }: PackedProgram, place: ProgramPlace): boolean =>
  root === place.root &&
  main === place.main &&
  Object.entries(sources).every(([path, state]) => stateOf(join(root, path)) === state) &&
  Object.entries(files).every(([name, state]) => stateOf(join(place.cache, directory, name)) === state);
