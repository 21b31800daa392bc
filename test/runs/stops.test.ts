import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { assayProgram } from '../support/assay-program.ts';
import { effort } from '../support/effort.ts';

const HAND_OVER = join(import.meta.dirname, '../../packages/server/bin/hand-over.mjs');
const STOPS = effort('stops', 4);

/** Whom a shell, a terminal and a supervisor send their signal to. */
const whom = {
  'the wrapper': (wrapper: number, _server: number) => [wrapper],
  'the server': (_wrapper: number, server: number) => [server],
  'their group': (wrapper: number, _server: number) => [-wrapper],
  'all of them, twice': (wrapper: number, server: number) => [-wrapper, wrapper, server, -wrapper],
};

test(
  `${STOPS} stops of a server under a wrapper, in every way: each ends with status 0 and the whole store in its file`,
  async () => {
    const directory = mkdtempSync(join(tmpdir(), 'assay-stops-'));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    const ways = Object.entries(whom);
    for (let stop = 0; stop < STOPS; stop++) {
      const [name, targets] = ways[stop % ways.length] ?? ['', () => []];
      const signal = stop % 2 === 0 ? 'SIGTERM' : 'SIGINT';
      const { wrapper, server, ended } = await serve(directory);
      for (const pid of targets(wrapper, server)) process.kill(pid, signal);
      expect(await ended, `${signal} to ${name}`).toEqual([0, null]);
      expect(readdirSync(directory).filter((file) => file.endsWith('-wal'))).toEqual([]);
    }
  },
  60_000 + STOPS * 2000,
);

/** A server as a shell with an older Node starts it: handed over to, in a process group of its own. */
async function serve(directory: string) {
  const args = [assayProgram, 'serve', '--port', '0', '--data-dir', directory];
  const program = `import(${JSON.stringify(HAND_OVER)}).then(({ handOver }) => handOver(process.execPath, ${JSON.stringify(args)}, console.error));`;
  const child = spawn(process.execPath, ['-e', program], { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
  // The server too, should the test fail.
  onTestFinished(() => {
    if (child.exitCode === null && child.signalCode === null && child.pid !== undefined)
      process.kill(-child.pid, 'SIGKILL');
  });
  const ended = once(child, 'exit');
  await once(createInterface(child.stdout), 'line');
  const wrapper = child.pid ?? 0;
  const children = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/ +/).map(Number))
    .filter(([, parent]) => parent === wrapper);
  expect(children).toHaveLength(1);
  const [[server = 0] = []] = children;
  return { wrapper, server, ended };
}
