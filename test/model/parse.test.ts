import { formatPath, parse, SerializationFault } from '@assay/model/parse.ts';
import {
  boolean,
  double,
  enumeration,
  integer,
  list,
  long,
  map,
  type Shape,
  string,
  structure,
  timestamp,
} from '@assay/model/shape.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '../support/effort.ts';

/** Where and what {@link parse} refuses; undefined when it does not. */
function refusal(shape: Shape, value: unknown): string | undefined {
  try {
    parse(shape, value);
    return undefined;
  } catch (error) {
    if (!(error instanceof SerializationFault)) throw error;
    return `${formatPath(error.path)}: ${error.message}`;
  }
}

const nested = structure({
  name: string(),
  inner: structure({ counts: list(integer()) }),
  tags: map(string(), string()),
});

describe('null', () => {
  test('is absent in a structure', () => {
    expect(parse(nested, { name: null, inner: { counts: null }, tags: null })).toEqual({ inner: {} });
  });
  test('is absent in a map', () => {
    expect(parse(nested, { tags: { a: null, b: 'x' } })).toEqual({ tags: { b: 'x' } });
  });
  test('is refused in a list, with its position', () => {
    expect(refusal(nested, { inner: { counts: [1, null] } })).toBe(
      'inner.counts[1]: inner.counts[1] must be an integer',
    );
  });
  test('is refused as the whole', () => {
    expect(refusal(nested, null)).toBe(': The body must be an object');
  });
});

describe('members', () => {
  test('that the shape does not name are dropped at every depth', () => {
    expect(parse(nested, { other: 1, inner: { counts: [], more: {} } })).toEqual({ inner: { counts: [] } });
  });
  test('of the prototype are not members', () => {
    const shape = structure({ toString: string(), constructor: string(), name: string() });
    expect(Object.keys(parse(shape, {}))).toEqual([]);
  });
  test('__proto__ changes no prototype, and is an ordinary key of a map', () => {
    const parsed = parse(nested, JSON.parse('{"__proto__":{"name":"x"},"tags":{"__proto__":"y"}}'));
    expect(parsed.name).toBeUndefined();
    expect(Object.getPrototypeOf(parsed)).toBe(Object.prototype);
    expect(Object.entries(parsed.tags ?? {})).toEqual([['__proto__', 'y']]);
    expect(({} as Record<string, unknown>).name).toBeUndefined();
  });
});

describe('types', () => {
  const wrong: readonly (readonly [Shape, readonly unknown[]])[] = [
    [string(), [1, true, {}, [], '\ud800', '\udc00a', 'a\ud83d']],
    [enumeration('A'), [1, true, {}, []]],
    [integer(), ['1', 1.5, true, 2 ** 31, -(2 ** 31) - 1, Number.POSITIVE_INFINITY, {}, []]],
    [long(), ['1', 1.5, 2 ** 53, true, {}]],
    [double(), ['1', Number.POSITIVE_INFINITY, true, {}]],
    [timestamp, ['2015-01-01T00:00:00Z', true, {}, 8.64e12 + 1, Number.POSITIVE_INFINITY]],
    [boolean, [0, 1, 'true', {}]],
    [list(integer()), [{}, 'a', 1, { 0: 1, length: 1 }]],
    [map(string(), string()), [[], 'a', 1]],
    [structure({}), [[], 'a', 1, true]],
  ];
  test.each(wrong)('$type refuses values of other types', (shape, values) => {
    for (const value of values) expect(refusal(shape, value), JSON.stringify(value)).toBeDefined();
  });
  test('bounds are inclusive', () => {
    for (const edge of [2 ** 31 - 1, -(2 ** 31), 0]) expect(parse(integer(), edge)).toBe(edge);
    for (const edge of [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]) expect(parse(long(), edge)).toBe(edge);
    for (const edge of [8.64e12, -8.64e12, 1458680170.035]) expect(parse(timestamp, edge)).toBe(edge);
  });
  test('a value outside its constraints is parsed all the same: they are judged later', () => {
    expect(parse(enumeration('A'), 'B')).toBe('B');
    expect(parse(string({ max: 1 }), 'long')).toBe('long');
    expect(parse(list(integer(), { max: 1 }), [1, 2])).toEqual([1, 2]);
  });
  test('astral characters are text', () => expect(parse(string(), '😀𝒳')).toBe('😀𝒳'));
});

test('whatever JSON holds is parsed or refused, and nothing is added', () => {
  const shapes: Shape[] = [nested, list(nested), map(enumeration('a', 'b'), timestamp), string(), boolean];
  fc.assert(
    fc.property(fc.constantFrom(...shapes), fc.jsonValue(), (shape, value) => {
      const before = JSON.stringify(value);
      if (refusal(shape, value) === undefined) {
        const once = parse(shape, value);
        expect(parse(shape, once)).toEqual(once);
      }
      expect(JSON.stringify(value)).toBe(before);
    }),
    { numRuns: propertyRuns(2000) },
  );
});

test('positions are written as AWS writes them', () => {
  expect(formatPath(['filter', 'states', 2])).toBe('filter.states[2]');
  expect(formatPath([])).toBe('');
  expect(formatPath([0, 'a', 1, 2])).toBe('[0].a[1][2]');
});
