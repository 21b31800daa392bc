import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createTextsReader, packTexts } from '../../../packages/server/src/store/tables/finding-texts.ts';

const texts = fc.record(
  {
    title: fc.string({ unit: 'grapheme' }),
    description: fc.string({ maxLength: 300 }),
    confidence: fc.nat(),
    assetAttributes: fc.json().map((text): unknown => JSON.parse(text)),
  },
  { requiredKeys: [] },
);

test('texts come back from their rows, in any order, whatever is in them', () => {
  fc.assert(
    fc.property(fc.array(texts, { maxLength: 40 }), fc.array(fc.nat(), { maxLength: 60 }), (all, asked) => {
      const { rows, places } = packTexts(all);
      expect(places).toHaveLength(all.length);
      const read = createTextsReader();
      for (const at of [...all.keys(), ...asked.map((one) => one % Math.max(1, all.length))]) {
        const place = places[at];
        const row = place && rows[place.row];
        if (row) expect(read(place.row, row, place.place)).toEqual(JSON.parse(JSON.stringify(all[at])));
      }
    }),
  );
});

test('a row has a dozen findings, or fewer that say much; one that says more than fits any is alone', () => {
  const saying = (length: number) => ({ description: 'x'.repeat(length) });
  expect(packTexts(Array.from({ length: 25 }, () => saying(100))).rows).toHaveLength(3);
  expect(packTexts([saying(20_000), saying(20_000), saying(1)]).places).toEqual([
    { row: 0, place: 0 },
    { row: 1, place: 0 },
    { row: 1, place: 1 },
  ]);
  expect(packTexts([saying(1), saying(500_000), saying(1)]).rows).toHaveLength(3);
  expect(packTexts([])).toEqual({ rows: [], places: [] });
});

test('more rows than are held unpacked are read all the same', () => {
  const all = Array.from({ length: 2000 }, (_, at) => ({ title: `Finding ${at}` }));
  const { rows, places } = packTexts(all);
  const read = createTextsReader();
  for (let step = 0; step < 4000; step++) {
    const at = (step * 977) % all.length;
    const { row = 0, place = 0 } = places[at] ?? {};
    expect(read(row, rows[row] ?? new Uint8Array(), place)).toEqual(all[at]);
  }
  const [first = new Uint8Array()] = rows;
  expect(() => read(0, first, 12)).toThrow('have lost their place 12');
});
