import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runProgram, works } from '../support/run-program.ts';
import { startServerProcess } from '../support/server-process.ts';

const ROOT = join(import.meta.dirname, '../..');
/** As the bundler writes them: `import{a as b}from"./c.mjs"`, `import("./d.mjs")`. */
const IMPORT = /(?:^|[;}\n])import(?:[\w$*{}, ]*from)?"([^"]+)"|\bimport\(["`]([^"`]+)["`]\)/g;
const scratch = mkdtempSync(join(tmpdir(), 'assay-build-'));
const built = join(scratch, 'server');

beforeAll(async () => {
  const made = join(scratch, 'made');
  const { status, stderr } = await runProgram(process.execPath, [join(ROOT, 'scripts/build.ts'), '--out', made], {
    env: { PATH: process.env.PATH ?? '' },
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  // It runs wherever it is put.
  cpSync(made, built, { recursive: true });
  rmSync(made, { recursive: true });
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

test('a build serves from anywhere, with its console, and ends in order', async () => {
  const server = startServerProcess(join(scratch, 'data'), {}, join(built, 'assay.mjs'));
  const endpoint = await server.ready;
  expect(endpoint, server.complaints()).toBeDefined();
  expect((await fetch(`${endpoint}/health`)).status).toBe(200);
  // Packed beforehand: there is nothing here that could pack it.
  const page = await (await fetch(`${endpoint}/console/`)).text();
  expect(page).toMatch(/src="\/console\/assets\/console-[\w-]+\.js"/);
  // The agent's build is looked for beside it.
  expect((await fetch(`${endpoint}/agent/install.sh`)).status).toBe(404);
  expect(await server.end('SIGTERM')).toBe(0);
});

test('a build names nothing of the clone that it was made in, and needs no package', () => {
  const files = readdirSync(built, { recursive: true, withFileTypes: true }).filter(({ name }) =>
    name.endsWith('.mjs'),
  );
  expect(files.length).toBeGreaterThan(50);
  const foreign = files.flatMap((file) => {
    const text = readFileSync(join(file.parentPath, file.name), 'utf8');
    const imported = [...text.matchAll(IMPORT)].map(([, from, dynamic]) => from ?? dynamic ?? '');
    const packages = imported.filter((name) => !name.startsWith('./') && !isBuiltin(name));
    return [...packages, ...(text.includes(ROOT) ? [ROOT] : [])].map((name) => `${file.name}: ${name}`);
  });
  expect(foreign).toEqual([]);
});

test('a build has the fonts of PDF reports, and opens them', async () => {
  const chunk = readdirSync(join(built, 'program')).find((name) => /^report-fonts-.*\.mjs$/.test(name)) ?? '';
  const program = `import { reportFonts } from ${JSON.stringify(join(built, 'program', chunk))};
    const { regular, bold, mono } = await reportFonts();
    const all = new Map([...regular, ...bold, ...mono].map((font) => [font.name, font]));
    const sizes = [...all.values()].filter(({ name }) => !name.includes('noto-sans') || /-119-/.test(name)).map(({ read }) => read().length);
    console.log(JSON.stringify({ fonts: all.size, opened: sizes.length, smallest: Math.min(...sizes) }));`;
  const { status, stdout, stderr } = await runProgram(process.execPath, ['--input-type=module', '--eval', program], {
    env: {},
  });
  expect(status, stderr).toBe(0);
  const { fonts, opened, smallest } = JSON.parse(stdout) as { fonts: number; opened: number; smallest: number };
  expect(fonts).toBeGreaterThan(600);
  expect(opened).toBeGreaterThan(8);
  expect(smallest).toBeGreaterThan(10_000);
});

test('a build passes on the licences of what it holds', () => {
  const licenses = readFileSync(join(built, 'THIRD-PARTY-LICENSES'), 'utf8');
  for (const name of ['@cloudscape-design/components', 'fastify', 'kysely', 'pdfkit', 'pg', 'react-dom'])
    expect(licenses).toMatch(new RegExp(`^=== ${name} \\d`, 'm'));
});

test('an older Node is told which one is needed', async () => {
  const { isNewEnough } = (await import(join(built, 'node-needed.mjs'))) as {
    isNewEnough: (version: string) => boolean;
  };
  expect(['24.15.0', '24.16.1', '26.0.0', '30.1.0'].map(isNewEnough)).toEqual([true, true, true, true]);
  expect(['20.20.2', '22.99.0', '24.14.9'].map(isNewEnough)).toEqual([false, false, false]);
});

test.skipIf(!works('systemd-analyze', ['--version']))('the unit that comes with it exposes little', () => {
  const { status, stdout } = spawnSync(
    'systemd-analyze',
    ['security', '--no-pager', '--offline=true', '--threshold=20', join(built, 'assay.service')],
    { encoding: 'utf8' },
  );
  expect(status, stdout).toBe(0);
});
