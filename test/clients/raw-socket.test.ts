/** Faults of the protocol over a raw socket, in the order in which a request is judged. */
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { signRequest } from '../../packages/server/src/wire/sigv4/sign.ts';
import { testKey } from '../support/test-server.ts';
import { useServer } from '../support/use-server.ts';

const server = useServer();

interface Reply {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** Sends bytes as they are and reads the answer until the server closes. */
function exchange(text: string): Promise<Reply> {
  const { port, hostname } = new URL(server().endpoint);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(Number(port), hostname, () => socket.write(text));
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    // A server that refuses a body early resets the connection once it has answered.
    socket.on('error', (error) => (chunks.length > 0 ? undefined : reject(error)));
    socket.on('close', () => {
      const received = Buffer.concat(chunks).toString();
      const [head = '', ...rest] = received.split('\r\n\r\n');
      const [statusLine = '', ...lines] = head.split('\r\n');
      const headers = lines.map((line): [string, string] => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
      });
      resolve({ status: Number(statusLine.split(' ')[1]), headers: new Map(headers), body: rest.join('\r\n\r\n') });
    });
  });
}

interface Request {
  readonly method?: string;
  readonly path?: string;
  readonly target?: string | null;
  readonly body?: string;
  readonly sign?:
    | false
    | {
        readonly accessKeyId?: string;
        readonly secretAccessKey?: string;
        readonly service?: string;
        readonly now?: number;
      };
  readonly length?: number;
}

function write({
  method = 'POST',
  path = '/',
  target = 'InspectorService.ListAssessmentRuns',
  body = '{}',
  sign = {},
  length,
}: Request): string {
  const headers = {
    'content-type': 'application/x-amz-json-1.1',
    ...(target === null ? {} : { 'x-amz-target': target }),
  };
  const signed =
    sign === false
      ? { host: new URL(server().endpoint).host, ...headers }
      : signRequest({
          ...testKey,
          region: 'us-east-1',
          service: 'inspector',
          now: Date.now(),
          ...sign,
          url: server().endpoint,
          method: 'POST',
          headers,
          body,
        });
  const lines = Object.entries({ ...signed, 'content-length': length ?? Buffer.byteLength(body), connection: 'close' });
  return `${method} ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`;
}

async function fault(request: Request): Promise<string> {
  const reply = await exchange(write(request));
  const body = JSON.parse(reply.body) as { __type: string; message: string };
  expect(reply.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
  expect(reply.headers.get('x-amzn-errortype')).toBe(body.__type);
  expect(reply.headers.get('content-type')).toBe('application/x-amz-json-1.1');
  expect(body.message.length).toBeGreaterThan(10);
  return `${reply.status} ${body.__type}`;
}

test('a request that is right in everything', async () => {
  const first = await exchange(write({}));
  expect(first.status).toBe(200);
  expect(first.body).toBe('{"assessmentRunArns":[]}');
  expect(first.headers.get('content-type')).toBe('application/x-amz-json-1.1');
  expect(first.headers.has('x-amzn-errortype')).toBe(false);
  const second = await exchange(write({}));
  expect(second.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
  expect(second.headers.get('x-amzn-requestid')).not.toBe(first.headers.get('x-amzn-requestid'));
});

describe('one fault', () => {
  const skewed = { now: Date.now() - 6 * 60_000 };
  test.each<[string, Request, string]>([
    ['no signature', { sign: false }, '400 MissingAuthenticationTokenException'],
    ['an unknown key', { sign: { accessKeyId: 'AKIDNOBODY' } }, '400 UnrecognizedClientException'],
    ['a wrong secret', { sign: { secretAccessKey: 'wrong' } }, '400 InvalidSignatureException'],
    ['a clock that is six minutes behind', { sign: skewed }, '400 InvalidSignatureException'],
    ['another service in the scope', { sign: { service: 'ec2' } }, '400 InvalidSignatureException'],
    ['an operation that there is not', { target: 'InspectorService.ListEverything' }, '400 UnknownOperationException'],
    ['an operation of the prototype', { target: 'InspectorService.toString' }, '400 UnknownOperationException'],
    ['another service in the target', { target: 'Inspector2.ListFindings' }, '400 UnknownOperationException'],
    ['no target', { target: null, sign: false }, '400 UnknownOperationException'],
    ['no JSON', { body: '{' }, '400 SerializationException'],
    ['another type', { body: '{"maxResults":"1"}' }, '400 SerializationException'],
    ['another shape', { body: '{"maxResults":0}' }, '400 InvalidInputException'],
    ['a body over 1 MiB', { body: ' '.repeat(1024 * 1024 + 1) }, '413 RequestEntityTooLargeException'],
    ['a body announced as over 1 MiB', { length: 2 ** 31 }, '413 RequestEntityTooLargeException'],
  ])('%s', async (_name, request, expected) => expect(await fault(request)).toBe(expected));

  test('a body of exactly 1 MiB is read', async () => {
    expect((await exchange(write({ body: `{}${' '.repeat(1024 * 1024 - 2)}` }))).status).toBe(200);
  });
});

describe('of several faults the first is told', () => {
  const [badJson, unknown] = ['{', 'InspectorService.ListEverything'];
  test.each<[string, Request, string]>([
    ['size before signature', { sign: false, body: ' '.repeat(1024 * 1024 + 1) }, '413 RequestEntityTooLargeException'],
    [
      'signature before operation',
      { sign: false, target: unknown, body: badJson },
      '400 MissingAuthenticationTokenException',
    ],
    [
      'key before signature',
      { sign: { accessKeyId: 'AKIDNOBODY', secretAccessKey: 'wrong' }, body: badJson },
      '400 UnrecognizedClientException',
    ],
    ['signature before JSON', { sign: { secretAccessKey: 'wrong' }, body: badJson }, '400 InvalidSignatureException'],
    ['operation before JSON', { target: unknown, body: badJson }, '400 UnknownOperationException'],
    ['type before shape', { body: '{"maxResults":0,"nextToken":1}' }, '400 SerializationException'],
    [
      'shape before meaning',
      { body: '{"maxResults":0,"filter":{"durationRange":{"minSeconds":2,"maxSeconds":1}}}' },
      '400 InvalidInputException',
    ],
  ])('%s', async (_name, request, expected) => expect(await fault(request)).toBe(expected));
});

describe('what is no request of this API', () => {
  test.each(['GET', 'PUT', 'DELETE', 'PATCH'])('%s at a place that there is not', async (method) => {
    const reply = await exchange(write({ method, path: '/no/such/place' }));
    expect(reply.status).toBe(404);
    expect(reply.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
  });
  test('GET / does not fail', async () => {
    const reply = await exchange(write({ method: 'GET', body: '' }));
    expect(reply.status).toBeLessThan(500);
    expect(reply.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
  });
  test('POST with a query string is not the API', async () => {
    const reply = await exchange(write({ path: '/?Action=ListAssessmentRuns' }));
    expect([400, 404]).toContain(reply.status);
  });
  test.each(['nonsense\r\n\r\n', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n', '\0\0\0\0\r\n\r\n'])(
    'bytes that are no HTTP: %j',
    async (bytes) => {
      expect((await exchange(bytes)).status).toBe(400);
      expect((await exchange(write({}))).status).toBe(200);
    },
  );
});
