/**
 * Packs the console: node pack-console.ts CONSOLE MODEL, two directories of sources. Prints the directory that it is packed
 * into, which is kept in the clone's cache and made once for the same sources. The server calls it when a browser first asks
 * for the console: see docs/decisions/2026-12-01-console-on-cloudscape.md.
 */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { setPriority, tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { filesIn } from './files-in.ts';

const root = join(import.meta.dirname, '..');
/** What packs: a console packed by another version is another console. */
const PACKERS = [
  'pack-console.ts',
  'bundle-console.ts',
  'react-as-module.ts',
  'shorten-cloudscape.ts',
  'trim-cloudscape.ts',
];
/** After so many milliseconds without a use a packed console is removed. */
const OLD = 7 * 86_400_000;
/** Brotli takes seconds at its best, which is for builds. */
const EFFORT = 9;

const [, , sources = '', model = ''] = process.argv;
// The server answers other requests meanwhile.
setPriority(10);
process.stdout.write(`${await packed(sources, model, cacheDirectory())}\n`);

async function packed(console: string, model: string, cache: string): Promise<string> {
  const place = join(cache, stateOf(console, model));
  if (existsSync(join(place, 'console.json'))) {
    utimesSync(place, new Date(), new Date());
    return place;
  }
  const making = mkdtempSync(join(cache, 'packing-'));
  try {
    const { bundleConsole } = await import('./bundle-console.ts');
    await bundleConsole({ sources: console, model, root, directory: making, effort: EFFORT });
    renameSync(making, place);
  } catch (error) {
    rmSync(making, { recursive: true, force: true });
    // Another process was at the same, and sooner.
    if (!existsSync(join(place, 'console.json'))) throw error;
  }
  removeOld(cache);
  return place;
}

/** A name for what these sources become. */
function stateOf(...directories: readonly string[]): string {
  const state = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')));
  for (const name of PACKERS) state.update(readFileSync(join(import.meta.dirname, name)));
  for (const directory of directories) {
    for (const path of filesIn(directory).toSorted()) {
      state.update(`\n${relative(directory, path)}\n`).update(readFileSync(path));
    }
  }
  return state.digest('hex').slice(0, 32);
}

function cacheDirectory(): string {
  const cache = join(root, '.cache/assay-console');
  try {
    mkdirSync(cache, { recursive: true });
    rmSync(mkdtempSync(join(cache, 'probe-')), { recursive: true });
    return cache;
  } catch {
    // A clone that only another user may write to: packed for this server alone.
    return mkdtempSync(join(tmpdir(), 'assay-console-'));
  }
}

function removeOld(cache: string): void {
  for (const name of readdirSync(cache)) {
    const found = statSync(join(cache, name), { throwIfNoEntry: false });
    if (found && Date.now() - found.mtimeMs > OLD) rmSync(join(cache, name), { recursive: true, force: true });
  }
}
