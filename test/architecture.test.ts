import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { packageNames } from '../packages/server/src/rules/published-arns.ts';
import { blankSource } from './support/blank-source.ts';
import { importsOf } from './support/imports-of.ts';

/** Source texts by their path below packages/: `server/src/domain/ids.ts`. */
type Sources = ReadonlyMap<string, string>;

/** The server's floors from the ground up. Those that share one are blind to each other. */
const floors = [
  ['domain'],
  ['rules', 'store', 'feeds', 'content', 'delivery'],
  ['engine'],
  ['operations'],
  ['wire'],
  ['runtime'],
  ['cli'],
];

/** What each floor, and each workspace, may import from outside of Assay. */
const outside: Readonly<Record<string, RegExp>> = {
  model: /^$/,
  agent: /^(node:|saxes$)/,
  domain: /^node:(crypto|net)$/,
  rules: /^node:(crypto|net)$/,
  content: /^(node:|(saxes|xz-decompress|yauzl)$)/,
  feeds: /^(node:|(ae-cvss-calculator|saxes|xz-decompress|yauzl)$)/,
  store: /^(node:(crypto|fs|sqlite|zlib)|kysely|pg|pg-cursor)$/,
  delivery: /^(node:(crypto|http|https|net)|@aws-sdk\/client-sns|nodemailer)$/,
  engine: /^(node:(crypto|zlib|stream|util)|bidi-js|croner|fontkit|pdfkit)$/,
  operations: /^(node:(crypto|net)|cronstrue)$/,
  wire: /^(node:(?!(os|process|timers|perf_hooks|child_process)\b)|fastify$|prom-client$)/,
  runtime: /^(node:|(fastify|node-forge|tar-stream|wawoff2\/build\/decompress_binding\.js)$)/,
  cli: /^(node:|commander$|fastify$)/,
};

/** What only runtime/, cli/ and the agent may touch: everyone else is handed it. */
const worldly: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['the clock', /\bDate\s*\.\s*now\b|\bDate\s*\(\s*\)|\bnew\s+Date\b(?!\s*[(.\w])|\bperformance\s*\.|\bhrtime\b/],
  ['randomness', /\bMath\s*\.\s*random\b|\b(randomBytes|randomUUID|randomInt|randomFill\w*|getRandomValues)\b/],
  ['the process', /\bprocess\s*[.[]|\bimport\s*\.\s*meta\s*\.\s*(env|dirname|filename)\b/],
  ['the terminal', /\bconsole\s*[.[]/],
  ['a timer', /\bset(Timeout|Interval)\b|\bAbortSignal\s*\.\s*timeout\b/],
];

const MIGRATIONS = 'server/src/store/migrations/';
const DIALECT = 'server/src/store/database/dialect.ts';

const sources: Sources = readSources();

/** Folders of rules packages; versions/ is what they share. */
const rulesFolders = [...sources.keys()]
  .flatMap((path) => /^server\/src\/rules\/([^/]+)\//.exec(path)?.[1] ?? [])
  .filter((folder, index, all) => folder !== 'versions' && all.indexOf(folder) === index);

test('there is something to look at', () => {
  const folders = new Set([...sources.keys()].map(floorOf));
  for (const floor of [
    'model',
    'agent',
    'domain',
    'rules',
    'store',
    'engine',
    'operations',
    'wire',
    'runtime',
    'cli',
  ]) {
    expect(folders).toContain(floor);
  }
});

describe('imports', () => {
  test('go strictly down', () => expect(upward(sources)).toEqual([]));
  test('make no cycle', () => expect(cycles(sources)).toEqual([]));
  test('name a file that is there, inside the workspace, with its extension', () =>
    expect(dangling(sources)).toEqual([]));
  test('of other people’s code stand on the one floor that knows it', () => expect(foreign(sources)).toEqual([]));
  test('are never passed on: no export *, no re-exports, no default exports', () =>
    expect(passedOn(sources)).toEqual([]));
});

test('migrations know the dialect and their own formats alone, so that none of them changes with today’s code', () =>
  expect(ofToday(sources)).toEqual([]));

test('clock, randomness, environment, terminal and timers are touched by runtime/, cli/ and the agent only', () => {
  expect(worldliness(sources)).toEqual([]);
});

test('directories are made by makeDirectory, or one at a time: Node’s own recursive mkdir can try for ever', () => {
  expect(recursivelyMade(sources)).toEqual([]);
});

test('files are short: a median of at most 80 lines, nine in ten under 200, and over 300 only for a reason', () => {
  expect(tooLong(sources)).toEqual([]);
});

test('names are in kebab-case, and no folder is named for what has no name', () => {
  expect(misnamed(sources)).toEqual([]);
});

test('no rules package is named outside of rules/', () => expect(namesOfPackages(sources)).toEqual([]));

describe('these walls stand', () => {
  const only = (path: string, text: string, ...more: [string, string][]): Sources => new Map([[path, text], ...more]);
  const at = (floor: string, name: string): string => `server/src/${floor}/${name}.ts`;

  test.each([
    ['domain', "import type { Run } from '../store/runs.ts';"],
    ['store', "import { rules } from '../rules/index.ts';"],
    ['rules', "export const x = await import('../engine/job.ts');"],
    ['engine', "import '../operations/inspector/index.ts';"],
    ['wire', "import { report } from '../runtime/report.ts';"],
    ['wire', "import { openHost } from '@assay/agent/open-host.ts';"],
    ['rules', "type X = import('../store/runs.ts').Run;"],
  ])('%s may not reach upwards or sideways: %s', (floor, text) => {
    expect(upward(only(at(floor, 'x'), text))).toHaveLength(1);
  });

  test('a recursive mkdir is found', () => {
    const text = "await mkdir(join('a', 'b'), { recursive: true, mode: 0o700 });";
    expect(recursivelyMade(only('agent/src/x.ts', text))).toHaveLength(1);
    expect(
      recursivelyMade(only('agent/src/x.ts', 'mkdirSync(each, { mode }); rmSync(a, { recursive: true });')),
    ).toEqual([]);
  });

  test('comments and texts that look like imports are none', () => {
    const text = `// import '../cli/main.ts';\nexport const x = "import '../cli/main.ts'"; /* from '../cli/main.ts' */`;
    expect(upward(only(at('domain', 'x'), text))).toEqual([]);
    expect(importsOf('const quote = /["\'`]/;\nimport { a } from "./a.ts";')).toEqual(['./a.ts']);
    expect(importsOf('import {\n  a,\n  type B,\n} from "./a.ts";\nexport { c } from "./c.ts";')).toEqual([
      './a.ts',
      './c.ts',
    ]);
  });

  test('a cycle is found however long, and through types too', () => {
    const file = (name: string, next: string): [string, string] => [
      at('store', name),
      `import type { X } from './${next}.ts';`,
    ];
    expect(cycles(new Map([file('a', 'b'), file('b', 'c'), file('c', 'a'), file('d', 'a')]))).toEqual([
      'server/src/store/a.ts → server/src/store/b.ts → server/src/store/c.ts → server/src/store/a.ts',
    ]);
  });

  test('an import of nothing, out of the workspace, or without extension is found', () => {
    const text = "import './gone.ts'; import '../../../model/src/arn.ts'; import './x';";
    expect(dangling(only(at('cli', 'x'), text, ['model/src/arn.ts', '']))).toHaveLength(3);
  });

  test.each([
    ['engine', "import { sql } from 'kysely';"],
    ['rules', "import { readFileSync } from 'node:fs';"],
    ['engine', "import { userInfo } from 'node:os';"],
    ['store', "import { setTimeout } from 'node:timers/promises';"],
    ['operations', "import { hostname } from 'node:os';"],
  ])('%s may not know that: %s', (floor, text) => {
    expect(foreign(only(at(floor, 'x'), text))).toHaveLength(1);
  });

  test('a migration that takes a format of today is found', () => {
    const text =
      "import { packJson } from '../database/packed-json.ts'; import type { Dialect } from '../database/dialect.ts';";
    expect(ofToday(only(`${MIGRATIONS}0001-x.ts`, text))).toHaveLength(1);
    expect(ofToday(only('server/src/store/tables/x.ts', text))).toEqual([]);
  });

  test.each([
    "export * from './a.ts';",
    "export { a } from './a.ts';",
    'export default 1;',
    'export { a as default };',
  ])('passing on is found: %s', (text) => expect(passedOn(only(at('store', 'x'), text))).toHaveLength(1));

  test.each([
    'Date.now()',
    'new Date()',
    'new Date',
    'Date()',
    'Math.random()',
    'randomBytes(8)',
    'crypto.randomUUID()',
    'process.env.HOME',
    "process['env']",
    'console.log(1)',
    'setTimeout(f, 1)',
    '1;\nimport { setTimeout as wait } from "node:timers/promises"',
    'AbortSignal.timeout(1)',
    'performance.now()',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is the text of a template.
    '`at ${Date.now()}`',
  ])('worldliness is found: %s', (text) => {
    expect(worldliness(only(at('engine', 'x'), `export const x = ${text};`))).toHaveLength(1);
    expect(worldliness(only(at('cli', 'x'), `export const x = ${text};`))).toEqual([]);
    expect(worldliness(only(at('engine', 'x'), `/** ${text} */ export const x = 1;`))).toEqual([]);
  });

  test('a given time is no clock', () => {
    const text = 'new Date(now); now(); const processes = []; export const date = new Date(1).toISOString();';
    expect(worldliness(only(at('engine', 'x'), text))).toEqual([]);
  });

  test('long files are found', () => {
    const lines = (count: number): string => 'export {};\n'.repeat(count);
    expect(tooLong(only(at('store', 'x'), lines(81)))).toHaveLength(1);
    const short: [string, string][] = Array.from({ length: 9 }, (_, index) => [at('store', `s${index}`), lines(10)]);
    expect(tooLong(only(at('store', 'x'), lines(301), ...short))).toHaveLength(1);
    expect(tooLong(only(at('store', 'x'), `/** Over 300 lines because … */\n${lines(301)}`, ...short))).toEqual([]);
    expect(tooLong(only(at('store', 'x'), lines(201), ...short.slice(1)))).toHaveLength(1);
  });

  test.each([
    "export const advised = 'Common Vulnerabilities and Exposures';",
    "import { x } from '../rules/security-best-practices/index.ts';",
    '/** Network Reachability has a page of its own. */',
  ])('a rules package that is named is found: %s', (text) => {
    for (const path of [at('engine', 'x'), at('cli', 'x'), 'console/src/pages/x.tsx', 'model/src/x.ts']) {
      expect(namesOfPackages(only(path, text))).toHaveLength(1);
    }
    expect(namesOfPackages(only(at('rules', 'x'), text))).toEqual([]);
  });

  test('bad names are found', () => {
    for (const path of ['store/runAgents.ts', 'store/Runs.ts', 'store/utils/x.ts', 'wire/common/x.ts', 'cli/a_b.ts']) {
      expect(misnamed(only(`server/src/${path}`, ''))).toHaveLength(1);
    }
  });
});

function readSources(): Sources {
  const packages = fileURLToPath(new URL('../packages/', import.meta.url));
  return new Map(
    readdirSync(packages, { recursive: true, encoding: 'utf8' })
      .map((path) => path.replaceAll('\\', '/'))
      .filter((path) => /^[a-z]+\/src\/.*\.tsx?$/.test(path))
      .sort()
      .map((path) => [path, readFileSync(packages + path, 'utf8')]),
  );
}

/** The floor that a file stands on: a folder of the server, else its workspace. */
function floorOf(path: string): string {
  const [workspace = '', , folder = ''] = path.split('/');
  return workspace === 'server' ? folder : workspace;
}

/** The path that a specifier means from a file, undefined for what is not of Assay. */
function resolve(from: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(from), specifier);
  const [, workspace, rest] = /^@assay\/([a-z]+)\/(.+)$/.exec(specifier) ?? [];
  return workspace === undefined ? undefined : `${workspace}/src/${rest}`;
}

function* imports(files: Sources): Generator<{ path: string; specifier: string; to: string | undefined }> {
  for (const [path, text] of files) {
    for (const specifier of importsOf(text)) yield { path, specifier, to: resolve(path, specifier) };
  }
}

function mayImport(from: string, to: string): boolean {
  if (from === to || (to === 'model' && from !== 'model')) return true;
  const height = (floor: string): number => floors.findIndex((names) => names.includes(floor));
  if (height(from) < 0) return false;
  if (to === 'agent') return from === 'cli' || from === 'runtime';
  if (from === 'rules') return to === 'domain';
  return height(to) >= 0 && height(to) < height(from);
}

const upward = (files: Sources): string[] =>
  [...imports(files)].flatMap(({ path, to }) =>
    to === undefined || mayImport(floorOf(path), floorOf(to)) ? [] : [`${path} → ${to}`],
  );

function cycles(files: Sources): string[] {
  const next = new Map<string, string[]>();
  for (const { path, to } of imports(files)) if (to) next.set(path, [...(next.get(path) ?? []), to]);
  const found: string[] = [];
  const finished = new Set<string>();
  const visit = (path: string, way: readonly string[]): void => {
    if (way.includes(path)) found.push([...way.slice(way.indexOf(path)), path].join(' → '));
    if (way.includes(path) || finished.has(path)) return;
    for (const to of next.get(path) ?? []) visit(to, [...way, path]);
    finished.add(path);
  };
  for (const path of files.keys()) visit(path, []);
  return found;
}

const dangling = (files: Sources): string[] =>
  [...imports(files)].flatMap(({ path, specifier, to }) => {
    if (to === undefined || /\.(css|json|svg)$/.test(specifier)) return [];
    const strays = specifier.startsWith('.') && to.split('/')[0] !== path.split('/')[0];
    return files.has(to) && !strays ? [] : [`${path}: ${specifier}`];
  });

const foreign = (files: Sources): string[] =>
  [...imports(files)].flatMap(({ path, specifier, to }) =>
    to !== undefined || floorOf(path) === 'console' || outside[floorOf(path)]?.test(specifier)
      ? []
      : [`${path}: ${specifier}`],
  );

/** What migrations import that may change after their release. */
const ofToday = (files: Sources): string[] =>
  [...imports(files)].flatMap(({ path, to }) =>
    !path.startsWith(MIGRATIONS) || to === undefined || to.startsWith(MIGRATIONS) || to === DIALECT
      ? []
      : [`${path} → ${to}`],
  );

const passedOn = (files: Sources): string[] =>
  [...files]
    .filter(([, text]) =>
      /\bexport\s*(type\s*)?(\*|\{[^}]*\}\s*from\b)|\bexport\s+default\b|\bas\s+default\b/.test(blankSource(text)),
    )
    .map(([path]) => path);

const recursivelyMade = (files: Sources): string[] =>
  [...files]
    .filter(([, text]) => /\bmkdir(Sync)?\s*\([^)]*\)?[^;]*\brecursive\b/.test(blankSource(text)))
    .map(([path]) => path);

const worldliness = (files: Sources): string[] =>
  [...files].flatMap(([path, text]) => {
    if (['runtime', 'cli', 'agent', 'console'].includes(floorOf(path))) return [];
    const code = blankSource(text);
    const arguments_ = code.replaceAll(/\bnew\s+Date\s*\(\s*\)/g, 'Date()');
    return worldly.flatMap(([name, pattern]) => (pattern.test(arguments_) ? [`${path}: ${name}`] : []));
  });

function tooLong(files: Sources): string[] {
  const lengths = [...files].map(([path, text]) => ({ path, text, lines: text.trimEnd().split('\n').length }));
  const sorted = lengths.map(({ lines }) => lines).sort((a, b) => a - b);
  const median = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
  const over200 = lengths.filter(({ lines }) => lines > 200);
  return [
    ...(median > 80 ? [`the median file has ${median} lines`] : []),
    ...(over200.length > lengths.length / 10 ? [`over 200 lines: ${over200.map(({ path }) => path).join(', ')}`] : []),
    ...lengths
      .filter(({ lines, text }) => lines > 300 && !/^(?:\/\/|\/\*)[^\n]*(?:\n \*[^\n]*)*over 300 lines/i.test(text))
      .map(({ path, lines }) => `${path} has ${lines} lines and gives no reason at its top`),
  ];
}

const misnamed = (files: Sources): string[] =>
  [...files.keys()].filter((path) => {
    const parts = path.split('/');
    const kebab = parts.every((part) => /^[a-z0-9]+(-[a-z0-9]+)*(\.tsx?)?$/.test(part));
    return !kebab || parts.some((part) => /^(utils?|common|helpers?|misc|lib)$/.test(part));
  });

/** What packages are called, by name and by the folder that each has. */
function namesOfPackages(files: Sources): string[] {
  const folders = packageNames.map((name) => name.toLowerCase().replaceAll(' ', '-'));
  const names = [...packageNames, ...folders, ...rulesFolders];
  return [...files].flatMap(([path, text]) => {
    if (path.startsWith('server/src/rules/')) return [];
    const found = names.find((name) => text.includes(name));
    return found === undefined ? [] : [`${path}: ${found}`];
  });
}
