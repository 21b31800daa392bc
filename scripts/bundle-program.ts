import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { basename, join, relative, resolve, sep } from 'node:path';
import { type Plugin, rolldown } from 'rolldown';
import { filesIn } from './files-in.ts';

/** A program to bundle: its entry, and where its files go. */
export interface Bundle {
  /** The directory that all sources are in: absolute. */
  readonly root: string;
  /** The program's entry, a path below `root`. */
  readonly main: string;
  /** Where the files go: it exists. */
  readonly directory: string;
  /** Where the agent for hosts is looked for when the program runs: a URL, relative to the program or absolute. */
  readonly agents: string;
  /** Where the packages of fonts are when it runs, a URL as above; undefined where they are copied beside the program. */
  readonly fonts?: string | undefined;
  /** What packs the console on first use, a URL as above; undefined where it is packed now. */
  readonly consolePacker?: string | undefined;
}

/** Directories that the program reads when it runs, below `root`, by the name that their copy has beside the program. */
const READ_AT_RUN_TIME: Readonly<Record<string, string>> = {
  'packages/console/src': 'console',
  'packages/model/src': 'model',
};
const CONSOLE = 'packages/console/src';
/** What the packed console is made of. */
const OF_THE_CONSOLE: readonly string[] = [CONSOLE, 'packages/model/src'];
/** It asks which file it was packed into. */
const PROGRAM_FILE = 'packages/server/src/runtime/program-file.ts';
/** What the agent's build makes: it is served as it is, and may come later than the program. */
const AGENTS = 'dist/agent';
/**
 * It and all that it needs are one file: of the fifty small ones that it would share with other commands, Node would look
 * for each, read it and link it.
 */
const SCAN = 'packages/server/src/cli/scan.ts';
/** A package of fonts is referred to as a directory. */
const PACKAGES = 'node_modules/';
/** What a program reads of such a directory: fonts, upright alone, and what says which characters they have. */
const FONTS = /(?:\.ttf|-wght-normal\.woff2|unicode\.json)$/;
const CONSOLE_PACKER = 'scripts/pack-console.ts';
/** For a build, which is made once and served often. */
const BEST = 11;

/**
 * Bundles a program, the threads that it starts and the directories that it reads into one directory: what runs from there
 * needs none of its sources, and so does not change with them. Resolves to the paths of all files that it is made of.
 * Throws where a source refers to a file by `import.meta.url` in a form that the bundle cannot follow.
 */
export async function bundleProgram({
  root,
  main,
  directory,
  agents,
  fonts,
  consolePacker,
}: Bundle): Promise<string[]> {
  const read = new Set<string>();
  const copied = new Set<string>();
  const bundled = await rolldown({
    // Its name is what packed-program.ts starts.
    input: { program: join(root, main) },
    platform: 'node',
    plugins: [
      noteFiles(read),
      bundleRequired,
      nodesOwn(root),
      filesBesideTheProgram({ root, agents, fonts, consolePacker }, copied),
    ],
    logLevel: 'silent',
  });
  try {
    await bundled.write({
      dir: directory,
      format: 'esm',
      entryFileNames: '[name].mjs',
      chunkFileNames: '[name]-[hash].mjs',
      codeSplitting: { groups: [{ name: 'scan', test: (id) => relative(root, id) === SCAN }] },
      // Names stay, for those who read what went wrong.
      minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
      sourcemap: true,
    });
    const packed = consolePacker === undefined && copied.has(CONSOLE);
    const sources = [...copied].filter(
      (path) => !path.startsWith(PACKAGES) && (!packed || !OF_THE_CONSOLE.includes(path)),
    );
    for (const path of sources)
      cpSync(join(root, path), join(directory, READ_AT_RUN_TIME[path] ?? ''), { recursive: true });
    const packedSources = packed ? await putConsole(root, join(directory, READ_AT_RUN_TIME[CONSOLE] ?? '')) : [];
    const inFonts = [...copied]
      .filter((path) => path.startsWith(PACKAGES))
      .flatMap((path) => filesIn(join(root, path)));
    const fontFiles = inFonts.filter((path) => FONTS.test(path));
    if (fonts === undefined)
      for (const path of fontFiles) cpSync(path, join(directory, 'fonts', relative(join(root, PACKAGES), path)));
    const others = sources.flatMap((path) => filesIn(join(root, path)));
    return [...new Set([...read, ...packedSources, ...fontFiles, ...others])];
  } finally {
    await bundled.close();
  }
}

/** Resolves to the paths of all sources that the packed console is made of. */
async function putConsole(root: string, directory: string): Promise<string[]> {
  // The bundler of the console is another one, and takes a third of a second to load.
  const { bundleConsole } = await import('./bundle-console.ts');
  mkdirSync(directory);
  const [sources, model] = OF_THE_CONSOLE.map((path) => join(root, path)) as [string, string];
  return bundleConsole({ sources, model, root, directory, effort: BEST });
}

const REFERENCE = /new URL\(\s*'([^']+)',\s*import\.meta\.url\s*\)/g;
/** Node's own modules are found from anywhere. */
const HARMLESS = /createRequire\(import\.meta\.url\)\('node:/g;

/** Of a module that holds nothing but constants the output may not say that it was read: they are put in where they are used. */
const noteFiles = (read: Set<string>): Plugin => ({
  name: 'note-files',
  moduleParsed: ({ id }) => {
    if (existsSync(id)) read.add(id);
  },
});

const NODES_OWN = /^import (?:\{([^}]*)\}|\* as (\w+)|(\w+)) from ('node:[^']+');$/gm;
const FROM_NODE = /^(?:import|export) (?!type\b)[^;]*\bfrom 'node:[^']+'/m;

/**
 * Takes Node's own modules as they are, and not as ES modules: to make one of those Node reads every export, which loads what
 * only few ask for (of `node:crypto` the Web Crypto API, of `node:http` the client of `fetch`).
 */
const nodesOwn = (root: string): Plugin => ({
  name: 'nodes-own',
  transform(code, id) {
    if (!code.includes("'node:")) return;
    const taken = code.replace(NODES_OWN, (_, names?: string, all?: string, one?: string, module?: string) => {
      const values = names?.replace(/\btype [^,}]+,?/g, '').replace(/\bas\b/g, ':');
      return `const ${values === undefined ? (all ?? one) : `{${values}}`} = globalThis.process.getBuiltinModule(${module});`;
    });
    const left = id.startsWith(root) && !id.includes(`${sep}node_modules${sep}`) && FROM_NODE.exec(taken);
    if (left) this.error(`${relative(root, id)} imports from Node in a way that the bundle cannot follow: ${left[0]}`);
    // No line moves: what the map says of lines stays true.
    return { code: taken, map: null };
  },
});

const OWN_REQUIRE = /^const (require\$?\d*) = createRequire\(import\.meta\.url\);$/m;

/**
 * A dependency that is an ES module may make a `require` of its own, as PDFKit does for its fonts, and find nothing with it
 * beside the program. The bundler follows the calls of the plain one. No line moves.
 */
const bundleRequired: Plugin = {
  name: 'bundle-required',
  transform(code, id) {
    // Compiled from C, and its WebAssembly is in it: of the directory that it asks for it reads nothing.
    if (id.includes(`${sep}wawoff2${sep}`)) return { code: code.replaceAll('__dirname', "''"), map: null };
    if (!id.includes(`${sep}node_modules${sep}`) || !OWN_REQUIRE.test(code)) return;
    const [, own = ''] = OWN_REQUIRE.exec(code) ?? [];
    return { code: code.replace(OWN_REQUIRE, '').replaceAll(`${own}(`, 'require('), map: null };
  },
};

/** Makes the threads of the program entries of their own, and points to copies of the directories that it reads. */
function filesBesideTheProgram(
  { root, agents, fonts = './fonts', consolePacker }: Pick<Bundle, 'root' | 'agents' | 'fonts' | 'consolePacker'>,
  copied: Set<string>,
): Plugin {
  return {
    name: 'files-beside-the-program',
    transform(code, id) {
      if (!code.includes('import.meta.') || !id.startsWith(root) || id.includes(`${sep}node_modules${sep}`)) return;
      if (relative(root, id) === PROGRAM_FILE) return;
      const at = (url: string): string => `new URL(${JSON.stringify(url)}, import.meta.url)`;
      const followed = code.replace(REFERENCE, (reference, path: string) => {
        const file = resolve(id, '..', path);
        if (path.endsWith('-worker.ts')) {
          const fileName = `${basename(file, '.ts')}.mjs`;
          this.emitFile({ type: 'chunk', id: file, fileName });
          return at(`./${fileName}`);
        }
        const directory = relative(root, file);
        if (directory === AGENTS) return at(agents);
        if (directory === CONSOLE_PACKER) return at(consolePacker ?? './console');
        if (directory.startsWith(PACKAGES)) {
          copied.add(directory);
          return at(`${fonts}/${directory.slice(PACKAGES.length)}`);
        }
        const name = READ_AT_RUN_TIME[directory];
        if (name === undefined) this.error(`${relative(root, id)} reads ${directory} when it runs: ${reference}`);
        copied.add(directory);
        return at(`./${name}`);
      });
      const rest = code.replace(REFERENCE, '').replace(HARMLESS, '');
      if (/import\.meta\.(url|dirname|filename)/.test(rest)) {
        this.error(`${relative(root, id)} asks where it is; say new URL('…', import.meta.url) for what it needs there`);
      }
      // No line moves: what the map says of lines stays true.
      return { code: followed, map: null };
    },
  };
}
