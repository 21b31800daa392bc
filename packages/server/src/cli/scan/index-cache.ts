import { createHash } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  lstatSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { makeDirectory } from '@assay/agent/make-directory.ts';
import { removeDatabase } from '../../feeds/remove-database.ts';
import { programFile } from '../../runtime/program-file.ts';

/** Indexes of folders that were given to a scan, kept for the next scan. */
export interface IndexCache {
  /** The index of this content; undefined where none is kept. */
  readonly find: (content: string) => string | undefined;
  /** Where to build the index of this content. It is kept from {@link keep} on, and a build that is killed leaves nothing that is found. */
  readonly draft: (content: string) => string;
  /** Keeps a draft, whole, and returns its new path. */
  readonly keep: (content: string) => string;
  /** Removes an index that cannot be opened. */
  readonly drop: (content: string) => void;
}

/** Indexes that are kept, those that were used last. */
const KEPT = 4;
/** How long a draft is taken for one that somebody writes, in milliseconds. */
const DRAFT_AGE = 24 * 3_600_000;
const INDEX = /^[0-9a-f]{64}\.sqlite$/;

/**
 * The cache of this user, below `XDG_CACHE_HOME` or `~/.cache`; undefined where there is no place that only this user can
 * write to, since who can write an index can hide findings. Another build of Assay never finds its indexes.
 */
export function openIndexCache(env: NodeJS.ProcessEnv = process.env, program = programFile): IndexCache | undefined {
  // Sources change without a new name.
  if (program.endsWith('.ts')) return undefined;
  const home = env.XDG_CACHE_HOME && isAbsolute(env.XDG_CACHE_HOME) ? env.XDG_CACHE_HOME : join(homedir(), '.cache');
  const directory = join(home, 'assay', 'advisories');
  try {
    makeDirectory(directory);
    if (!isOwn(join(home, 'assay')) || !isOwn(directory)) return undefined;
    removeOld(directory);
  } catch {
    return undefined;
  }
  const { size, mtimeMs } = statSync(program);
  const nameOf = (content: string): string =>
    createHash('sha256').update(`${program}\n${size} ${mtimeMs}\n${content}`).digest('hex');
  const fileOf = (content: string): string => join(directory, `${nameOf(content)}.sqlite`);
  const draftOf = (content: string): string => join(directory, `${nameOf(content)}.${process.pid}.draft`);
  return {
    find: (content) => {
      const file = fileOf(content);
      if (!lstatSync(file, { throwIfNoEntry: false })?.isFile()) return undefined;
      const now = new Date();
      utimesSync(file, now, now);
      return file;
    },
    draft: (content) => {
      removeDatabase(draftOf(content));
      return draftOf(content);
    },
    keep: (content) => {
      const draft = openSync(draftOf(content), 'r+');
      try {
        fsyncSync(draft);
      } finally {
        closeSync(draft);
      }
      renameSync(draftOf(content), fileOf(content));
      return fileOf(content);
    },
    drop: (content) => rmSync(fileOf(content), { force: true }),
  };
}

function isOwn(directory: string): boolean {
  const found = lstatSync(directory);
  return found.isDirectory() && found.uid === process.geteuid?.() && (found.mode & 0o022) === 0;
}

/** Leaves the indexes that were used last, and drafts that may be written still. A scan that reads one keeps its open file. */
function removeOld(directory: string): void {
  const files = readdirSync(directory).map((name) => ({ name, path: join(directory, name) }));
  const indexes = files
    .filter(({ name }) => INDEX.test(name))
    .map(({ path }) => ({ path, usedAt: statSync(path).mtimeMs }))
    .sort((a, b) => b.usedAt - a.usedAt);
  const drafts = files.filter(({ name, path }) => !INDEX.test(name) && Date.now() - statSync(path).mtimeMs > DRAFT_AGE);
  for (const { path } of [...indexes.slice(KEPT), ...drafts]) rmSync(path, { force: true });
}
