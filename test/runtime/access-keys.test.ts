import { type AddressInfo, createServer } from 'node:net';
import { expect, test } from 'vitest';
import { serve } from '../../packages/server/src/cli/serve.ts';
import { firstKey, keepEnvironmentKey } from '../../packages/server/src/runtime/access-keys.ts';
import { startTestServer, testKey } from '../support/test-server.ts';
import { databaseOf, newDataDirectory, removeStore } from '../support/test-store.ts';

const env = { ASSAY_ACCESS_KEY_ID: 'AKIDENV', ASSAY_SECRET_ACCESS_KEY: 'from the environment' };

test('a key of the environment that was revoked stays revoked when the server starts again', async () => {
  const directory = newDataDirectory();
  const server = await startTestServer({ directory });
  try {
    const { service } = server;
    expect(await keepEnvironmentKey(service, env)).toBe('123456789012');
    expect(await service.store.accessKeys.find('AKIDENV')).toMatchObject({ revokedAt: null, policy: null });
    expect(await service.store.accessKeys.revoke('AKIDENV', Date.now())).toBe(true);
    await expect(keepEnvironmentKey(service, env)).rejects.toThrow(/AKIDENV, which was revoked/);
    expect((await service.store.accessKeys.find('AKIDENV'))?.revokedAt).toBeTypeOf('number');
    // The store has a valid key: none is made.
    expect(testKey.accessKeyId).toBe('AKIDTEST');
    expect(await firstKey(service, '123456789012')).toBeUndefined();
  } finally {
    await server.stop();
    await removeStore(directory);
  }
});

test('a start that finds its port taken makes no key: the next one makes and shows it', async () => {
  const directory = newDataDirectory();
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  const databaseUrl = await databaseOf(directory);
  const options = { host: '127.0.0.1', dataDir: directory, ...(databaseUrl === undefined ? {} : { databaseUrl }) };
  try {
    await expect(serve({ ...options, port })).rejects.toThrow(/is taken/);
    const { service, newKey } = await serve({ ...options, port: 0 });
    const ids = (await service.store.accessKeys.list()).map(({ id }) => id);
    await service.stop();
    expect(ids).toEqual([newKey?.accessKeyId]);
  } finally {
    other.close();
    await removeStore(directory);
  }
});
