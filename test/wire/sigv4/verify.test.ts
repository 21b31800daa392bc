import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { isFault, unknownAccessKey } from '../../../packages/server/src/wire/sigv4/fault.ts';
import { createSigningKeyCache } from '../../../packages/server/src/wire/sigv4/signing-key.ts';
import {
  accessKeyId,
  authenticate,
  type Conditions,
  goodRequest,
  now,
  type Received,
  secretAccessKey,
  withHeader,
} from './signed-request.ts';

const good = goodRequest();
const verified = { accessKeyId: 'AKIDEXAMPLE', region: 'eu-central-1' };
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const target = { 'X-Amz-Target': 'InspectorService.ListAssessmentRuns' };
const minutes = (count: number): number => count * 60_000;
const added = (...headers: string[]): Received => ({ ...good, headers: [...good.headers, ...headers] });

describe('accepts', () => {
  test.each<[string, Received, Conditions]>([
    ['what was signed', good, {}],
    ['an empty body', goodRequest({ body: '' }), {}],
    ['a body that is not text', goodRequest({ body: new Uint8Array([0, 255, 128, 10]) }), {}],
    ['a signature of exactly 5 minutes ago', good, { now: now + minutes(5) }],
    ['a signature of exactly 5 minutes hence', good, { now: now - minutes(5) }],
    ['headers in another order', { ...good, headers: [...good.headers.slice(4), ...good.headers.slice(0, 4)] }, {}],
    ['more blanks in a signed header', goodRequest({ headers: { ...target, 'X-A': ' a \t  b ' } }), {}],
    [
      'the hash of the body',
      goodRequest({ body: 'x', headers: { ...target, 'X-Amz-Content-Sha256': sha256('x') } }),
      {},
    ],
    ['the same, unsigned', added('x-amz-content-sha256', sha256('{"maxResults":10}')), {}],
    [
      'the session token of a temporary key',
      goodRequest({ sessionToken: 'token' }),
      { secret: { secretAccessKey, sessionToken: 'token' } },
    ],
  ])('%s', (_name, request, conditions) => {
    expect(authenticate(request, conditions)).toEqual(verified);
  });

  test('a signed header that came twice, joined in order, and only in that order', () => {
    const request = goodRequest({ headers: { ...target, 'X-List': 'a,b' } });
    const rest = withHeader(request, 'x-list', () => undefined);
    const split = (...values: string[]) => ({
      ...rest,
      headers: [...rest.headers, ...values.flatMap((value) => ['X-List', value])],
    });
    expect(authenticate(split('a', ' b '))).toEqual(verified);
    expect(authenticate(split('b', 'a'))).toMatchObject({ type: 'InvalidSignatureException' });
  });
});

const invalid = 'InvalidSignatureException';
const unrecognized = 'UnrecognizedClientException';

describe('refuses', () => {
  test.each<[string, Received, Conditions, string, string]>([
    ['a changed body', { ...good, body: Buffer.from('{"maxResults":11}') }, {}, invalid, 'does not match'],
    ['a body left out', { ...good, body: Buffer.alloc(0) }, {}, invalid, 'does not match'],
    ['another target', withHeader(good, 'x-amz-target', (v) => `${v}2`), {}, invalid, 'does not match'],
    ['another host', withHeader(good, 'host', () => 'other:8020'), {}, invalid, 'Host header'],
    [
      'another region',
      withHeader(good, 'authorization', (v) => v.replace('eu-central-1', 'us-east-1')),
      {},
      invalid,
      'does not match',
    ],
    [
      "another key's id",
      withHeader(good, 'authorization', (v) => v.replace('AKIDEXAMPLE', 'AKIDEXAMPLF')),
      { secret: { secretAccessKey: 'another secret' } },
      invalid,
      'does not match',
    ],
    [
      'a forged signature',
      withHeader(good, 'authorization', (v) => v.replace(/.{64}$/, '0'.repeat(64))),
      {},
      invalid,
      'AWS_SECRET_ACCESS_KEY',
    ],
    ['another secret', good, { secret: { secretAccessKey: `${secretAccessKey}x` } }, invalid, 'does not match'],
    ['an empty secret', good, { secret: { secretAccessKey: '' } }, unrecognized, 'no secret'],
    ['a stale signature', good, { now: now + minutes(5) + 1 }, invalid, '20260520T123600Z, more than 5 minutes before'],
    ['a future signature', good, { now: now - minutes(5) - 1 }, invalid, "after this server's time, 20260520T123059Z"],
    ['another method', goodRequest({ method: 'GET' }), {}, invalid, 'POST /'],
    ['another path', { ...good, url: '/x' }, {}, invalid, 'POST /'],
    ['a query', { ...good, url: '/?' }, {}, invalid, 'POST /'],
    [
      'UNSIGNED-PAYLOAD',
      goodRequest({ headers: { ...target, 'X-Amz-Content-Sha256': 'UNSIGNED-PAYLOAD' } }),
      {},
      invalid,
      'Unsigned',
    ],
    [
      'a wrong body hash, signed',
      goodRequest({ headers: { ...target, 'X-Amz-Content-Sha256': sha256('y') } }),
      {},
      invalid,
      'SHA-256',
    ],
    ['a wrong body hash, unsigned', added('x-amz-content-sha256', sha256('y')), {}, invalid, 'SHA-256'],
    [
      'a session token for a lasting key',
      goodRequest({ sessionToken: 'old' }),
      {},
      unrecognized,
      'unset AWS_SESSION_TOKEN',
    ],
    [
      'another session token',
      goodRequest({ sessionToken: 'other' }),
      { secret: { secretAccessKey, sessionToken: 'token' } },
      unrecognized,
      'set AWS_SESSION_TOKEN',
    ],
    ['no session token', good, { secret: { secretAccessKey, sessionToken: 'token' } }, unrecognized, 'missing'],
    [
      'no session token where it is empty',
      good,
      { secret: { secretAccessKey, sessionToken: '' } },
      unrecognized,
      'missing',
    ],
  ])('%s', (_name, request, conditions, type, says) => {
    expect(authenticate(request, conditions)).toEqual({ type, message: expect.stringContaining(says) });
  });

  test('everything while its clock is broken', () => {
    expect(() => authenticate(good, { now: Number.NaN })).toThrow(RangeError);
  });

  test('the old secret after a rotation, although its signing key is remembered', () => {
    const signingKeys = createSigningKeyCache();
    expect(authenticate(good, { signingKeys })).toEqual(verified);
    const rotated = { secret: { secretAccessKey: 'rotated' }, signingKeys };
    expect(authenticate(good, rotated)).toMatchObject({ type: invalid });
    expect(authenticate(goodRequest({ secretAccessKey: 'rotated' }), rotated)).toEqual(verified);
    expect(authenticate(good, rotated)).toMatchObject({ type: invalid });
  });
});

test('remembers a signing key once its signature was right, not before', () => {
  const signingKeys = createSigningKeyCache();
  const scope = { date: '20260520', region: 'eu-central-1', service: 'inspector' };
  authenticate({ ...good, body: Buffer.from('x') }, { signingKeys });
  expect(signingKeys.find(accessKeyId, scope, secretAccessKey)).toBeUndefined();
  authenticate(good, { signingKeys });
  expect(signingKeys.find(accessKeyId, scope, secretAccessKey)).toBeDefined();
});

test('has a fault for a key that the store does not have', () => {
  expect(isFault(unknownAccessKey('AKIX'))).toBe(true);
  expect(unknownAccessKey('AKIX')).toMatchObject({ type: unrecognized, message: expect.stringContaining('AKIX') });
});
