import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';

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

/** The program's entry among the packed files. */
const ENTRY = 'program.mjs';
/** Beside the packed files: a file for each process that runs from them, named by its id. */
const USERS = 'users';
/** Says which packed program is the newest: JSON of a {@link PackedProgram}. */
export const MANIFEST = 'program.json';

/**
 * The URL of the program packed into few files: one of 900 modules takes three times as long to start, and what runs must
 * not change with the sources under it. It is packed when it is not yet, or a source has changed since, and stays for as
 * long as this process lives. Throws where it cannot be packed: without a bundler, of sources with errors. See
 * docs/decisions/2026-11-30-packed-program.md.
 */
export async function packedProgram(place: ProgramPlace): Promise<string> {
  const kept = newest(place);
  if (kept) return urlOf(place, kept);
  const writable = isWritable(place.cache) ? place : { ...place, cache: cacheOfThisProcess() };
  await pack(writable);
  const made = newest(writable);
  if (!made) throw new Error('a source changed while the program was packed; start it again');
  return urlOf(writable, made);
}

function isWritable(directory: string): boolean {
  try {
    mkdirSync(directory, { recursive: true });
    accessSync(directory, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** A directory that is removed when this process ends. */
function cacheOfThisProcess(): string {
  const directory = mkdtempSync(join(tmpdir(), 'assay-program-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** In a process of its own: this one would have the bundler in its memory for as long as it lives. */
async function pack({ root, main, cache }: ProgramPlace): Promise<void> {
  const { execFile } = await import('node:child_process');
  const { promisify } = await import('node:util');
  const script = join(import.meta.dirname, 'pack-program.ts');
  try {
    await promisify(execFile)(process.execPath, [script, root, main, cache], { timeout: TIMEOUT });
  } catch (error) {
    throw new Error((error as { stderr?: string }).stderr?.trim() || (error as Error).message);
  }
}

/** True where a process that lives runs from this directory of packed files. */
export function inUse(directory: string): boolean {
  try {
    return readdirSync(join(directory, USERS)).some((pid) => isAlive(Number(pid)));
  } catch {
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // It is there, and somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Keeps packed files from being removed while this process lives. Throws where they are not there. */
function use(directory: string): void {
  const mark = join(directory, USERS, `${process.pid}`);
  try {
    if (!existsSync(join(directory, USERS))) mkdirSync(join(directory, USERS));
    writeFileSync(mark, '');
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    // Whoever may not write there cannot pack another one either.
    if (!['EACCES', 'EPERM', 'EROFS', 'EEXIST'].includes(code)) throw error;
    return;
  }
  if (marks.size === 0)
    process.once('exit', () => {
      for (const each of marks) rmSync(each, { force: true });
    });
  marks.add(mark);
}

/** Of this process. */
const marks = new Set<string>();

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
    // Before its files are looked at: from then on they stay.
    use(join(place.cache, kept.directory));
    return isOfNow(kept, place) ? kept : undefined;
  } catch {
    // None yet, or a manifest that is not what this version writes.
    return undefined;
  }
}

/** Looks at the packed files too: of files that were just written, the power failing can leave empty ones. */
const isOfNow = ({ root, main, directory, sources, files }: PackedProgram, place: ProgramPlace): boolean =>
  root === place.root && main === place.main && areAs(root, sources) && areAs(join(place.cache, directory), files);

/** A thousand paths at each start: they are put together as they are, since join() takes longer than asking for them. */
function areAs(directory: string, states: Readonly<Record<string, string>>): boolean {
  for (const path in states) if (stateOf(`${directory}${sep}${path}`) !== states[path]) return false;
  return true;
}
