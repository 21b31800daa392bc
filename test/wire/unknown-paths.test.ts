import { request } from 'node:http';
import { expect, test } from 'vitest';
import { useServer } from '../support/use-server.ts';

const server = useServer();

const ask = (method: string, path: string, body = '', type = 'application/json') =>
  new Promise<{ status: number; requestId: unknown; body: unknown }>((resolve, reject) => {
    const url = new URL(server().endpoint);
    const asked = request({ host: url.hostname, port: url.port, method, path, headers: { 'content-type': type } });
    asked.on('error', reject);
    asked.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const requestId = response.headers['x-amzn-requestid'];
        resolve({ status: response.statusCode ?? 0, requestId, body: JSON.parse(Buffer.concat(chunks).toString()) });
      });
    });
    asked.end(body);
  });

test.each([
  ['GET', '/nothing', '', 'text/plain'],
  ['POST', '/nothing', '{', 'application/json'],
  ['POST', '/nothing', 'x'.repeat(100_000), 'application/octet-stream'],
])('%s %s is told that there is nothing, whatever it sends', async (method, path, body, type) => {
  const answer = await ask(method, path, body, type);
  expect(answer.status).toBe(404);
  expect(answer.requestId).toMatch(/^[0-9a-f-]{36}$/);
  expect(answer.body).toMatchObject({ __type: 'UnknownOperationException' });
});
