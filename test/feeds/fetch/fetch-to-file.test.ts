import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { type FetchOptions, fetchToFile } from '../../../packages/server/src/feeds/fetch/fetch-to-file.ts';
import { feedPorts, feedServer, file, status } from '../feed-server.ts';
import { testFolder } from '../fixture-files.ts';

async function fetched(url: string, options: FetchOptions = {}) {
  const path = join(testFolder(), 'it');
  const result = await fetchToFile(feedPorts(), url, path, options);
  return { result, text: readFileSync(path, 'utf8') };
}

test('a body, and what the server says of its version', async () => {
  const { url } = await feedServer((_, response) =>
    response.writeHead(200, { etag: '"7"', 'last-modified': 'Sun, 22 Nov 2026 10:00:00 GMT' }).end('hello'),
  );
  expect(await fetched(url)).toEqual({
    result: { changed: true, etag: '"7"', lastModified: 'Sun, 22 Nov 2026 10:00:00 GMT' },
    text: 'hello',
  });
});

test('it is asked for only if it has changed', async () => {
  const { url, seen } = await feedServer(file('hello'));
  const known = { etag: '"1"', lastModified: 'Sun, 22 Nov 2026 10:00:00 GMT' };
  expect((await fetched(url, { known })).result).toEqual({ changed: false });
  expect(seen[0]?.headers).toMatchObject({ 'if-modified-since': known.lastModified });
});

test('a connection that breaks is taken up where it broke', async () => {
  const body = 'x'.repeat(200_000) + 'y'.repeat(200_000);
  const { url, seen } = await feedServer(
    (_, response) => {
      response.writeHead(200, { etag: '"1"', 'content-length': body.length });
      response.write(body.slice(0, 200_000), () => setTimeout(() => response.destroy(), 50));
    },
    (request, response) => {
      const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
      const rest = body.slice(from);
      const headers = {
        'content-range': `bytes ${from}-${body.length - 1}/${body.length}`,
        'content-length': rest.length,
      };
      response.writeHead(206, headers).end(rest);
    },
  );
  expect((await fetched(url)).text).toBe(body);
  expect(seen[1]?.headers['if-range']).toBe('"1"');
  expect(seen).toHaveLength(2);
});

test('what changed meanwhile is taken anew', async () => {
  const { url } = await feedServer(
    (_, response) => {
      response.writeHead(200, { etag: '"1"', 'content-length': 100 });
      response.write('old old', () => setTimeout(() => response.destroy(), 50));
    },
    file('new', '"2"'),
  );
  expect(await fetched(url)).toEqual({ result: { changed: true, etag: '"2"' }, text: 'new' });
});

test('a server that fails is asked again, and in the end given up', async () => {
  const { url, seen } = await feedServer(status(503), status(429), file('hello'));
  expect((await fetched(url)).text).toBe('hello');
  expect(seen).toHaveLength(3);
  const broken = await feedServer(status(500));
  await expect(fetched(broken.url)).rejects.toThrow('500');
  expect(broken.seen).toHaveLength(4);
});

test('a server that has it not is not asked again', async () => {
  const { url, seen } = await feedServer(status(404));
  await expect(fetched(url)).rejects.toThrow('the server answered 404 Not Found');
  expect(seen).toHaveLength(1);
});

test('nobody there', async () => {
  await expect(fetched('http://127.0.0.1:1')).rejects.toThrow(/ECONNREFUSED|bad port/);
});

test('a server that says nothing is given up', async () => {
  const { url } = await feedServer(() => undefined);
  const at = join(testFolder(), 'it');
  const ports = { ...feedPorts(), deadline: () => AbortSignal.timeout(30) };
  await expect(fetchToFile(ports, url, at)).rejects.toThrow('no answer in 60 seconds');
  const stalling = await feedServer((_, response) => response.writeHead(200).write('a'));
  await expect(fetchToFile(ports, stalling.url, at)).rejects.toThrow('nothing came for 60 seconds');
});

test('redirects are followed, but not for ever, and not anywhere', async () => {
  const { url } = await feedServer(status(302, { location: '/there' }), file('hello'));
  expect((await fetched(url)).text).toBe('hello');
  const round = await feedServer(status(302, { location: '/again' }));
  await expect(fetched(round.url)).rejects.toThrow('redirects more than 5 times');
  const away = await feedServer(status(301, { location: 'file:///etc/passwd' }));
  await expect(fetched(away.url)).rejects.toThrow('file: is not http');
});

test('https never becomes http', async () => {
  const ports = {
    ...feedPorts(),
    fetch: () => Promise.resolve(new Response(null, { status: 302, headers: { location: 'http://example.org/' } })),
  };
  await expect(fetchToFile(ports, 'https://example.org/', join(testFolder(), 'it'))).rejects.toThrow(
    'from https to http',
  );
});

test.each([
  ['that it says', { 'content-length': '1000' }],
  ['that it does not say', {}],
])('a body too large %s is refused', async (_, headers) => {
  const { url } = await feedServer((__, response) => response.writeHead(200, headers).end('x'.repeat(1000)));
  await expect(fetched(url, { maxBytes: 999 })).rejects.toThrow('larger than 999 bytes');
});

test('a server says how long to wait, and is waited for up to five minutes', async () => {
  const pauses: number[] = [];
  const ports = { ...feedPorts(), sleep: async (milliseconds: number) => void pauses.push(milliseconds) };
  const take = (url: string) => fetchToFile(ports, url, join(testFolder(), 'it'));
  const { url } = await feedServer(status(429, { 'retry-after': '300' }), file('hello'));
  expect(await take(url)).toMatchObject({ changed: true });
  const date = new Date(ports.now() + 30_000).toUTCString();
  await take((await feedServer(status(503, { 'retry-after': date }), file('hello'))).url);
  expect(pauses).toEqual([300_000, 30_000]);
  const tooLong = await feedServer(status(429, { 'retry-after': '301' }), file('hello'));
  await expect(take(tooLong.url)).rejects.toThrow(
    '429 Too Many Requests and asks to wait 301 seconds: run the update again then',
  );
  expect(tooLong.seen).toHaveLength(1);
  const tomorrow = await feedServer(status(429, { 'retry-after': '86000' }), file('hello'));
  await expect(take(tomorrow.url)).rejects.toThrow('asks to wait 24 hours: run the update again then');
  const soon = await feedServer(status(503, { 'retry-after': '1800' }), file('hello'));
  await expect(take(soon.url)).rejects.toThrow('asks to wait 30 minutes: run the update again then');
});

test('a refusal may pass', async () => {
  const { url, seen } = await feedServer(status(403), file('hello'));
  expect((await fetched(url)).text).toBe('hello');
  expect(seen).toHaveLength(2);
});

test('what comes packed although it was not asked for is taken, and begun anew where it breaks', async () => {
  const body = 'hello '.repeat(50_000);
  const packed = gzipSync(body);
  const headers = { etag: '"1"', 'content-encoding': 'gzip', 'content-length': packed.length };
  const { url, seen } = await feedServer(
    (_, response) => {
      response.writeHead(200, headers);
      response.write(packed.subarray(0, 100), () => setTimeout(() => response.destroy(), 20));
    },
    (_, response) => void response.writeHead(200, headers).end(packed),
  );
  expect((await fetched(url)).text).toBe(body);
  expect(seen[1]?.headers.range).toBeUndefined();
});
