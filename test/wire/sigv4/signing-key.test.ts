import { expect, test } from 'vitest';
import { createSigningKeyCache, deriveSigningKey } from '../../../packages/server/src/wire/sigv4/signing-key.ts';

const scope = { date: '20260520', region: 'eu-central-1', service: 'inspector' };
const key = deriveSigningKey('secret', scope);

test('finds a key only for all that it was made from', () => {
  const cache = createSigningKeyCache();
  cache.keep('A', scope, 'secret', key);
  expect(cache.find('A', scope, 'secret')).toBe(key);
  expect(cache.find('B', scope, 'secret')).toBeUndefined();
  expect(cache.find('A', { ...scope, date: '20260521' }, 'secret')).toBeUndefined();
  expect(cache.find('A', { ...scope, region: 'us-east-1' }, 'secret')).toBeUndefined();
  expect(cache.find('A', { ...scope, service: 'sns' }, 'secret')).toBeUndefined();
  expect(cache.find('A', scope, 'secret')).toBe(key);
});

test('forgets a key as soon as its access key has another secret', () => {
  const cache = createSigningKeyCache();
  cache.keep('A', scope, 'secret', key);
  expect(cache.find('A', scope, 'rotated')).toBeUndefined();
  expect(cache.find('A', scope, 'secret')).toBeUndefined();
});

test('holds no more than its limit and drops what was used longest ago', () => {
  const cache = createSigningKeyCache(2);
  cache.keep('A', scope, 's', key);
  cache.keep('B', scope, 's', key);
  cache.find('A', scope, 's');
  cache.keep('C', scope, 's', key);
  expect(['A', 'B', 'C'].map((id) => cache.find(id, scope, 's') !== undefined)).toEqual([true, false, true]);
});
