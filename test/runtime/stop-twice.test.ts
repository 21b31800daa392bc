import { expect, test } from 'vitest';
import { startTestServer } from '../support/test-server.ts';

test('a server that is stopped a second time waits for the same end, and has nothing to complain of', async () => {
  const reported: string[] = [];
  const server = await startTestServer({ service: { report: (message) => reported.push(message) } });
  await Promise.all([server.stop({ keep: true }), server.stop({ keep: true })]);
  await server.stop();
  expect(reported).toEqual([]);
});
