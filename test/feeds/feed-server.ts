import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { FeedPorts } from '../../packages/server/src/feeds/fetch/feed-ports.ts';

export interface FeedServer {
  readonly url: string;
  /** Every request's headers, in order. */
  readonly seen: IncomingMessage[];
}

/** A publisher that answers as the test says, one answer a request; the last one goes on. */
export async function feedServer(
  ...answers: ((request: IncomingMessage, response: ServerResponse) => void)[]
): Promise<FeedServer> {
  const seen: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    seen.push(request);
    answers[Math.min(seen.length, answers.length) - 1]?.(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

/** Answers with a body and its validators, or 304 to whoever has it. */
export const file =
  (body: string | Uint8Array, etag = '"1"') =>
  (request: IncomingMessage, response: ServerResponse): void => {
    if (request.headers['if-none-match'] === etag) response.writeHead(304).end();
    else response.writeHead(200, { etag, 'content-length': Buffer.byteLength(body) }).end(body);
  };

export const status =
  (code: number, headers: Record<string, string> = {}) =>
  (_: IncomingMessage, response: ServerResponse): void => {
    response.writeHead(code, headers).end();
  };

/** Ports whose clock stands where it is put, and that do not wait. */
export function feedPorts(clock: { now: number } = { now: 1_700_000_000_000 }): FeedPorts {
  return {
    now: () => clock.now,
    fetch: (url, init) => fetch(url, init),
    sleep: () => Promise.resolve(),
    deadline: () => new AbortController().signal,
  };
}
