import { afterAll, beforeAll } from 'vitest';
import { startTestServer, type TestServer } from './test-server.ts';

/** A server for the tests of one file. Runs stay where they were started, unless `jobs` is set. */
export function useServer(options: Parameters<typeof startTestServer>[0] = {}): () => TestServer {
  let server: TestServer | undefined;
  beforeAll(async () => {
    server = await startTestServer({ jobs: false, ...options });
  });
  afterAll(() => server?.stop());
  return () => {
    if (!server) throw new Error('The server of this file is not up yet');
    return server;
  };
}
