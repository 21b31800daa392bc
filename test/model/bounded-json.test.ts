import { JsonBoundsFault, parseBoundedJson } from '@assay/model/bounded-json.ts';
import { mostValues } from '@assay/model/most-values.ts';
import { integer, list, map, string, structure } from '@assay/model/shape.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const valuesOf = (value: unknown): number =>
  typeof value === 'object' && value !== null
    ? Object.values(value).reduce((sum: number, each) => sum + valuesOf(each), 1)
    : 1;
const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;

test('what is within the bounds is parsed, whatever its texts hold and however it is spaced', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(undefined, 2, '\t'), (value, space) => {
      const text = JSON.stringify(value, null, space);
      const bounds = { depth: depthOf(value), values: 2 * valuesOf(value) };
      expect(JSON.stringify(parseBoundedJson(text, bounds))).toBe(JSON.stringify(JSON.parse(text)));
      expect(JSON.stringify(parseBoundedJson(Buffer.from(text), bounds))).toBe(JSON.stringify(JSON.parse(text)));
    }),
    { numRuns: 300 },
  );
});

test('what is beyond them is refused', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value);
      const [depth, values] = [depthOf(value), valuesOf(value)];
      if (values > 1) expect(() => parseBoundedJson(text, { depth, values: values - 1 })).toThrow(JsonBoundsFault);
      if (depth > 0) expect(() => parseBoundedJson(text, { depth: depth - 1, values: 1e9 })).toThrow(/deeper/);
    }),
    { numRuns: 300 },
  );
});

describe('texts that are no JSON', () => {
  test.each(['', '[', '"', '"\\', '{"a"', '\\"[', 'nul', ']'.repeat(10)])('%j is a SyntaxError', (text) => {
    expect(() => parseBoundedJson(text)).toThrow(SyntaxError);
  });
  test('bytes that are no UTF-8 are a TypeError', () => {
    expect(() => parseBoundedJson(new Uint8Array([0x22, 0xff, 0x22]))).toThrow(TypeError);
  });
});

test('a shape knows the most values that it can have', () => {
  const shape = structure({
    name: string(),
    pairs: map(string(), integer(), { max: 3 }),
    rows: list(list(integer(), { max: 2 }), { max: 4 }),
  });
  expect(mostValues(shape)).toBe(1 + 1 + (1 + 3) + (1 + 4 * 3));
  expect(mostValues(list(string()))).toBe(Number.POSITIVE_INFINITY);
});
