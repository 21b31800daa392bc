import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { createSqlitePresence } from '../../../packages/server/src/store/database/sqlite-presence.ts';
import { closing, temporaryFile } from '../open-temporary.ts';

const present = (file: string) => closing(createSqlitePresence(file), (presence) => presence.release());

test('one at a time, and the next when it lets go', async () => {
  const file = temporaryFile();
  const first = createSqlitePresence(file);
  expect(await first.alone()).toBe(true);
  expect(await first.alone()).toBe(true);
  const second = present(file);
  expect(await second.alone()).toBe(false);
  await first.release();
  expect(await second.alone()).toBe(true);
});

test('a process that is killed lets go', async () => {
  const file = temporaryFile();
  const module = fileURLToPath(
    new URL('../../../packages/server/src/store/database/sqlite-presence.ts', import.meta.url),
  );
  const script = `
    import { createSqlitePresence } from ${JSON.stringify(module)};
    globalThis.presence = createSqlitePresence(${JSON.stringify(file)});
    console.log(await globalThis.presence.alone() ? 'alone' : 'not alone');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = await once(child.stdout, 'data');
  expect(`${said}`.trim()).toBe('alone');
  const other = present(file);
  expect(await other.alone()).toBe(false);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await other.alone()).toBe(true);
});
