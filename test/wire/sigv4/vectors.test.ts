/** Values that AWS published: the worked example of the IAM user guide, and its Signature Version 4 test suite. */
import { hash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  canonicalHeader,
  computeSignature,
  stringToSign,
} from '../../../packages/server/src/wire/sigv4/canonical-request.ts';
import { deriveSigningKey } from '../../../packages/server/src/wire/sigv4/signing-key.ts';
import { secretAccessKey } from './signed-request.ts';

const amzDate = '20150830T123600Z';
const emptyPayload = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

describe("the user guide's ListUsers request", () => {
  const scope = { date: '20150830', region: 'us-east-1', service: 'iam' };
  const text = stringToSign(amzDate, scope, {
    method: 'GET',
    path: '/',
    query: 'Action=ListUsers&Version=2010-05-08',
    canonicalHeaders:
      canonicalHeader('content-type', ['application/x-www-form-urlencoded; charset=utf-8']) +
      canonicalHeader('host', ['iam.amazonaws.com']) +
      canonicalHeader('x-amz-date', [amzDate]),
    signedHeaders: ['content-type', 'host', 'x-amz-date'],
    payloadSha256: hash('sha256', '', 'hex'),
  });

  test('has the published string to sign', () => {
    expect(text).toBe(
      'AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/iam/aws4_request\n' +
        'f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59',
    );
  });
  test('has the published signing key', () => {
    expect(deriveSigningKey(secretAccessKey, scope).export().toString('hex')).toBe(
      'c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9',
    );
  });
  test('has the published signature', () => {
    expect(computeSignature(deriveSigningKey(secretAccessKey, scope), text).toString('hex')).toBe(
      '5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7',
    );
  });
});

type Headers = readonly (readonly [name: string, ...values: string[]])[];
const suite: readonly (readonly [name: string, method: string, headers: Headers, signature: string])[] = [
  ['get-vanilla', 'GET', [], '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
  ['post-vanilla', 'POST', [], '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
  [
    'get-header-key-duplicate',
    'GET',
    [['my-header1', 'value2', 'value2', 'value1']],
    'c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea',
  ],
  [
    'get-header-value-order',
    'GET',
    [['my-header1', 'value4', 'value1', 'value3', 'value2']],
    '08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01',
  ],
  [
    'get-header-value-trim',
    'GET',
    [
      ['my-header1', ' value1'],
      ['my-header2', ' "a   b   c"'],
    ],
    'acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736',
  ],
];

test.each(suite)('the test suite: %s', (_name, method, headers, signature) => {
  const scope = { date: '20150830', region: 'us-east-1', service: 'service' };
  const all: Headers = [['host', 'example.amazonaws.com'], ...headers, ['x-amz-date', amzDate]];
  const text = stringToSign(amzDate, scope, {
    method,
    path: '/',
    query: '',
    canonicalHeaders: all.map(([name, ...values]) => canonicalHeader(name, values)).join(''),
    signedHeaders: all.map(([name]) => name),
    payloadSha256: emptyPayload,
  });
  expect(computeSignature(deriveSigningKey(secretAccessKey, scope), text).toString('hex')).toBe(signature);
});
