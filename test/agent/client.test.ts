import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { openClient } from '@assay/agent/client.ts';
import { connect } from '@assay/agent/connect.ts';
import { describe, expect, onTestFinished, test } from 'vitest';
import { temporaryDirectory } from './agent-server.ts';

async function serving(listener: RequestListener): Promise<URL> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

const call = {
  method: 'POST',
  path: '/agent/v1/heartbeat',
  contentType: 'application/json',
  body: Buffer.from('{}'),
  timeoutMs: 10_000,
  signal: new AbortController().signal,
} as const;

const answering = async (listener: RequestListener, change: Partial<typeof call> | object = {}): Promise<unknown> => {
  const client = openClient(await serving(listener), {});
  onTestFinished(client.close);
  return client.call({ ...call, ...change });
};

describe('an answer', () => {
  test('is JSON, or nothing', async () => {
    expect(await answering((_request, response) => response.end('{"a":1}'))).toEqual({ a: 1 });
    expect(await answering((_request, response) => response.writeHead(204).end())).toBeUndefined();
  });

  test.each([
    ['no JSON', '<html>', 'not JSON'],
    ['invalid UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'not JSON'],
    ['too long', Buffer.alloc(300_000, 0x20), 'more than 262144 bytes'],
  ])('that is %s is refused', async (_what, body, why) => {
    await expect(answering((_request, response) => response.end(body))).rejects.toThrow(why);
  });

  test('without an end is not read for ever', async () => {
    const endless: RequestListener = (_request, response) => {
      const write = (): void => {
        if (!response.destroyed && response.write(' '.repeat(65_536))) setImmediate(write);
        else response.once('drain', write);
      };
      write();
    };
    await expect(answering(endless)).rejects.toThrow('more than 262144 bytes');
  });

  test('that does not come is not waited for, and a stop does not wait either', async () => {
    await expect(answering(() => undefined, { timeoutMs: 50 })).rejects.toThrow('no answer within 0.05 seconds');
    await expect(
      answering((_request, response) => response.writeHead(200).write('{'), { timeoutMs: 100 }),
    ).rejects.toThrow(/no answer|abort/);
    const stopping = new AbortController();
    const asked = answering(() => stopping.abort(), { signal: stopping.signal });
    await expect(asked).rejects.toThrow(/abort/);
  });

  test('that redirects is not followed', async () => {
    const elsewhere: RequestListener = (_request, response) =>
      response.writeHead(307, { location: 'http://192.0.2.1/' }).end();
    await expect(answering(elsewhere)).rejects.toMatchObject({ status: 307, code: undefined });
  });

  test('that refuses gives its code and its words, fit for a terminal', async () => {
    const body = { code: 'NotInRun\n', message: `no\u001b[2J\n${'x'.repeat(10_000)}` };
    const refusal = answering((_request, response) => response.writeHead(404).end(JSON.stringify(body)));
    await expect(refusal).rejects.toMatchObject({ status: 404, code: 'NotInRun ' });
    await refusal.catch(({ message }) => expect(message).toMatch(/^no \[2J x{100,500}…$/));
    for (const text of ['', 'null', '[]', '"x"', '{"code":1}']) {
      const answer = answering((_request, response) => response.writeHead(404).end(text));
      await expect(answer).rejects.toMatchObject({ status: 404, code: undefined });
    }
  });
});

const openssl = '/usr/bin/openssl';
const missing = spawnSync(openssl, ['version']).status !== 0;
if (missing) console.warn('skipped: without /usr/bin/openssl no certificate can be made');

test.skipIf(missing)('TLS: only the given certificates are trusted (skipped without openssl)', async () => {
  const directory = temporaryDirectory();
  const [key, cert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')];
  const how = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=assay';
  const args = [...how.split(' '), '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert];
  expect(spawnSync(openssl, args).status).toBe(0);
  const pem = { key: readFileSync(key), cert: readFileSync(cert) };
  const server = createTlsServer(pem, (_request, response) => response.end('{}'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = new URL(`https://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const asking = (caFile?: string) => {
    const client = connect({ server: url, caFile }, '0'.repeat(32));
    onTestFinished(client.close);
    return client.call(call);
  };
  expect(await asking(cert)).toEqual({});
  await expect(asking()).rejects.toThrow(/self-signed|certificate/);
  expect(() => connect({ server: url, caFile: join(directory, 'none') }, '')).toThrow('The CA file cannot be read');
});
