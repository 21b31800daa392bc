import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { consoleDirectories } from '../../packages/server/src/runtime/console/console-directories.ts';
import { consoleSite } from '../../packages/server/src/runtime/console/console-site.ts';
import { createServer } from '../../packages/server/src/wire/server.ts';
import { acceptedEncoding } from '../../packages/server/src/wire/static-console/accepted-encoding.ts';
import type { ConsoleSite } from '../../packages/server/src/wire/static-console/read-packed-console.ts';
import type { StaticConsoleDeps } from '../../packages/server/src/wire/static-console.ts';
import { given } from '../support/scenario.ts';
import { useServer } from '../support/use-server.ts';

const server = useServer();
const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${server().endpoint}${path}`, { headers, redirect: 'manual' });

/** A request that goes out as it is: fetch would resolve the dots of its path and decompress the answer. */
const getRaw = (
  path: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: Buffer; headers: NodeJS.Dict<string | string[]> }> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(server().endpoint);
    request({ hostname, port, path, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(parts), headers: response.headers }),
      );
    })
      .on('error', reject)
      .end();
  });

const policyOf = (response: Response): Map<string, string> =>
  new Map(
    (response.headers.get('content-security-policy') ?? '')
      .split('; ')
      .map((directive): [string, string] => [directive.split(' ', 1).join(), directive.replace(/^\S+ ?/, '')]),
  );

test.each(['/', '/console'])('GET %s leads to the console', async (path) => {
  const response = await get(path);
  expect(response.status).toBe(302);
  expect(response.headers.get('location')).toBe('/console/');
});

test('the API is still POST /', async () => {
  const response = await fetch(`${server().endpoint}/`, { method: 'POST' });
  expect(response.status).toBe(400);
  expect(await response.json()).toHaveProperty('__type', 'UnknownOperationException');
});

/** The page once the console is packed, which the first request may begin. */
const page = async (): Promise<string> => {
  for (;;) {
    const text = await (await get('/console/')).text();
    if (!text.includes('packing.js')) return text;
    await getRaw('/console/assets/waits-for-the-packer.js');
  }
};
/** The path of the page's script or style. */
const asset = async (ending: 'js' | 'css'): Promise<string> =>
  given(new RegExp(`"(/console/assets/[\\w.-]+\\.${ending})"`).exec(await page())?.[1]);

test.each([
  ['page', () => '/console/', 'text/html; charset=utf-8', 'no-cache'],
  ['script', () => asset('js'), 'text/javascript; charset=utf-8', 'public, max-age=31536000, immutable'],
  ['style', () => asset('css'), 'text/css; charset=utf-8', 'public, max-age=31536000, immutable'],
])('the %s comes as what it is, compressed, and nothing else may be made of it', async (_, path, type, caching) => {
  await page();
  const response = await get(await path(), { 'accept-encoding': 'gzip, br' });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe(type);
  expect(response.headers.get('content-encoding')).toBe('br');
  expect(response.headers.get('vary')).toBe('accept-encoding');
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  expect(response.headers.get('referrer-policy')).toBe('no-referrer');
  expect(response.headers.get('cache-control')).toBe(caching);
  expect((await response.text()).length).toBeGreaterThan(0);
});

test('a file is the same in every coding, and plain where the client takes none', async () => {
  const path = await asset('js');
  const plain = await getRaw(path);
  expect(plain.headers['content-encoding']).toBeUndefined();
  expect(brotliDecompressSync((await getRaw(path, { 'accept-encoding': 'br' })).body)).toEqual(plain.body);
  expect(gunzipSync((await getRaw(path, { 'accept-encoding': 'gzip' })).body)).toEqual(plain.body);
});

test('what the first view and the lists need is four files, and at most 300 KB of gzip', async () => {
  const lists = /"(assets\/lists-[\w-]+\.js)"/.exec((await getRaw(await asset('js'))).body.toString())?.[1];
  const paths = ['/console/', await asset('css'), await asset('js'), `/console/${given(lists)}`];
  const sizes = await Promise.all(
    paths.map(async (path) => (await getRaw(path, { 'accept-encoding': 'gzip' })).body.length),
  );
  expect(sizes.reduce((sum, size) => sum + size)).toBeLessThanOrEqual(300_000);
  // Nothing else is asked for before: the page names no further file, and the script imports none but at need.
  expect((await page()).match(/\/console\/assets\//g)).toHaveLength(2);
  expect((await getRaw(await asset('js'))).body.toString()).not.toMatch(/\bfrom\s*["'`]\.\//);
});

test.each([
  [undefined, undefined],
  ['', undefined],
  ['identity', undefined],
  ['gzip, deflate, br, zstd', 'br'],
  ['GZIP', 'gzip'],
  ['br;q=0, gzip;q=0.5', 'gzip'],
  ['br;q=0,gzip;q=0.0,*', undefined],
  ['*', 'br'],
  ['*;q=0', undefined],
  ['br;q=nonsense', undefined],
  [',;,;q=1,'.repeat(5000), undefined],
])('of Accept-Encoding %j the best coding is %s', (header, coding) => {
  expect(acceptedEncoding(header, ['br', 'gz'])?.name).toBe(coding);
  expect(acceptedEncoding(header, [])).toBeUndefined();
});

test('the policy lets the page run the server’s own files, and reach its own server, and no more', async () => {
  expect(Object.fromEntries(policyOf(await get('/console/')))).toEqual({
    'default-src': "'none'",
    'script-src': "'self'",
    'style-src': "'self'",
    'connect-src': "'self'",
    'font-src': "'self'",
    'img-src': "'self' data:",
    'base-uri': "'none'",
    'form-action': "'none'",
    'frame-ancestors': "'none'",
    'require-trusted-types-for': "'script'",
    'trusted-types': "'none'",
  });
});

test('the page has no inline style, handler or script, which the policy would stop', async () => {
  const text = await page();
  expect(text).not.toMatch(/\sstyle=|\son[a-z]+=|<style/i);
  expect(text).not.toMatch(/<script(?![^>]*\ssrc=)/);
});

describe('a browser that has a file', () => {
  test.each([
    (tag: string) => tag,
    (tag: string) => tag.replace('W/', ''),
    (tag: string) => `"other", ${tag}`,
    () => '*',
  ])('is not sent it again (%#)', async (header) => {
    const path = await asset('js');
    const etag = given((await get(path)).headers.get('etag') ?? undefined);
    const response = await get(path, { 'if-none-match': header(etag) });
    expect(response.status).toBe(304);
    expect(response.headers.get('etag')).toBe(etag);
    expect(await response.text()).toBe('');
  });

  test('is sent it when it has another', async () => {
    const other = given((await get(await asset('css'))).headers.get('etag') ?? undefined);
    expect((await get(await asset('js'), { 'if-none-match': other })).status).toBe(200);
  });
});

test.each([
  '/console/../package.json',
  '/console/..%2fpackage.json',
  '/console/%2e%2e/package.json',
  '/console/assets/../../../server/src/cli/main.ts',
  '/console/..\\package.json',
  '/console//etc/passwd',
  '/console/./index.html',
  '/console/index%2ehtml',
  '/console/index.html%00',
  '/console/package.json',
  '/console/console.json',
  '/console/constructor',
  '/console/index.html',
  '/console/index.html.br',
  '/console/main.ts',
  '/console/main.tsx',
  '/console/assets',
  '/console/assets/',
])('nothing is at %s', async (path) => {
  const { status, body } = await getRaw(path);
  expect(status).toBe(404);
  expect(body.toString()).not.toMatch(/"dependencies"|root:|import /);
});

test('a path with broken escapes is refused', async () => {
  expect((await getRaw('/console/%zz')).status).toBe(400);
});

test('a query changes nothing, and HEAD answers without a body', async () => {
  const path = await asset('js');
  expect((await get(`${path}?v=1`)).status).toBe(200);
  const head = await fetch(`${server().endpoint}${path}`, { method: 'HEAD' });
  expect(head.status).toBe(200);
  expect(await head.text()).toBe('');
});

test('what is served is packed: no source, no editor, no development code', async () => {
  await page();
  const site = (await consoleSite(consoleDirectories).openConsole(60_000)) as ConsoleSite;
  for (const name of site.files.keys())
    expect(name).toMatch(/^(index\.html|assets\/[\w.-]+-[\w-]{8}\.(js|css|woff2|svg))$/);
  const scripts = [...site.files.keys()].filter((name) => name.endsWith('.js'));
  for (const name of scripts) {
    const text = readFileSync(join(site.directory, name), 'utf8');
    expect(text, name).not.toMatch(/ace-builds|process\.env\.NODE_ENV|sourceMappingURL/);
  }
});

/** A server of nothing but a console. */
async function serveConsole(console: Partial<StaticConsoleDeps>) {
  const complaints: string[] = [];
  const other = await createServer({
    api: {} as never,
    agents: {} as never,
    downloads: { directory: '/nonexistent/agent', trustProxy: false, report: () => expect.unreachable() },
    console: {
      ...{ openConsole: async () => undefined, consoleGone: () => undefined, redeem: undefined },
      report: (message, error) => complaints.push(`${message}: ${error}`),
      ...console,
    },
    reports: {} as never,
    sns: {} as never,
    ping: async () => undefined,
    requestId: () => 'request',
    hosts: { names: [], loopbackOnly: false },
  });
  onTestFinished(() => other.close());
  return { other, complaints };
}

test('where the console is not installed its path says so, and everything else goes on', async () => {
  const { other } = await serveConsole(consoleSite({ ...consoleDirectories, console: '/nonexistent/console' }));
  const response = await other.inject('/console/');
  expect(response.statusCode).toBe(404);
  expect(response.body).toMatch(/not part of this installation/);
  expect((await other.inject('/health')).statusCode).toBe(200);
});

describe('while the console is packed', () => {
  test('the page says so and asks again, and other files are not there yet', async () => {
    const { other } = await serveConsole({ openConsole: async () => 'packing' });
    const response = await other.inject('/console/');
    expect(response.statusCode).toBe(200);
    expect(response.headers['cache-control']).toBe('no-store');
    expect(response.body).toMatch(/Packing the console/);
    expect(response.body).not.toMatch(/\sstyle=|<style|<script>/);
    expect((await other.inject('/console/packing.js')).body).toMatch(/location\.reload/);
    expect((await other.inject('/console/packing.css')).headers['content-type']).toMatch(/^text\/css/);
    expect((await other.inject('/console/assets/index.js')).statusCode).toBe(503);
  });

  test('a page that came before the console was there still finds what it asks again with', async () => {
    await page();
    expect((await get('/console/packing.js')).status).toBe(200);
  });
});

describe('a console in a place of its own', () => {
  /** A console of one page and one script, and a packer of one line that the test gives. */
  function sources(packer: string) {
    const directory = mkdtempSync(join(tmpdir(), 'assay-console-test-'));
    onTestFinished(() => rmSync(directory, { recursive: true }));
    writeFileSync(join(directory, 'index.html'), '<!doctype html>');
    writeFileSync(join(directory, 'packer.mjs'), packer);
    return { console: directory, model: directory, packer: join(directory, 'packer.mjs') };
  }
  const COUNTING = `
    import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
    const [, , directory] = process.argv;
    appendFileSync(directory + '/packs', 'x');
    mkdirSync(directory + '/packed', { recursive: true });
    writeFileSync(directory + '/packed/index.html', '<p>packed');
    const file = { type: 'text/html; charset=utf-8', etag: 'W/"1"', compressed: [] };
    writeFileSync(directory + '/packed/console.json', JSON.stringify({ files: { 'index.html': file } }));
    console.log(directory + '/packed');`;

  test('is packed once, however many ask for it at once', async () => {
    const place = sources(COUNTING);
    const { openConsole, consoleGone } = consoleSite(place);
    const { other } = await serveConsole({ openConsole: () => openConsole(60_000), consoleGone });
    const answers = await Promise.all([1, 2, 3].map(() => other.inject('/console/')));
    expect(answers.map(({ body }) => body)).toEqual(Array(3).fill('<p>packed'));
    expect(readFileSync(join(place.console, 'packs'), 'utf8')).toBe('x');
  });

  test('whose packed files were removed is packed again', async () => {
    const place = sources(COUNTING);
    const { openConsole, consoleGone } = consoleSite(place);
    const { other, complaints } = await serveConsole({ openConsole: () => openConsole(60_000), consoleGone });
    await other.inject('/console/');
    rmSync(join(place.console, 'packed'), { recursive: true });
    expect((await other.inject('/console/')).statusCode).toBe(500);
    expect(complaints).toHaveLength(1);
    expect((await other.inject('/console/')).body).toBe('<p>packed');
  });

  test('that cannot be packed says so, tells the log why, and is tried again', async () => {
    const place = sources(`console.error('main.tsx has an error'); process.exit(1);`);
    const { openConsole } = consoleSite(place);
    const { other, complaints } = await serveConsole({ openConsole: () => openConsole(60_000) });
    const response = await other.inject('/console/');
    expect(response.statusCode).toBe(500);
    expect(response.body).toMatch(/cannot be shown/);
    expect(complaints.join()).toMatch(/main\.tsx has an error/);
    writeFileSync(place.packer, COUNTING);
    expect((await other.inject('/console/')).body).toBe('<p>packed');
  });
});
