import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { newAgentId, newResourceId, newResourceIds } from '../../packages/server/src/domain/ids.ts';

test('a resource id is 0- and 8 letters or digits, an agent id i- and 17 hexadecimal digits', () => {
  for (let round = 0; round < 500; round++) {
    expect(newResourceId(randomBytes)).toMatch(/^0-[0-9A-Za-z]{8}$/);
    expect(newAgentId(randomBytes)).toMatch(/^i-[0-9a-f]{17}$/);
  }
});

test('bytes that would favour the first characters are left out', () => {
  // 248 to 255 would give the first eight characters a fifth chance that the others do not have.
  const bytes = [255, 248, 247, 0, 61, 62, 254, 1, 2, 3, 4, 5];
  expect(newResourceId(() => Uint8Array.from(bytes))).toBe('0-z0z01234');
});

test('every character comes about as often as any other', () => {
  const counts = new Map<string, number>();
  // Every byte in turn, so that the count is exact: 248 usable bytes are four rounds of 62.
  let next = 0;
  const inTurn = (count: number) => Uint8Array.from({ length: count }, () => next++ % 256);
  for (let drawn = 0; drawn < 256 * 3; drawn++) {
    for (const character of newResourceId(inTurn).slice(2)) counts.set(character, (counts.get(character) ?? 0) + 1);
  }
  expect(counts.size).toBe(62);
  const [least, most] = [Math.min(...counts.values()), Math.max(...counts.values())];
  expect(most / least).toBeLessThan(1.5);
});

test('too few random bytes at first: more are asked for', () => {
  const answers = [Uint8Array.from([255, 255, 10]), Uint8Array.from([11, 12, 13, 14, 15, 16, 17, 18])];
  expect(newResourceId(() => answers.shift() ?? new Uint8Array())).toBe('0-ABCDEFGH');
});

test('many ids follow each other in the order of their bytes, and begin anew after the last one', () => {
  const from = (...digits: number[]) => Uint8Array.from([...digits, 0, 0, 0, 0]);
  expect(newResourceIds(() => from(0, 0, 0, 0, 0, 0, 35, 60), 4)).toEqual([
    '0-000000Zy',
    '0-000000Zz',
    '0-000000a0',
    '0-000000a1',
  ]);
  expect(newResourceIds(() => from(61, 61, 61, 61, 61, 61, 61, 61), 2)).toEqual(['0-zzzzzzzz', '0-00000000']);
  expect(newResourceIds(randomBytes, 0)).toEqual([]);
  const many = newResourceIds(() => from(1, 2, 3, 4, 5, 6, 7, 8), 10_000);
  expect(new Set(many).size).toBe(10_000);
  expect(many.toSorted()).toEqual(many);
});
