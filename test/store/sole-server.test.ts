import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { lockAsSoleServer } from '../../packages/server/src/store/sole-server.ts';
import { temporaryFile } from './open-temporary.ts';

test('one at a time, and the next when it lets go', () => {
  const file = temporaryFile();
  const first = lockAsSoleServer(file);
  expect(first).toBeDefined();
  expect(lockAsSoleServer(file)).toBeUndefined();
  first?.release();
  const second = lockAsSoleServer(file);
  expect(second).toBeDefined();
  second?.release();
});

test('a process that is killed lets go', async () => {
  const file = temporaryFile();
  const module = fileURLToPath(new URL('../../packages/server/src/store/sole-server.ts', import.meta.url));
  const script = `
    import { lockAsSoleServer } from ${JSON.stringify(module)};
    globalThis.lock = lockAsSoleServer(${JSON.stringify(file)});
    console.log(globalThis.lock ? 'locked' : 'not locked');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = await once(child.stdout, 'data');
  expect(`${said}`.trim()).toBe('locked');
  expect(lockAsSoleServer(file)).toBeUndefined();
  child.kill('SIGKILL');
  await once(child, 'exit');
  const lock = lockAsSoleServer(file);
  expect(lock).toBeDefined();
  lock?.release();
});
