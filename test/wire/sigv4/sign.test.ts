import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type RequestToSign, signRequest } from '../../../packages/server/src/wire/sigv4/sign.ts';
import { authenticate, goodRequest, now } from './signed-request.ts';

const request: RequestToSign = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'secret',
  region: 'eu-central-1',
  service: 'inspector',
  url: 'https://assay.example/',
  method: 'POST',
  headers: { 'X-Amz-Target': 'InspectorService.ListFindings' },
  body: '{}',
  now,
};

test('gives the headers to send, in lowercase', () => {
  expect(signRequest({ ...request, sessionToken: 'token' })).toEqual({
    host: 'assay.example',
    'x-amz-date': '20260520T123600Z',
    'x-amz-security-token': 'token',
    'x-amz-target': 'InspectorService.ListFindings',
    authorization: expect.stringMatching(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/20260520\/eu-central-1\/inspector\/aws4_request, SignedHeaders=host;x-amz-date;x-amz-security-token;x-amz-target, Signature=[0-9a-f]{64}$/,
    ),
  });
});

test('leaves out the port that a URL implies and keeps any other', () => {
  expect(signRequest({ ...request, url: 'https://h:443' }).host).toBe('h');
  expect(signRequest({ ...request, url: 'http://127.0.0.1:8020' }).host).toBe('127.0.0.1:8020');
  expect(signRequest({ ...request, url: 'http://[::1]:8020/' }).host).toBe('[::1]:8020');
});

test.each<[string, Partial<RequestToSign>]>([
  ['no secret', { secretAccessKey: '' }],
  ['no access key id', { accessKeyId: '' }],
  ['another path', { url: 'https://assay.example/api' }],
  ['a query', { url: 'https://assay.example/?a=b' }],
  ['a header twice', { headers: { 'X-A': '1', 'x-a': '2' } }],
  ['a header that signing sets', { headers: { Host: 'x' } }],
  ['a header with a line break', { headers: { 'X-A': 'a\r\nb' } }],
  ['a header beyond a byte', { headers: { 'X-A': '€' } }],
])('does not sign %s', (_name, changes) => {
  expect(() => signRequest({ ...request, ...changes })).toThrow(TypeError);
});

test('what it signs is accepted, whatever the body, secret, region, time and further headers', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 300 }),
      fc.string({ minLength: 1, unit: 'grapheme' }),
      fc.stringMatching(/^[a-z0-9-]{1,64}$/),
      fc.date({ min: new Date('2000-01-01'), max: new Date('2099-01-01'), noInvalidDate: true }),
      fc.dictionary(
        fc.stringMatching(/^x-(?:amz-)?meta-[a-zA-Z0-9]{1,8}$/),
        fc.stringMatching(/^[\t -~\xa0-\xff]{0,20}$/),
      ),
      (body, secretAccessKey, region, time, more) => {
        fc.pre(new Set(Object.keys(more).map((name) => name.toLowerCase())).size === Object.keys(more).length);
        const signed = goodRequest({
          body,
          secretAccessKey,
          region,
          now: time.getTime(),
          headers: { ...more, 'x-amz-target': 'InspectorService.ListFindings' },
        });
        expect(authenticate(signed, { secret: { secretAccessKey }, now: time.getTime() })).toEqual({
          accessKeyId: 'AKIDEXAMPLE',
          region,
        });
      },
    ),
  );
});
