import { describe, expect, test } from 'vitest';
import { parseAuthorization } from '../../../packages/server/src/wire/sigv4/authorization.ts';
import { goodRequest, now, type Received, withHeader } from './signed-request.ts';

const good = goodRequest();
const parse = (request: Received) => parseAuthorization(request.headers, request.url);
const authorization = (rewrite: (value: string) => string | undefined) => withHeader(good, 'authorization', rewrite);
const replaced = (from: string | RegExp, to: string) => authorization((value) => value.replace(from, to));
const added = (...headers: string[]): Received => ({ ...good, headers: [...good.headers, ...headers] });

const missing = 'MissingAuthenticationTokenException';
const incomplete = 'IncompleteSignatureException';
const invalid = 'InvalidSignatureException';

test('gives what the caller needs to look the key up', () => {
  expect(parse(good)).toMatchObject({
    accessKeyId: 'AKIDEXAMPLE',
    date: '20260520',
    region: 'eu-central-1',
    service: 'inspector',
    amzDate: '20260520T123600Z',
    signedAt: now,
    signedHeaders: ['content-type', 'host', 'x-amz-date', 'x-amz-target'],
    contentSha256: undefined,
    securityToken: undefined,
  });
});

describe('accepts', () => {
  test.each<[string, Received]>([
    ['no space after commas', replaced(/, /g, ',')],
    ['the fields in another order', authorization((v) => v.replace(/^(\S+) (.*), (Signature=.*)$/, '$1 $3, $2'))],
    ['header names in any case', { ...good, headers: good.headers.map((h, i) => (i % 2 ? h : h.toUpperCase())) }],
    ['an unsigned x-amz-user-agent', added('X-Amz-User-Agent', 'aws-sdk-js/2')],
    ['an unsigned x-amz-cf-id', added('X-Amz-Cf-Id', 'abc')],
    ['unsigned headers of proxies and tracing', added('X-Amzn-Trace-Id', 'Root=1', 'X-Forwarded-For', '10.0.0.1')],
    ['200 headers', added(...Array.from({ length: (200 - 5) * 2 }, (_, i) => (i % 2 ? 'v' : `n${i}`)))],
  ])('%s', (_name, request) => {
    expect(parse(request)).toMatchObject({ accessKeyId: 'AKIDEXAMPLE', region: 'eu-central-1' });
  });
});

describe('refuses', () => {
  test.each<[string, Received, string, string]>([
    ['no Authorization', authorization(() => undefined), missing, 'not signed'],
    ['two Authorization headers', added('authorization', 'Bearer x'), incomplete, 'more than one'],
    ['a query-string signature', { ...good, url: '/?X-Amz-Signature=00' }, incomplete, 'query string'],
    ['one in lowercase', { ...good, url: '/?a=b&x-amz-credential=00' }, incomplete, 'query string'],
    ['an empty Authorization', authorization(() => ''), incomplete, 'AWS4-HMAC-SHA256'],
    ['another scheme', authorization(() => 'Basic dXNlcjpwYXNz'), incomplete, '"Basic"'],
    ['another algorithm', replaced('SHA256', 'SHA1'), incomplete, 'AWS4-HMAC-SHA1'],
    ['the asymmetric algorithm', replaced('AWS4-HMAC', 'AWS4-ECDSA-P256'), incomplete, 'AWS4-ECDSA'],
    ['the algorithm in lowercase', replaced('AWS4-HMAC', 'aws4-hmac'), incomplete, 'aws4-hmac'],
    ['the algorithm alone', authorization(() => 'AWS4-HMAC-SHA256'), incomplete, 'nothing else'],
    ['two spaces after the algorithm', replaced('SHA256 ', 'SHA256  '), incomplete, 'nothing else'],
    ['two spaces after a comma', replaced(', ', ',  '), incomplete, 'nothing else'],
    ['no Credential', replaced(/Credential=[^,]*, /, ''), incomplete, 'nothing else'],
    ['no SignedHeaders', replaced(/SignedHeaders=[^,]*, /, ''), incomplete, 'nothing else'],
    ['no Signature', replaced(/, Signature=.*/, ''), incomplete, 'nothing else'],
    ['an empty Signature', replaced(/Signature=.*/, 'Signature='), incomplete, 'nothing else'],
    ['a field in lowercase', replaced('Credential', 'credential'), incomplete, 'nothing else'],
    ['a field twice', authorization((v) => `${v}, Signature=${'0'.repeat(64)}`), incomplete, 'twice'],
    ['a fourth field', authorization((v) => `${v}, Extra=1`), incomplete, 'nothing else'],
    ['a trailing comma', authorization((v) => `${v},`), incomplete, 'nothing else'],
    ['an endless Authorization', authorization((v) => v + 'x'.repeat(8192)), incomplete, '8192'],
    ['endless headers', added('a', 'x'.repeat(40_000)), incomplete, '32768'],
    [
      '201 headers',
      added(...Array.from({ length: (201 - 5) * 2 }, (_, i) => (i % 2 ? 'v' : `n${i}`))),
      incomplete,
      '200',
    ],
    ['a scope of 4 parts', replaced('/aws4_request', ''), incomplete, 'AKIDEXAMPLE/20260520'],
    ['a scope of 6 parts', replaced('AKID', 'AK/ID'), incomplete, 'REGION'],
    ['an empty access key id', replaced('AKIDEXAMPLE', ''), incomplete, 'access key id'],
    ['an access key id of 129', replaced('AKIDEXAMPLE', 'A'.repeat(129)), incomplete, 'access key id'],
    ['an odd access key id', replaced('AKIDEXAMPLE', '../x'.replace('/', '%')), incomplete, 'access key id'],
    ['another day in the scope', replaced('20260520', '20260519'), invalid, 'X-Amz-Date'],
    ['an empty region', replaced('eu-central-1', ''), invalid, 'AWS_REGION'],
    ['a region in uppercase', replaced('eu-central-1', 'EU-CENTRAL-1'), invalid, 'AWS_REGION'],
    ['a region of 65', replaced('eu-central-1', 'a'.repeat(65)), invalid, 'AWS_REGION'],
    ['another service', replaced('/inspector/', '/inspector2/'), invalid, 'inspector2'],
    ['the service in uppercase', replaced('/inspector/', '/Inspector/'), invalid, 'Inspector'],
    ['another terminator', replaced('aws4_request', 'aws4_Request'), invalid, 'aws4_Request'],
    ['no X-Amz-Date', withHeader(good, 'x-amz-date', () => undefined), incomplete, 'X-Amz-Date is missing'],
    ['two X-Amz-Date', added('X-Amz-Date', '20260520T123600Z'), incomplete, 'more than once'],
    ['two Host', added('Host', 'evil.example'), incomplete, 'more than once'],
    ['two X-Amz-Target', added('x-amz-target', 'InspectorService.StopAssessmentRun'), incomplete, 'more than once'],
    ['two X-Amz-Content-Sha256', added(...['a', 'b'].flatMap((v) => ['X-Amz-Content-Sha256', v])), incomplete, 'once'],
    ['two X-Amz-Security-Token', added(...['a', 'b'].flatMap((v) => ['X-Amz-Security-Token', v])), incomplete, 'once'],
    ['an unsigned host', replaced('host;', ''), invalid, 'host must be signed'],
    ['an unsigned x-amz-date', replaced('x-amz-date;', ''), invalid, 'x-amz-date must be signed'],
    ['an unsigned x-amz-target', replaced(';x-amz-target', ''), invalid, 'x-amz-target must be signed'],
    ['an unsigned x-amz-security-token', added('X-Amz-Security-Token', 'x'), invalid, 'x-amz-security-token'],
    ['any other unsigned x-amz- header', added('X-Amz-New', 'x'), invalid, 'x-amz-new'],
    ['signed headers in another order', replaced('content-type;host', 'host;content-type'), invalid, 'sorted'],
    ['a signed header twice', replaced('host;', 'host;host;'), invalid, 'sorted'],
    ['an empty signed header', replaced('host;', 'host;;'), invalid, 'sorted'],
    ['a signed header in uppercase', replaced('content-type', 'Content-Type'), invalid, 'lowercase'],
    ['a signed header that is not there', replaced('host;', 'host;range;'), invalid, 'range'],
    [
      'a signed header with a line break',
      withHeader(good, 'content-type', (v) => `${v}\nhost:x`),
      invalid,
      'character',
    ],
    ['a signed header beyond a byte', withHeader(good, 'content-type', (v) => `${v}\u0141`), invalid, 'character'],
    ['a short signature', replaced(/.$/, ''), invalid, '64'],
    ['a long signature', authorization((v) => `${v}0`), invalid, '64'],
    ['a signature in uppercase', replaced(/Signature=.*/, `Signature=${'AB'.repeat(32)}`), invalid, '64'],
    ['a signature that is not hexadecimal', replaced(/.$/, 'g'), invalid, '64'],
  ])('%s', (_name, request, type, says) => {
    expect(parse(request)).toEqual({ type, message: expect.stringContaining(says) });
  });

  test.each([
    '',
    '20260520',
    '20260520T123600',
    '2026-05-20T12:36:00Z',
    '20260520T123600z',
    '20260520T123600Z ',
    '20260520T123600Z\n',
    '20260431T123600Z',
    '20260520T243600Z',
    '20260520T123660Z',
    '00500520T123600Z',
    '٢٠٢٦٠٥٢٠T123600Z',
    'Wed, 20 May 2026 12:36:00 GMT',
  ])('the date %j', (date) => {
    expect(parse(withHeader(good, 'x-amz-date', () => date))).toMatchObject({
      type: incomplete,
      message: expect.stringContaining('YYYYMMDDTHHMMSSZ'),
    });
  });

  test('without repeating more than a little of what it was sent', () => {
    const fault = parse(replaced('eu-central-1', `${'<'.repeat(3000)}\u0000`));
    expect(JSON.stringify(fault).length).toBeLessThan(300);
  });
});
