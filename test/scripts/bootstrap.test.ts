import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const ROOT = join(import.meta.dirname, '../..');

/** Stands for npm: writes down when it begins and ends, and fails while there is a file `fail`. */
const NPM = `
const { appendFileSync, existsSync, mkdirSync } = require('node:fs');
appendFileSync('log', 'begin\\n');
setTimeout(() => {
  mkdirSync('node_modules', { recursive: true });
  appendFileSync('log', 'end\\n');
  process.exitCode = existsSync('fail') ? 1 : 0;
}, 400);
`;

function newClone() {
  const directory = temporaryDirectory('bootstrap');
  for (const name of ['scripts/bootstrap.mjs', 'packages/server/bin/node-needed.mjs', 'package-lock.json']) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    copyFileSync(join(ROOT, name), join(directory, name));
  }
  writeFileSync(join(directory, 'npm.cjs'), NPM);
  const start = async (): Promise<number | null> => {
    const child = spawn(process.execPath, ['scripts/bootstrap.mjs'], {
      cwd: directory,
      env: { ...process.env, npm_execpath: join(directory, 'npm.cjs') },
      stdio: 'ignore',
    });
    const [status] = (await once(child, 'exit')) as [number | null];
    return status;
  };
  const lock = join(directory, '.cache', 'installing');
  return { directory, start, lock, log: () => readFileSync(join(directory, 'log'), 'utf8') };
}

test('of several that start at once one installs, and all go on when it has', async () => {
  const { start, log, lock } = newClone();
  expect(await Promise.all(Array.from({ length: 5 }, start))).toEqual([0, 0, 0, 0, 0]);
  expect(log()).toBe('begin\nend\n');
  expect(existsSync(lock)).toBe(false);
});

test('the lock of a process that is gone is nobody’s', async () => {
  const { directory, start, log, lock } = newClone();
  const gone = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await once(gone, 'exit');
  mkdirSync(join(directory, '.cache'));
  writeFileSync(lock, String(gone.pid));
  expect(await start()).toBe(0);
  expect(log()).toBe('begin\nend\n');
});

test('an installation that fails ends with 2, and the next one tries again', async () => {
  const { directory, start, log } = newClone();
  writeFileSync(join(directory, 'fail'), '');
  expect(await start()).toBe(2);
  rmSync(join(directory, 'fail'));
  expect(await start()).toBe(0);
  expect(log()).toBe('begin\nend\nbegin\nend\n');
});
