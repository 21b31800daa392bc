import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { type PackedProgram, packedProgram } from '../../scripts/packed-program.ts';
import { runProgram } from '../support/run-program.ts';

const MAIN = 'src/main.ts';

test('a program runs from its packed files, which are made once', async () => {
  const program = makeProgram();
  const url = await program.packed();
  expect(url).toContain(pathToFileURL(program.cache).href);
  expect(await program.run(url)).toBe('bonjour\n');
  expect(await program.packed()).toBe(url);
});

test('it is packed anew when a source was changed, is another, or went', async () => {
  const program = makeProgram();
  const first = await program.packed();

  program.write('src/greeting.ts', `export const greeting: string = 'good evening';`);
  const second = await program.packed();
  expect(second).not.toBe(first);
  expect(await program.run(second)).toBe('good evening\n');

  program.write(MAIN, `console.log('alone' satisfies string);`);
  rmSync(join(program.root, 'src/greeting.ts'));
  expect(await program.run(await program.packed())).toBe('alone\n');
});

test('it is packed anew when something else was installed', async () => {
  const program = makeProgram();
  const first = await program.packed();
  program.write('package-lock.json', '{ "another": 1 }');
  expect(await program.packed()).not.toBe(first);
});

test('several may pack it at once', async () => {
  const program = makeProgram();
  const urls = await Promise.all([program.packed(), program.packed(), program.packed()]);
  for (const url of urls) expect(await program.run(url)).toBe('bonjour\n');
  expect(urls).toContain(await program.packed());
});

test('a module finds what lies beside its source', async () => {
  const program = makeProgram();
  program.write(MAIN, `console.log(import.meta.url);`);
  expect(await program.run(await program.packed())).toBe(`${pathToFileURL(join(program.root, MAIN)).href}\n`);
});

test('an error is told by the lines of the sources', async () => {
  const program = makeProgram();
  program.write(MAIN, `\n\nfunction fail(): never {\n  throw new Error('here');\n}\nfail();`);
  const { stderr } = await program.start(await program.packed());
  expect(stderr).toContain(`at fail (${join(program.root, MAIN)}:4:`);
});

test('what cannot be packed, or is not what it was, is left to its sources', async () => {
  const program = makeProgram();
  program.write(MAIN, 'const = 1;');
  expect(await program.packed()).toBeUndefined();

  // As if it were written while it is read.
  program.write(MAIN, `console.log('later');`);
  const later = Date.now() / 1000 + 3600;
  utimesSync(join(program.root, MAIN), later, later);
  expect(await program.packed()).toBeUndefined();
  expect(readdirSync(program.cache)).toEqual([]);
});

test.each([
  ['nothing of the program', (cache: string, packed: string) => rmSync(join(cache, packed), { recursive: true })],
  ['an empty file', (cache: string, packed: string) => writeFileSync(join(cache, packed, 'program.mjs'), '')],
  ['half a manifest', (cache: string) => writeFileSync(join(cache, 'program.json'), '{ "root": ')],
  [
    'a manifest of another version',
    (cache: string) => {
      const manifest = join(cache, 'program.json');
      const { files: _, ...rest } = JSON.parse(readFileSync(manifest, 'utf8')) as PackedProgram;
      writeFileSync(manifest, JSON.stringify(rest));
    },
  ],
  ['no manifest', (cache: string) => rmSync(join(cache, 'program.json'))],
])('from a cache with %s it is packed anew', async (_, damage) => {
  const program = makeProgram();
  await program.packed();
  damage(program.cache, readdirSync(program.cache).find((name) => name.startsWith('packed-')) ?? '');
  const url = await program.packed();
  expect(await program.run(url)).toBe('bonjour\n');
  expect(await program.packed()).toBe(url);
});

test('where nothing can be written the program is left to its sources', async () => {
  const program = makeProgram();
  writeFileSync(program.cache, 'a file where the directory would be');
  expect(await program.packed()).toBeUndefined();
});

test('programs that are an hour old are removed', async () => {
  const program = makeProgram();
  await program.packed();
  const [old = ''] = readdirSync(program.cache);
  utimesSync(join(program.cache, old), 1, 1);
  program.write('src/greeting.ts', `export const greeting: string = 'good evening';`);
  await program.packed();
  expect(readdirSync(program.cache)).not.toContain(old);
  expect(readdirSync(program.cache)).toHaveLength(2);
});

/** A program of two modules in a directory of its own. */
function makeProgram() {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'assay-test-')));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const cache = join(root, 'cache');
  mkdirSync(join(root, 'src'));
  const write = (path: string, text: string): void => {
    writeFileSync(join(root, path), text);
    // As sources are: not of this moment.
    utimesSync(join(root, path), 1_700_000_000, 1_700_000_000);
  };
  write('package-lock.json', '{}');
  write('package.json', '{ "type": "module" }');
  write('src/greeting.ts', `export const greeting: string = 'bonjour';`);
  write(MAIN, `import { greeting } from './greeting.ts';\nconsole.log(greeting);`);
  const start = (url = '') =>
    runProgram(process.execPath, ['--enable-source-maps', '--input-type=module', '-e', `await import('${url}')`], {
      env: {},
    });
  return {
    root,
    cache,
    write,
    packed: () => packedProgram({ root, main: MAIN, cache }),
    start,
    run: async (url?: string): Promise<string> => (await start(url)).stdout,
  };
}
