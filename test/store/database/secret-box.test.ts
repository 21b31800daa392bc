import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSecretBox } from '../../../packages/server/src/store/database/secret-box.ts';

const key = randomBytes(32);
const box = createSecretBox(key, randomBytes);

test('what was sealed for a purpose is opened for it, whatever the secret', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (secret, purpose) => {
      expect(box.open(box.seal(secret, purpose), purpose)).toBe(secret);
    }),
  );
});

test('it is not in the box to be read, and no two boxes are alike', () => {
  const [one, other] = [box.seal('a long enough secret', 'x'), box.seal('a long enough secret', 'x')];
  expect(Buffer.from(one).includes('a long enough secret')).toBe(false);
  expect(Buffer.from(one).equals(Buffer.from(other))).toBe(false);
});

test('changed in any bit it does not open', () => {
  const sealed = box.seal('secret', 'key AKID');
  for (let bit = 0; bit < sealed.length * 8; bit++) {
    const changed = Uint8Array.from(sealed);
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(() => box.open(changed, 'key AKID')).toThrow();
  }
});

test('cut short at any place it does not open', () => {
  const sealed = box.seal('secret', 'key AKID');
  for (let length = 0; length < sealed.length; length++) {
    expect(() => box.open(sealed.subarray(0, length), 'key AKID')).toThrow();
  }
});

test('for another purpose, or with another master key, it does not open', () => {
  const sealed = box.seal('secret', 'AKIDONE');
  expect(() => box.open(sealed, 'AKIDTWO')).toThrow();
  expect(() => createSecretBox(randomBytes(32), randomBytes).open(sealed, 'AKIDONE')).toThrow();
  expect(createSecretBox(key, randomBytes).open(sealed, 'AKIDONE')).toBe('secret');
});
