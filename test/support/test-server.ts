import { InspectorClient } from '@aws-sdk/client-inspector';
import type { Limits } from '../../packages/server/src/operations/operation.ts';
import { openDataDirectory } from '../../packages/server/src/runtime/data-directory.ts';
import { openService, type Service } from '../../packages/server/src/runtime/service.ts';
import type { ServiceOptions } from '../../packages/server/src/runtime/service-options.ts';
import { databaseOf, newDataDirectory, removeStore } from './test-store.ts';

export const testKey = { accessKeyId: 'AKIDTEST', secretAccessKey: 'a test secret' } as const;
export const testAccount = '123456789012';

export interface TestServer {
  readonly service: Service;
  readonly endpoint: string;
  readonly directory: string;
  /** A client of AWS's own SDK that retries nothing. */
  readonly client: (region?: string, key?: { accessKeyId: string; secretAccessKey: string }) => InspectorClient;
  /** Adds a key and gives it to the caller. */
  readonly addKey: (accessKeyId: string, account: string) => Promise<{ accessKeyId: string; secretAccessKey: string }>;
  /** Stops the server; the directory stays when `keep` is set, for a server that is opened over it again. */
  readonly stop: (options?: { keep?: boolean }) => Promise<void>;
}

/** A whole server on a free port over a directory of its own, with {@link testKey}. Jobs run unless `jobs` is false. */
export async function startTestServer(
  options: {
    limits?: Partial<Limits>;
    strict?: boolean;
    jobs?: boolean;
    directory?: string;
    port?: number;
    service?: Partial<ServiceOptions>;
  } = {},
): Promise<TestServer> {
  const directory = options.directory ?? newDataDirectory();
  const service = await openService({
    directory: openDataDirectory(directory, await databaseOf(directory)),
    ...(options.limits ? { limits: options.limits } : {}),
    strict: options.strict ?? false,
    report: (message, error) => console.error(message, error),
    ...options.service,
  });
  const addKey: TestServer['addKey'] = async (accessKeyId, account) => {
    const secretAccessKey = `secret of ${accessKeyId}`;
    await put({ accessKeyId, secretAccessKey }, account);
    return { accessKeyId, secretAccessKey };
  };
  const put = async (key: { accessKeyId: string; secretAccessKey: string }, account: string): Promise<void> => {
    const secret = service.secrets.seal(key.secretAccessKey, key.accessKeyId);
    await service.store.accessKeys.put({
      id: key.accessKeyId,
      account,
      secret,
      createdAt: Date.now(),
      revokedAt: null,
    });
  };
  await put(testKey, testAccount);
  await service.server.listen({ port: options.port ?? 0, host: '127.0.0.1' });
  if (options.jobs !== false) service.startJobs();
  const { port } = service.server.server.address() as { port: number };
  const endpoint = `http://127.0.0.1:${port}`;
  return {
    service,
    endpoint,
    directory,
    client: (region = 'us-east-1', credentials = testKey) =>
      new InspectorClient({ endpoint, region, credentials, maxAttempts: 1 }),
    addKey,
    stop: async ({ keep = false } = {}) => {
      await service.stop();
      if (!keep) await removeStore(directory);
    },
  };
}
