import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { describe, expect, test } from 'vitest';
import { consoleDirectories } from '../../packages/server/src/runtime/console-directories.ts';
import { createServer } from '../../packages/server/src/wire/server.ts';
import { readConsole } from '../../packages/server/src/wire/static-console/read-console.ts';
import { given } from '../support/scenario.ts';
import { useServer } from '../support/use-server.ts';

const server = useServer();
const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${server().endpoint}${path}`, { headers, redirect: 'manual' });

/** A request whose path goes out as it is: fetch would resolve its dots. */
const getRaw = (path: string): Promise<{ status: number; body: string }> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(server().endpoint);
    request({ hostname, port, path }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
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

test.each([
  ['', 'text/html; charset=utf-8'],
  ['style/base.css', 'text/css; charset=utf-8'],
  ['main.ts', 'text/javascript; charset=utf-8'],
  ['model/api/values.ts', 'text/javascript; charset=utf-8'],
])('/console/%s comes as %s, and nothing else may be made of it', async (path, type) => {
  const response = await get(`/console/${path}`);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe(type);
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  expect(response.headers.get('referrer-policy')).toBe('no-referrer');
  expect(response.headers.get('cache-control')).toBe('no-cache');
  expect((await response.text()).length).toBeGreaterThan(0);
});

test('the policy lets the page run its own modules and its import map, and reach its own server, and no more', async () => {
  const response = await get('/console/');
  const policy = policyOf(response);
  const [, map = ''] = /<script type="importmap">(.*?)<\/script>/s.exec(await response.text()) ?? [];
  expect(JSON.parse(map)).toEqual({ imports: { '@assay/model/': './model/' } });
  const sha256 = createHash('sha256').update(map).digest('base64');
  expect(Object.fromEntries(policy)).toEqual({
    'default-src': "'none'",
    'script-src': `'self' 'sha256-${sha256}'`,
    'style-src': "'self'",
    'connect-src': "'self'",
    'img-src': "'self' data:",
    'base-uri': "'none'",
    'form-action': "'none'",
    'frame-ancestors': "'none'",
    'require-trusted-types-for': "'script'",
    'trusted-types': "'none'",
  });
});

test('the page has no inline style, handler or script beside the import map, which the policy would stop', async () => {
  const page = await (await get('/console/')).text();
  expect(page).not.toMatch(/\sstyle=|\son[a-z]+=|<style/i);
  expect(page.match(/<script/g)).toHaveLength(2);
  expect(page).toMatch(/<script type="module" src="main\.ts">/);
});

describe('a browser that has a file', () => {
  test.each([(tag: string) => tag, (tag: string) => `W/${tag}`, (tag: string) => `"other", ${tag}`, () => '*'])(
    'is not sent it again (%#)',
    async (header) => {
      const etag = given((await get('/console/main.ts')).headers.get('etag') ?? undefined);
      const response = await get('/console/main.ts', { 'if-none-match': header(etag) });
      expect(response.status).toBe(304);
      expect(response.headers.get('etag')).toBe(etag);
      expect(await response.text()).toBe('');
    },
  );

  test('is sent it when it has another', async () => {
    const other = given((await get('/console/style/base.css')).headers.get('etag') ?? undefined);
    expect((await get('/console/main.ts', { 'if-none-match': other })).status).toBe(200);
  });
});

test.each([
  '/console/../package.json',
  '/console/..%2fpackage.json',
  '/console/%2e%2e/package.json',
  '/console/model/../../../server/src/cli/main.ts',
  '/console/..\\package.json',
  '/console//etc/passwd',
  '/console/./main.ts',
  '/console/main%2ets',
  '/console/main.ts%00',
  '/console/package.json',
  '/console/constructor',
  '/console/index.html',
  '/console/pages',
  '/console/pages/',
])('nothing is at %s', async (path) => {
  const { status, body } = await getRaw(path);
  expect(status).toBe(404);
  expect(body).not.toMatch(/"dependencies"|root:|import /);
});

test('a path with broken escapes is refused', async () => {
  expect((await getRaw('/console/%zz')).status).toBe(400);
});

test('a query changes nothing, and HEAD answers without a body', async () => {
  expect((await get('/console/main.ts?v=1')).status).toBe(200);
  const head = await fetch(`${server().endpoint}/console/main.ts`, { method: 'HEAD' });
  expect(head.status).toBe(200);
  expect(await head.text()).toBe('');
});

test('every module of the console is served as JavaScript, and so is all that it imports', async () => {
  const seen = new Set<string>();
  const waiting = ['/console/main.ts'];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    const response = await get(path);
    expect([path, response.status]).toEqual([path, 200]);
    const text = await response.text();
    expect(text, path).not.toMatch(/^\s*(import|export) type |^\s*interface /m);
    for (const [, specifier = ''] of text.matchAll(/^\s*(?:import|export)\b[^'"]*?from '([^']+)';/gm)) {
      expect(specifier, path).toMatch(/^(\.\.?\/|@assay\/model\/)/);
      waiting.push(
        specifier.startsWith('@assay/model/')
          ? specifier.replace('@assay/model/', '/console/model/')
          : new URL(specifier, `http://x${path}`).pathname,
      );
    }
  }
  expect(seen).toContain('/console/model/shape.ts');
  const own = [...given(await readConsole(consoleDirectories)).files.keys()].filter(
    (path) => path.endsWith('.ts') && !path.startsWith('model/'),
  );
  const onlyTypes = ['context.ts'];
  expect([...seen].map((path) => path.slice('/console/'.length))).toEqual(
    expect.arrayContaining(own.filter((path) => !onlyTypes.includes(path))),
  );
});

test('no module of the console makes markup of text or asks another server', async () => {
  for (const [path, { body }] of given(await readConsole(consoleDirectories)).files) {
    if (path.startsWith('model/')) continue;
    expect(body.toString(), path).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(/);
    expect(body.toString(), path).not.toMatch(/https?:\/\/(?!localhost|www\.w3\.org\/2000\/svg)[a-z]/);
  }
});

describe('where the console is not installed', () => {
  test('its path says so, and everything else goes on', async () => {
    const directories = { console: '/nonexistent/console', model: consoleDirectories.model };
    const none = () => expect.unreachable();
    const other = await createServer({
      api: {} as never,
      agents: {} as never,
      downloads: { directory: '/nonexistent/agent', trustProxy: false, report: none },
      console: { directories, report: none },
      reports: {} as never,
      sns: {} as never,
      ping: async () => undefined,
      requestId: () => 'request',
      hosts: { names: [], loopbackOnly: false },
    });
    const response = await other.inject('/console/');
    expect(response.statusCode).toBe(404);
    expect(response.body).toMatch(/not part of this installation/);
    expect((await other.inject('/health')).statusCode).toBe(200);
    await other.close();
  });
});
