import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { expect, test } from 'vitest';
import { startPostgresServer, whyNoPostgres } from './postgres-server.ts';

const none = whyNoPostgres();
const skipped = none === undefined ? '' : ` (skipped: ${none})`;
const directoryOf = (url: string): string => new URL(url).searchParams.get('host') ?? '';

test('there is a PostgreSQL on the systems that Assay is built on', () => {
  if (process.platform === 'linux' && ['x64', 'arm64'].includes(process.arch)) expect(none).toBeUndefined();
});

test.skipIf(none !== undefined)(`what was committed outlives a restart, and a crash${skipped}`, async () => {
  const server = await startPostgresServer();
  const ask = async (text: string): Promise<unknown[]> => {
    const client = new Client({ connectionString: server.url('postgres') });
    await client.connect();
    const { rows } = await client.query(text);
    await client.end();
    return rows;
  };
  try {
    await ask('create table kept (how text)');
    for (const how of ['orderly', 'crash'] as const) {
      await ask(`insert into kept values ('${how}')`);
      await server.restart(how);
    }
    expect(await ask('select how from kept order by how')).toEqual([{ how: 'crash' }, { how: 'orderly' }]);
  } finally {
    await server.stop();
  }
  expect(existsSync(directoryOf(server.url('postgres')))).toBe(false);
});

test.skipIf(none !== undefined)(`it ends with the process that started it, and leaves nothing${skipped}`, async () => {
  const script = `
    import { startPostgresServer } from ${JSON.stringify(new URL('./postgres-server.ts', import.meta.url).href)};
    const server = await startPostgresServer();
    console.log(server.url('postgres'));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = await once(child.stdout, 'data');
  const directory = directoryOf(`${said}`.trim());
  expect(existsSync(directory)).toBe(true);
  child.kill('SIGKILL');
  // The test's own time is the limit.
  while (existsSync(directory)) await delay(20);
});
