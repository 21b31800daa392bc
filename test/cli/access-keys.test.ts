import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bootstrapKey } from '../../packages/server/src/cli/access-keys.ts';
import { startTestServer, testKey } from '../support/test-server.ts';

const env = { ASSAY_ACCESS_KEY_ID: 'AKIDENV', ASSAY_SECRET_ACCESS_KEY: 'from the environment' };

test('a key of the environment that was revoked stays revoked when the server starts again', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'assay-test-'));
  const server = await startTestServer({ directory });
  try {
    const { service } = server;
    expect(await bootstrapKey(service, env)).toMatchObject({ accessKeyId: 'AKIDENV', created: false });
    expect(await service.store.accessKeys.revoke('AKIDENV', Date.now())).toBe(true);
    await expect(bootstrapKey(service, env)).rejects.toThrow(/AKIDENV, which was revoked/);
    expect((await service.store.accessKeys.find('AKIDENV'))?.revokedAt).toBeTypeOf('number');
    // The store has a valid key: none is made.
    expect(testKey.accessKeyId).toBe('AKIDTEST');
    expect(await bootstrapKey(service, {})).toBeUndefined();
  } finally {
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  }
});
