/** Columns of segments: what is written is read, and tests keep the rows that brute force keeps. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matchesWildcard } from '../../../packages/server/src/domain/wildcard.ts';
import { encodeBloom, mayHold, openBloom } from '../../../packages/server/src/store/segments/bloom-column.ts';
import {
  decodeDictionary,
  encodeDictionary,
  oneOf,
  openDictionary,
} from '../../../packages/server/src/store/segments/dictionary-column.ts';
import { openNames } from '../../../packages/server/src/store/segments/name-column.ts';
import {
  decodeNumbers,
  encodeNumbers,
  openNumbers,
  withinRange,
} from '../../../packages/server/src/store/segments/number-column.ts';
import type { OpenColumn } from '../../../packages/server/src/store/segments/open-column.ts';
import { pattern } from '../../../packages/server/src/store/segments/segment-filter.ts';
import type { Test } from '../../../packages/server/src/store/segments/selection.ts';
import { decodeTexts, encodeTexts } from '../../../packages/server/src/store/segments/text-column.ts';
import { propertyRuns } from '../../support/effort.ts';

/** Which of the given rows a test keeps; every second one is given. */
function keptBy(one: Test, column: OpenColumn, length: number): number[] {
  const rows = Uint16Array.from({ length: Math.ceil(length / 2) }, (_, at) => at * 2);
  return [...rows.subarray(0, one(column, rows, rows.length))];
}
const everySecond = <T>(values: readonly T[], keep: (value: T) => boolean): number[] =>
  values.flatMap((value, row) => (row % 2 === 0 && keep(value) ? [row] : []));

/** As drivers give bytes: somewhere in a larger buffer. */
const elsewhere = (data: Uint8Array): Uint8Array => {
  const larger = new Uint8Array(data.length + 20);
  larger.set(data, 3);
  return larger.subarray(3, 3 + data.length);
};

describe('numbers', () => {
  const spread = [10, 300, 70_000, 5_000_000_000, Number.MAX_SAFE_INTEGER];
  const values = fc.constantFrom(...spread).chain((max) => {
    const any = fc.integer({ min: 0, max });
    const few = fc.array(any, { minLength: 1, maxLength: 4 }).chain((table) => fc.constantFrom(...table));
    return fc.oneof(
      fc.array(fc.option(any), { minLength: 1, maxLength: 60 }),
      fc.array(any, { minLength: 1, maxLength: 60 }),
      fc.array(fc.option(few), { minLength: 40, maxLength: 60 }),
    );
  });

  test('of every width, in a table or not, with nulls or without', () => {
    const kinds = new Set<string>();
    fc.assert(
      fc.property(values, fc.nat(), fc.nat(), fc.boolean(), (own, one, other, open) => {
        const column = openNumbers(elsewhere(encodeNumbers(own)));
        kinds.add(`${column.codes.constructor.name} ${column.table.length > 0} ${column.nulls}`);
        expect(decodeNumbers(encodeNumbers(own))).toEqual(own);
        const from = open ? Number.NEGATIVE_INFINITY : (own[one % own.length] ?? 5);
        const to = own[other % own.length] ?? Number.POSITIVE_INFINITY;
        expect(keptBy(withinRange(from, to), column, own.length)).toEqual(
          everySecond(own, (value) => value !== null && value >= from && value <= to),
        );
      }),
      { numRuns: propertyRuns(2000) },
    );
    for (const type of ['Uint8Array', 'Uint16Array', 'Uint32Array', 'Float64Array']) {
      for (const nulls of [true, false]) expect(kinds).toContain(`${type} false ${nulls}`);
    }
    expect(kinds).toContain('Uint8Array true true');
  });
});

test('texts that repeat: few or more than a byte can count, one of them, none of them', () => {
  const widths = new Set<string>();
  const text = fc.oneof(fc.constantFrom('', 'a', 'b', 'é'), fc.nat({ max: 600 }).map(String));
  const values = fc.oneof(
    fc.array(fc.option(text), { minLength: 1, maxLength: 30 }),
    fc.constant(Array.from({ length: 700 }, (_, at) => (at % 7 === 0 ? null : `${at % 500}`))),
  );
  fc.assert(
    fc.property(values, fc.array(text, { maxLength: 40 }), fc.boolean(), (own, sought, wanted) => {
      const column = openDictionary(elsewhere(encodeDictionary(own)));
      widths.add(column.codes.constructor.name);
      expect(decodeDictionary(encodeDictionary(own))).toEqual(own);
      expect(keptBy(oneOf(sought, wanted), column, own.length)).toEqual(
        everySecond(own, (value) => (value !== null && sought.includes(value)) === wanted),
      );
    }),
    { numRuns: propertyRuns(500) },
  );
  expect([...widths].sort()).toEqual(['Uint16Array', 'Uint8Array']);
});

test('texts of one length are read as others are', () => {
  const id = fc.string({ unit: fc.constantFrom('a', 'é', '😀'), minLength: 0, maxLength: 3 });
  const same = fc.array(fc.constantFrom('ab', 'é', 'cd'), { minLength: 250, maxLength: 300 });
  fc.assert(
    fc.property(fc.oneof(fc.array(id, { maxLength: 20 }), same), (own) => {
      expect(decodeTexts(elsewhere(encodeTexts(own)))).toEqual(own);
    }),
  );
  const ids = Array.from({ length: 4096 }, (_, at) => `0-${String(at).padStart(8, '0')}`);
  expect(encodeTexts(ids)).toHaveLength(8 + 4096 * 10);
  expect(decodeTexts(encodeTexts(ids))).toEqual(ids);
});

describe('a signature', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'é', ' '), maxLength: 12 });

  test('never leaves out a segment that has a match', () => {
    let left = 0;
    const parts = fc.array(fc.constantFrom('*', 'a', 'b', 'ab', 'cé', ' ca'), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(fc.array(letters, { minLength: 1, maxLength: 8 }), parts, (own, some) => {
        const text = some.join('');
        const [hint] = pattern(1, 2, text).filter(({ kind }) => kind === 2);
        if (!hint) return;
        const column = openBloom(elsewhere(encodeBloom(own)));
        const kept = keptBy(hint.test, column, own.length * 2).length;
        if (own.some((one) => matchesWildcard(text, one))) expect(kept).toBe(own.length);
        else if (kept === 0) left++;
      }),
      { numRuns: propertyRuns(3000) },
    );
    expect(left).toBeGreaterThan(100);
  });

  test('leaves out most segments that have none, and says nothing where nothing is sought', () => {
    const names = Array.from({ length: 4096 }, (_, at) => `nightly-web ${100_000 + at}`);
    const column = openBloom(encodeBloom(names));
    expect(column.data.length).toBeLessThan(encodeTexts(names).length / 8);
    const absent = Array.from({ length: 500 }, (_, at) => Buffer.from(`x${at}yz`));
    const kept = absent.filter((piece) => keptBy(mayHold([piece]) ?? (() => 0), column, 2).length > 0);
    expect(kept.length).toBeLessThan(50);
    expect(mayHold([Buffer.from('')])).toBeUndefined();
  });

  test('of a pattern tests a segment as its texts do', () => {
    const own = ['aab', 'b cé', 'abcab', '', 'a'];
    const [hint, exact] = pattern(1, 2, '*bcab');
    expect([hint?.kind, exact?.kind, exact?.late]).toEqual([2, 1, true]);
    expect(keptBy(exact?.test ?? (() => 0), openNames(encodeTexts(own)), own.length)).toEqual([2]);
  });
});
