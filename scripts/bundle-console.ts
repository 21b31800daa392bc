import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { build, type Plugin, type Rolldown } from 'vite';
import { filesIn } from './files-in.ts';
import { reactAsModule } from './react-as-module.ts';
import { shortenCloudscape } from './shorten-cloudscape.ts';
import { trimCloudscape } from './trim-cloudscape.ts';

type CodeSplittingGroup = Rolldown.CodeSplittingGroup;
type ChunkingContext = Rolldown.ChunkingContext;

/** A console to bundle. */
export interface ConsoleBundle {
  /** The directory of its sources, with `index.html`: absolute. */
  readonly sources: string;
  /** The directory of the model's sources: what `@assay/model/` is. */
  readonly model: string;
  /** The directory whose node_modules has the packages. */
  readonly root: string;
  /** Where the files go: it exists. */
  readonly directory: string;
  /** How hard to compress with Brotli, from 0 to 11. */
  readonly effort: number;
}

/** A file of a packed console, by its path in the directory. */
interface PackedFile {
  readonly type: string;
  /** As in the ETag header: weak, the same for every coding. */
  readonly etag: string;
  /** Those that are there beside the file, with their ending: `br`, `gz`. */
  readonly compressed: readonly string[];
}

const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  svg: 'image/svg+xml',
  woff2: 'font/woff2',
  woff: 'font/woff',
  png: 'image/png',
};

/** Below this, in bytes, compressing is not worth a header. */
const SMALL = 500;

/**
 * Bundles a console for browsers: split by page, minified, each file but the page named by its content, and compressed
 * beside itself. `console.json` lists the files (see {@link PackedFile}). Resolves to the paths of all sources. Throws where
 * a source has errors, or a file is of a type that is not known here.
 */
export async function bundleConsole({ sources, model, root, directory, effort }: ConsoleBundle): Promise<string[]> {
  const read = new Set<string>();
  await build({
    configFile: false,
    root: sources,
    base: '/console/',
    mode: 'production',
    publicDir: false,
    logLevel: 'silent',
    cacheDir: join(directory, 'cache'),
    define: { 'process.env.NODE_ENV': '"production"' },
    resolve: { alias: [{ find: /^@assay\/model\//, replacement: `${model}${sep}` }] },
    oxc: { jsx: { runtime: 'automatic' } },
    plugins: [
      reactAsModule(root),
      packagesOf(root, sources),
      trimCloudscape(root),
      shortenCloudscape(root),
      noteFiles(read),
    ],
    build: {
      outDir: directory,
      emptyOutDir: false,
      target: 'baseline-widely-available',
      // Every byte that a page runs or shows is a file of the server's: the policy allows nothing else.
      assetsInlineLimit: 0,
      // One file of style: a page of its own would save fewer bytes than its request costs.
      cssCodeSplit: false,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      chunkSizeWarningLimit: Number.POSITIVE_INFINITY,
      sourcemap: false,
      rolldownOptions: { output: { codeSplitting: { groups: groupsOf(sources) } } },
    },
  });
  const files = await Promise.all(
    filesIn(directory).map(async (path) => [
      relative(directory, path).split(sep).join('/'),
      await packFile(path, effort),
    ]),
  );
  writeFileSync(join(directory, 'console.json'), JSON.stringify({ files: Object.fromEntries(files) }));
  return [...read];
}

const FIRST = 'console';
/** Pages that people open by a link. */
const OWN = ['pages/run/page.tsx', 'pages/feeds/page.tsx'];
const HELPERS = /rolldown.runtime|preload-helper/;
/** The lists that people open first, from a bookmark or a link: one file, with what they need. */
const LISTS = [
  'pages/findings/page.tsx',
  'pages/findings/rule-page.tsx',
  'pages/hosts/page.tsx',
  'pages/hosts/host-page.tsx',
  'pages/runs/page.tsx',
];

/**
 * Few files: what the first view needs is one, what the lists need is another, what several of the other pages need is a
 * third, and each page has its own. Left to itself a bundler makes a file of each set of modules that the same pages need,
 * which is a hundred.
 */
function groupsOf(sources: string): CodeSplittingGroup[] {
  const group = (name: string, entries: readonly string[], priority: number): CodeSplittingGroup => {
    let modules: ReadonlySet<string> | undefined;
    return {
      name: (id, graph) => {
        modules ??= importedBy(
          entries.map((entry) => join(sources, entry)),
          graph,
        );
        // The bundler's own helpers go with what is needed first.
        return modules.has(id) || (name === FIRST && HELPERS.test(id)) ? name : null;
      },
      priority,
    };
  };
  return [
    group(FIRST, ['main.tsx'], 4),
    group('lists', LISTS, 3),
    // Of what these share with others, they need a small part.
    ...OWN.map((entry) => group(entry.replace(/^pages\/|\/page.tsx$/g, ''), [entry], 2)),
    { name: 'components', minShareCount: 2, priority: 1 },
  ];
}

/** Modules, and all that they import and not only when it is needed. */
function importedBy(entries: readonly string[], graph: ChunkingContext): ReadonlySet<string> {
  const found = new Set(entries);
  for (const id of found) for (const imported of graph.getModuleInfo(id)?.importedIds ?? []) found.add(imported);
  return found;
}

async function packFile(path: string, effort: number): Promise<PackedFile> {
  const type = TYPES[path.slice(path.lastIndexOf('.') + 1)];
  if (type === undefined) throw new Error(`The console has a file of a type that is not served: ${path}`);
  const body = readFileSync(path);
  const etag = `W/"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;
  // Fonts and pictures are compressed as they are.
  if (body.length < SMALL || !/^text|svg/.test(type)) return { type, etag, compressed: [] };
  const [br, gz] = await Promise.all([
    promisify(brotliCompress)(body, { params: { [constants.BROTLI_PARAM_QUALITY]: effort } }),
    promisify(gzip)(body, { level: 9 }),
  ]);
  writeFileSync(`${path}.br`, br);
  writeFileSync(`${path}.gz`, gz);
  return { type, etag, compressed: ['br', 'gz'] };
}

/** Finds packages in the clone, wherever the sources were copied to. */
const packagesOf = (root: string, sources: string): Plugin => ({
  name: 'packages-of-the-clone',
  enforce: 'pre',
  resolveId(id, importer, options) {
    if (!importer?.startsWith(sources) || !/^@?[a-z]/.test(id) || id.startsWith('@assay/')) return undefined;
    return this.resolve(id, join(root, 'packages/console/package.json'), { ...options, skipSelf: true });
  },
});

const noteFiles = (read: Set<string>): Plugin => ({
  name: 'note-files',
  moduleParsed: ({ id }) => {
    const [path = ''] = id.split('?');
    if (path.startsWith(sep)) read.add(path);
  },
});
