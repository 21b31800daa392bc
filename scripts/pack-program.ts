// Packs a program: node pack-program.ts ROOT MAIN CACHE. See packed-program.ts, which calls it.
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Plugin, rolldown } from 'rolldown';
import { ENTRY, MANIFEST, type PackedProgram, type ProgramPlace, stateOf } from './packed-program.ts';

/** After this long nobody is about to start what is not the newest any more: milliseconds. */
const OLD = 3_600_000;

/** Packs a program into a directory of its own in `cache`, which is there, and makes it the newest there. Throws where it cannot be done. */
async function packProgram({ root, main, cache }: ProgramPlace): Promise<void> {
  const directory = mkdtempSync(join(cache, 'packed-'));
  try {
    const began = Date.now();
    const modules = await bundle(join(root, main), directory);
    // What was installed is as the lockfile says.
    const own = [join(root, 'package-lock.json'), ...modules.filter((path) => !path.includes('node_modules'))];
    if (own.some((path) => statSync(path).mtimeMs >= began)) throw new Error('A source was changed meanwhile');
    const made: PackedProgram = {
      root,
      main,
      directory: basename(directory),
      sources: statesOf(own, root),
      files: statesOf(
        readdirSync(directory).map((name) => join(directory, name)),
        directory,
      ),
    };
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

const statesOf = (paths: readonly string[], from: string): Record<string, string> =>
  Object.fromEntries(paths.map((path) => [relative(from, path), stateOf(path) ?? '']));

function removeOld(cache: string): void {
  for (const name of readdirSync(cache)) {
    const path = join(cache, name);
    const found = statSync(path, { throwIfNoEntry: false });
    if (found && Date.now() - found.mtimeMs > OLD) rmSync(path, { recursive: true, force: true });
  }
}

/** Writes the program into `directory`; resolves to the paths of all modules that it is made of. */
async function bundle(main: string, directory: string): Promise<string[]> {
  const bundled = await rolldown({
    input: { program: main },
    platform: 'node',
    plugins: [sourcesWhereTheyAre],
    logLevel: 'silent',
  });
  try {
    const { output } = await bundled.write({
      dir: directory,
      format: 'esm',
      entryFileNames: ENTRY,
      chunkFileNames: '[name]-[hash].mjs',
      // Names stay, for those who read what went wrong.
      minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
      sourcemap: true,
    });
    return output.flatMap((chunk) => (chunk.type === 'chunk' ? chunk.moduleIds : [])).filter((id) => existsSync(id));
  } finally {
    await bundled.close();
  }
}

/** A module finds what lies beside it, and the files that threads begin with, from where its source is. */
const sourcesWhereTheyAre: Plugin = {
  name: 'sources-where-they-are',
  transform: (code, id) =>
    code.includes('import.meta.url')
      ? // No line moves: what the map says of lines stays true.
        { code: code.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href)), map: null }
      : undefined,
};

const [root = '', main = '', cache = ''] = process.argv.slice(2);
await packProgram({ root, main, cache });
