import { check } from '@assay/model/check.ts';
import { formatPath } from '@assay/model/parse.ts';
import { double, enumeration, integer, list, map, type Shape, string, structure } from '@assay/model/shape.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '../support/effort.ts';

const faults = (shape: Shape, value: unknown, limit = 10) =>
  check(shape, value, limit).map(({ path, constraint }) => `${formatPath(path)} ${constraint}`);

describe('strings', () => {
  test('are measured in code points', () => {
    const shape = string({ min: 2, max: 3 });
    expect(faults(shape, '😀')).toEqual([' length']);
    expect(faults(shape, '😀😀')).toEqual([]);
    expect(faults(shape, '😀😀😀')).toEqual([]);
    expect(faults(shape, '😀😀😀😀')).toEqual([' length']);
    expect(faults(shape, 'e\u0301')).toEqual([]);
  });
  test('any text has the length that spreading it has', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 12 }), fc.nat(12), (text, length) => {
        const exact = check(string({ min: length, max: length, raw: true }), text).length === 0;
        expect(exact).toBe([...text].length === length);
      }),
      { numRuns: propertyRuns(2000) },
    );
  });
  test('NUL is refused where text is compared in SQL', () => {
    expect(faults(string(), 'a\0')).toEqual([' text']);
    expect(faults(string({ raw: true }), 'a\0')).toEqual([]);
  });
  test('a pattern', () => {
    expect(faults(string({ pattern: /^a+$/ }), 'aab')).toEqual([' pattern']);
    expect(faults(string({ pattern: /^a+$/ }), 'aa')).toEqual([]);
  });
});

test('numbers are inside inclusive bounds', () => {
  for (const value of [1, 500]) expect(faults(integer({ min: 1, max: 500 }), value)).toEqual([]);
  for (const value of [0, 501, -1]) expect(faults(integer({ min: 1, max: 500 }), value)).toEqual([' range']);
  expect(faults(double({ max: 10 }), 10.0001)).toEqual([' range']);
  expect(faults(integer({ min: 0 }), -1)).toEqual([' range']);
});

test('enumerations are exact', () => {
  for (const value of ['a', 'A ', '', 'toString', '__proto__']) {
    expect(faults(enumeration('A', 'B'), value)).toEqual([' enum']);
  }
  expect(faults(enumeration('A', 'B'), 'B')).toEqual([]);
});

describe('order', () => {
  const shape = structure(
    { names: list(string({ max: 1 }), { min: 1, max: 2 }), kind: enumeration('A'), size: integer({ max: 1 }) },
    'kind',
    'size',
  );
  test('missing members come first, a list is counted before its elements', () => {
    expect(faults(shape, { names: ['aa', 'b', 'c'] })).toEqual(['kind required', 'size required', 'names count']);
    expect(faults(shape, { names: ['aa', 'bb'], kind: 'B', size: 2 })).toEqual([
      'names[0] length',
      'names[1] length',
      'kind enum',
      'size range',
    ]);
    expect(faults(shape, { names: [], kind: 'A', size: 1 })).toEqual(['names count']);
  });
  test('it stops at the limit', () => {
    expect(faults(shape, { names: ['aa', 'bb'], kind: 'B' }, 2)).toEqual(['size required', 'names[0] length']);
    expect(check(shape, {})).toHaveLength(1);
  });
});

test('maps: their number, keys and values', () => {
  const shape = map(enumeration('a', 'b'), integer({ max: 1 }), { min: 1, max: 1 });
  expect(faults(shape, {})).toEqual([' count']);
  expect(faults(shape, { a: 1, b: 1 })).toEqual([' count']);
  expect(faults(shape, { c: 2 })).toEqual(['c enum', 'c range']);
});
