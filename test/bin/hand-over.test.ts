import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, onTestFinished, test } from 'vitest';

const BIN = join(import.meta.dirname, '../../packages/server/bin');

/** Stops as a server does: listeners that stay, a moment of work, status 0. */
const ORDERLY = `
const { onStop } = await import(${JSON.stringify(join(import.meta.dirname, '../../packages/server/src/cli/on-stop.ts'))});
const alive = setInterval(() => undefined, 1000);
onStop(() => setTimeout(() => { console.log('stopped'); clearInterval(alive); }, 100));
console.log('ready', process.pid);
`;

describe('a signal ends what was handed over to once and in order', () => {
  test.each([
    ['the wrapper', (wrapper: number, _child: number) => process.kill(wrapper, 'SIGTERM')],
    ['the child', (_wrapper: number, child: number) => process.kill(child, 'SIGTERM')],
    ['the group', (wrapper: number) => process.kill(-wrapper, 'SIGINT')],
    [
      'all of them, again and again',
      (wrapper: number, child: number) => {
        for (const pid of [wrapper, child, -wrapper, wrapper, -wrapper]) process.kill(pid, 'SIGTERM');
      },
    ],
  ])('sent to %s', async (_, send) => {
    const { lines, wrapper, child, ended } = await start(ORDERLY);
    send(wrapper, child);
    expect(await ended).toEqual([0, null]);
    expect(lines).toEqual(['stopped']);
  });
});

test('its status is handed on', async () => {
  const { ended } = await start(`console.log('ready', process.pid); process.exitCode = 7;`);
  expect(await ended).toEqual([7, null]);
});

test('a signal that ends it ends the wrapper too', async () => {
  const { wrapper, ended } = await start(`console.log('ready', process.pid); setInterval(() => undefined, 1000);`);
  process.kill(wrapper, 'SIGTERM');
  expect(await ended).toEqual([null, 'SIGTERM']);
});

test('what cannot be started is told', async () => {
  const child = runWrapper('/nowhere/node', []);
  const [line] = await once(createInterface(child.stdout as NodeJS.ReadableStream), 'line');
  expect(line).toBe('failed ENOENT');
});

/** A program under the wrapper, in a process group of its own, once it is ready. */
async function start(program: string) {
  const child = runWrapper(process.execPath, ['--input-type=module', '-e', program]);
  const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  const lines: string[] = [];
  const output = createInterface(child.stdout as NodeJS.ReadableStream);
  const [first] = (await once(output, 'line')) as [string];
  output.on('line', (line) => lines.push(line));
  return { lines, wrapper: child.pid ?? 0, child: Number(first.split(' ')[1]), ended };
}

function runWrapper(program: string, args: readonly string[]): ChildProcess {
  const wrapper = `
    const { handOver } = await import(${JSON.stringify(join(BIN, 'hand-over.mjs'))});
    handOver(${JSON.stringify(program)}, ${JSON.stringify(args)}, ({ code }) => console.log('failed', code));
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', wrapper], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}
