// Packs a program: node pack-program.ts ROOT MAIN CACHE. See packed-program.ts, which calls it.
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Bundle, bundleProgram } from './bundle-program.ts';
import { filesIn } from './files-in.ts';
import { inUse, MANIFEST, type PackedProgram, type ProgramPlace, stateOf } from './packed-program.ts';

/** After this long nobody is about to start what is not the newest any more: milliseconds. */
const OLD = 3_600_000;
/** What the files are made by: they are of these sources too. */
const PACKERS = ['pack-program.ts', 'bundle-program.ts', 'packed-program.ts'];

/**
 * Packs a program into a directory of its own in `cache`, which is there, and makes it the newest there. Throws where it
 * cannot be done.
 */
async function packProgram({ root, main, cache }: ProgramPlace): Promise<void> {
  const directory = mkdtempSync(join(cache, 'packed-'));
  try {
    const agents = pathToFileURL(join(root, 'dist/agent')).href;
    const fonts = pathToFileURL(join(root, 'node_modules')).href;
    const consolePacker = pathToFileURL(join(root, 'scripts/pack-console.ts')).href;
    const made = await packUnchanged({ root, main, directory, agents, fonts, consolePacker });
    // Others may be at it too: whoever comes last is the newest.
    const manifest = `${directory}.json`;
    writeFileSync(manifest, JSON.stringify(made));
    renameSync(manifest, join(cache, MANIFEST));
    removeOld(cache);
  } catch (error) {
    rmSync(directory, { recursive: true, force: true });
    throw error;
  }
}

/** Packs again what changes meanwhile, as under `git pull`. */
async function packUnchanged(bundle: Bundle, tries = 3): Promise<PackedProgram> {
  const { root, main, directory } = bundle;
  const began = Date.now();
  const sources = await bundleProgram(bundle);
  // What was installed is as the lockfile says.
  const own = [
    join(root, 'package-lock.json'),
    ...PACKERS.map((name) => join(import.meta.dirname, name)),
    ...sources.filter((path) => !path.includes('node_modules')),
  ];
  const ended = Date.now();
  const changed = own.find((path) => isWithin(statSync(path).mtimeMs, began, ended));
  if (changed === undefined) {
    const files = statesOf(filesIn(directory).filter(isLoaded), directory);
    return { root, main, directory: basename(directory), sources: statesOf(own, root), files };
  }
  if (tries === 1) throw new Error(`${relative(root, changed)} changed while it was packed`);
  rmSync(directory, { recursive: true });
  mkdirSync(directory);
  return packUnchanged(bundle, tries - 1);
}

const isWithin = (time: number, from: number, to: number): boolean => time >= from && time <= to;

/** A start looks at these; the maps are for whoever reads what went wrong. */
const isLoaded = (path: string): boolean => !path.endsWith('.map');

const statesOf = (paths: readonly string[], from: string): Record<string, string> =>
  Object.fromEntries(paths.map((path) => [relative(from, path), stateOf(path) ?? '']));

/** What runs from an old one starts threads from it for as long as it lives, so it stays until then. */
function removeOld(cache: string): void {
  for (const name of readdirSync(cache)) {
    const path = join(cache, name);
    const found = statSync(path, { throwIfNoEntry: false });
    if (found && Date.now() - found.mtimeMs > OLD && !inUse(path)) rmSync(path, { recursive: true, force: true });
  }
}

const [root = '', main = '', cache = ''] = process.argv.slice(2);
try {
  await packProgram({ root, main, cache });
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
