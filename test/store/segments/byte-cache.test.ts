import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createByteCache } from '../../../packages/server/src/store/segments/byte-cache.ts';

test('whatever is asked and kept, no more is held than fits, and only what was kept under its key', () => {
  const step = fc.record({ key: fc.nat({ max: 30 }), bytes: fc.integer({ min: 1, max: 120 }), keep: fc.boolean() });
  let hits = 0;
  fc.assert(
    fc.property(fc.array(step, { minLength: 50, maxLength: 200 }), (steps) => {
      const cache = createByteCache<string>(300);
      const bytes = new Map<number, number>();
      for (const [at, { key, bytes: own, keep }] of steps.entries()) {
        if (keep) {
          cache.keep(key, `${key} ${at}`, own);
          bytes.set(key, own);
        } else {
          const value = cache.get(key);
          if (value !== undefined) hits++;
          expect(value ?? `${key} `).toMatch(new RegExp(`^${key} `));
        }
        expect(cache.size()).toBeLessThanOrEqual(300);
      }
      const held = [...bytes].filter(([key]) => cache.get(key) !== undefined);
      expect(held.reduce((sum, [, own]) => sum + own, 0)).toBe(cache.size());
    }),
  );
  expect(hits).toBeGreaterThan(100);
});

/** Asks for a value and keeps it where it was not there; true where it was. */
function use(cache: ReturnType<typeof createByteCache<number>>, key: number, bytes: number): boolean {
  if (cache.get(key) !== undefined) return true;
  cache.keep(key, key, bytes);
  return false;
}

test('a pass over more than fits leaves what is asked for all the time where it is', () => {
  const cache = createByteCache<number>(100_000);
  const small = Array.from({ length: 50 }, (_, at) => at);
  for (let time = 0; time < 4; time++) for (const key of small) use(cache, key, 1000);
  for (let large = 1000; large < 3000; large++) use(cache, large, 20_000);
  expect(small.filter((key) => cache.get(key) === undefined)).toEqual([]);
});

test('of more than fits, asked for in turn, as much as fits is there every time', () => {
  const cache = createByteCache<number>(100_000);
  let hits = 0;
  for (let time = 0; time < 20; time++) for (let key = 0; key < 200; key++) hits += use(cache, key, 1000) ? 1 : 0;
  expect(hits).toBeGreaterThan(19 * 90);
});

test('what is asked for now takes the place of what was asked for before', () => {
  const cache = createByteCache<number>(100_000);
  for (let time = 0; time < 30; time++) for (let key = 0; key < 100; key++) use(cache, key, 1000);
  let hits = 0;
  for (let time = 0; time < 100; time++) for (let key = 500; key < 600; key++) hits += use(cache, key, 1000) ? 1 : 0;
  expect(hits).toBeGreaterThan(5000);
});

test('a value takes the place of the one before, and what is larger than everything is not kept', () => {
  const cache = createByteCache<string>(1000);
  cache.keep(1, 'old', 600);
  cache.keep(1, 'new', 700);
  expect([cache.get(1), cache.size()]).toEqual(['new', 700]);
  cache.keep(2, 'large', 1001);
  expect([cache.get(2), cache.size()]).toEqual([undefined, 700]);
});
