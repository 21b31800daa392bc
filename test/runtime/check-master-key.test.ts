import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runAssay } from '../cli/run-assay.ts';
import { startTestServer } from '../support/test-server.ts';

test('a store is not used with another master key than its first, and that one is accepted again', async () => {
  const server = await startTestServer({ jobs: false });
  const first = server.service.store;
  expect(await first.settings.settle('master key', 'another')).toMatch(/^[0-9a-f]{64}$/);
  await server.stop({ keep: true });

  const again = await startTestServer({ jobs: false, directory: server.directory });
  await again.stop({ keep: true });

  rmSync(join(server.directory, 'master.key'));
  await expect(startTestServer({ jobs: false, directory: server.directory })).rejects.toThrow(
    /another master key.*Copy master\.key/,
  );
  const keys = await runAssay(['keys', 'create', '--data-dir', server.directory]);
  expect(keys.status).toBe(2);
  expect(keys.stderr).toContain('another master key');
  rmSync(server.directory, { recursive: true });
});
