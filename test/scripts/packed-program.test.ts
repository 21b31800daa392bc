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
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
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

test('its threads run from the packed files too, whatever becomes of the sources', async () => {
  const program = makeProgram();
  program.write(
    'src/greet-worker.ts',
    `import { greeting } from './greeting.ts';\nconsole.log(greeting satisfies string);`,
  );
  program.write(
    MAIN,
    `import { Worker } from 'node:worker_threads';\nnew Worker(new URL('./greet-worker.ts', import.meta.url), { execArgv: [] });`,
  );
  const url = await program.packed();
  program.write('src/greeting.ts', `export const greeting = 'good evening';`);
  expect(await program.run(url)).toBe('bonjour\n');
});

test.each([
  ['a file', `new URL('./greeting.ts', import.meta.url)`, 'src/main.ts reads src/greeting.ts when it runs'],
  ['its own place', 'import.meta.dirname', 'src/main.ts asks where it is'],
  ['an address that is put together', 'new URL(String(1), import.meta.url)', 'src/main.ts asks where it is'],
])('a source that reads %s beside it cannot be packed', async (_, expression, complaint) => {
  const program = makeProgram();
  program.write(MAIN, `console.log(${expression});`);
  await expect(program.packed()).rejects.toThrow(complaint);
});

test('an error is told by the lines of the sources', async () => {
  const program = makeProgram();
  program.write(MAIN, `\n\nfunction fail(): never {\n  throw new Error('here');\n}\nfail();`);
  const { stderr } = await program.start(await program.packed());
  expect(stderr).toContain(`at fail (${join(program.root, MAIN)}:4:`);
});

test('what cannot be packed leaves nothing behind, and says why', async () => {
  const program = makeProgram();
  program.write(MAIN, 'const = 1;');
  await expect(program.packed()).rejects.toThrow('src/main.ts');
  expect(readdirSync(program.cache)).toEqual([]);
});

test('a source from a clock that is ahead is packed once, like any other', async () => {
  const program = makeProgram();
  const later = Date.now() / 1000 + 3600;
  utimesSync(join(program.root, MAIN), later, later);
  const url = await program.packed();
  expect(await program.run(url)).toBe('bonjour\n');
  expect(await program.packed()).toBe(url);
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

test('where nothing can be written it is packed for this process alone', async () => {
  const program = makeProgram();
  writeFileSync(program.cache, 'a file where the directory would be');
  const url = await program.packed();
  expect(await program.run(url)).toBe('bonjour\n');
  expect(url).toContain(pathToFileURL(join(tmpdir(), 'assay-program-')).href);
});

test('programs that are an hour old are removed, unless a process runs from them', async () => {
  const program = makeProgram();
  const changeAndPack = async (text: string): Promise<string> => {
    program.write('src/greeting.ts', `export const greeting: string = '${text}';`);
    return fileURLToPath(new URL('.', await program.packed()));
  };
  const users = (directory: string) => readdirSync(join(directory, 'users'));
  const first = await changeAndPack('one');
  expect(users(first)).toEqual([`${process.pid}`]);
  utimesSync(first, 1, 1);
  const second = await changeAndPack('the second');
  expect(readdirSync(first)).toContain('program.mjs');

  // As if this process had ended.
  rmSync(join(first, 'users'), { recursive: true });
  utimesSync(first, 1, 1);
  const third = await changeAndPack('number three');
  expect(readdirSync(program.cache).toSorted()).toEqual([basename(second), basename(third), 'program.json'].toSorted());
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
