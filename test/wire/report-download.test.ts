import { connect } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, expect, test } from 'vitest';
import { createReportLinks } from '../../packages/server/src/operations/report-links.ts';
import type { Report } from '../../packages/server/src/store/tables/reports.ts';
import { reportDownload } from '../../packages/server/src/wire/report-download.ts';

const CHUNK = 256 * 1024;
const links = createReportLinks(new Uint8Array(32));
const path = `/reports/${links.write({ scope: 1, report: 'a'.repeat(32), expiresAt: 1000 })}`;
const servers: FastifyInstance[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

/** A server of one report of so many chunks. */
async function serve(chunks: number, { status = 'COMPLETED', breaksAt = chunks, key }: Partial<Served> = {}) {
  const seen = { reads: 0, ended: false, reported: [] as string[] };
  const report: Report = {
    id: 'a'.repeat(32),
    run: '0-aaaaaaaa',
    type: 'FULL',
    format: 'HTML',
    status,
    error: null,
    createdAt: 1,
    finishedAt: null,
    askedBy: null,
    size: chunks * CHUNK,
  };
  const read = async function* (): AsyncGenerator<Uint8Array> {
    try {
      for (; seen.reads < chunks; seen.reads++) {
        if (seen.reads === breaksAt) throw new Error('deleted meanwhile');
        yield Buffer.alloc(CHUNK, 'x');
      }
    } finally {
      seen.ended = true;
    }
  };
  const reports = { findById: async () => report, read };
  const server = Fastify() as unknown as FastifyInstance;
  servers.push(server);
  await server.register(
    reportDownload({
      links,
      store: { reports, accessKeys: { find: async () => key } } as never,
      now: () => 0,
      isUnavailable: () => false,
      report: (message, error) => void seen.reported.push(`${message}: ${error}`),
    }),
  );
  await server.listen({ port: 0, host: '127.0.0.1' });
  const { port } = server.server.address() as { port: number };
  return { seen, port, url: `http://127.0.0.1:${port}${path}` };
}

interface Served {
  readonly status: Report['status'];
  readonly breaksAt: number;
  /** The access key as it is now. */
  readonly key: { readonly revokedAt: number | null };
}

test('the whole report, with its length', async () => {
  const { url, seen } = await serve(10);
  const reply = await fetch(url);
  expect(reply.headers.get('content-length')).toBe(String(10 * CHUNK));
  expect((await reply.arrayBuffer()).byteLength).toBe(10 * CHUNK);
  expect(seen).toEqual({ reads: 10, ended: true, reported: [] });
});

test('no more is read than is taken, and nothing once the client is gone', async () => {
  const { port, seen } = await serve(4000);
  const socket = connect(port, '127.0.0.1');
  socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`);
  await new Promise((resolve) => socket.once('readable', resolve));
  // Nobody reads: what the sockets hold is full in the end.
  for (let last = -1, still = 0; still < 100; still = seen.reads === last ? still + 1 : 0) {
    last = seen.reads;
    await nextTurn();
  }
  expect(seen.reads).toBeGreaterThan(0);
  expect(seen.reads).toBeLessThan(400);
  expect(seen.ended).toBe(false);
  const before = seen.reads;
  socket.destroy();
  while (!seen.ended) await nextTurn();
  expect(seen.reads).toBeLessThanOrEqual(before + 1);
});

test.each(['WORK_IN_PROGRESS', 'FAILED'] as const)('nothing is served of a report that is %s', async (status) => {
  const { url, seen } = await serve(3, { status });
  const reply = await fetch(url);
  expect([reply.status, await reply.text()]).toEqual([
    404,
    expect.stringMatching(/not available.*GetAssessmentReport/),
  ]);
  expect(seen.reads).toBe(0);
});

test('a report that is deleted while it is read is cut off, so that nobody takes it for whole, and that is said', async () => {
  const { url, seen } = await serve(100, { breaksAt: 50 });
  const reply = await fetch(url);
  expect(reply.status).toBe(200);
  await expect(reply.arrayBuffer()).rejects.toThrow();
  expect(seen.reported).toEqual([expect.stringMatching(/^A report was cut off while request .*: deleted meanwhile$/)]);
});

test('one that cannot be read at all is told as such', async () => {
  const { url, seen } = await serve(100, { breaksAt: 0 });
  const reply = await fetch(url);
  expect([reply.status, await reply.text()]).toEqual([500, expect.stringMatching(/could not be read/)]);
  expect(seen.reported).toEqual([expect.stringMatching(/for a report failed.*deleted meanwhile$/)]);
});

test.each([
  ['valid', { revokedAt: null }, 200],
  ['revoked', { revokedAt: 1 }, 403],
  ['gone', undefined, 403],
] as const)('a link whose access key is %s opens accordingly', async (_, key, status) => {
  const { port } = await serve(1, key && { key });
  const token = links.write({ scope: 1, report: 'a'.repeat(32), expiresAt: 1000, accessKeyId: 'AKID_of-1' });
  const answer = await fetch(`http://127.0.0.1:${port}/reports/${token}`);
  expect(answer.status).toBe(status);
  expect(links.read(token)?.accessKeyId).toBe('AKID_of-1');
});
