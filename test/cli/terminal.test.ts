import { Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { csvLine } from '@assay/model/csv.ts';
import { describe, expect, test } from 'vitest';
import { fitColumns } from '../../packages/server/src/cli/terminal/fit-columns.ts';
import { type TableOptions, writeTable } from '../../packages/server/src/cli/terminal/write-table.ts';

interface Row {
  readonly name: string;
  readonly size: number | null;
}
const rows: readonly Row[] = [
  { name: 'web-10', size: 3 },
  { name: 'web-9', size: 20 },
  { name: 'db\u001b[31m\nof many words that go on', size: null },
];

/** What is written for a terminal of a width; 0 for none. */
function written(options: TableOptions, width = 0): string {
  let text = '';
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      text += chunk;
      done();
    },
  }) as unknown as NodeJS.WriteStream;
  if (width > 0) Object.assign(stream, { isTTY: true, columns: width });
  writeTable(stream, options, rows, {
    columns: [
      { name: 'name', title: 'Name', cell: ({ name }) => name },
      { name: 'size', title: 'Size', cell: ({ size }) => size },
    ],
    none: 'none',
  });
  return stripVTControlCharacters(text);
}
const names = (options: TableOptions): string[] =>
  (JSON.parse(written({ ...options, json: true })) as Row[]).map(({ name }) => name.slice(0, 6));

describe('a table', () => {
  test('has one line a row, whatever a row says', () => {
    const lines = [
      'Name                              Size',
      'web-10                            3',
      'web-9                             20',
      'db [31m of many words that go on',
    ];
    expect(written({})).toBe(`${lines.join('\n')}\n`);
  });

  test('is as wide as its terminal', () => {
    for (const width of [20, 30, 33]) {
      const lines = written({}, width).trimEnd().split('\n');
      expect(lines).toHaveLength(4);
      expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(width);
    }
    expect(written({}, 20)).toContain('…');
    expect(written({}, 200)).not.toContain('…');
  });

  test('is sorted by numbers as numbers, what is not there last', () => {
    expect(names({ sort: 'name' })).toEqual([expect.stringMatching(/^db/), 'web-9', 'web-10']);
    expect(names({ sort: '-size' })).toEqual(['web-9', 'web-10', expect.stringMatching(/^db/)]);
    expect(names({ sort: 'size' })).toEqual(['web-10', 'web-9', expect.stringMatching(/^db/)]);
  });

  test('is filtered by every condition', () => {
    const condition = (column: string, pattern: string, negated = false) => ({ column, pattern, negated });
    expect(names({ filter: [condition('NAME', 'web-*')] })).toEqual(['web-10', 'web-9']);
    expect(names({ filter: [condition('name', 'web-*'), condition('size', '3', true)] })).toEqual(['web-9']);
    expect(() => names({ filter: [condition('colour', '*')] })).toThrow('There is no column colour: name, size.');
  });
});

test.each([
  ['=1+1', `'=1+1`],
  ['+49', `'+49`],
  ['-2', `'-2`],
  ['@SUM(A1)', `'@SUM(A1)`],
  ['\t=1', `'\t=1`],
  ['a,"b"', '"a,""b"""'],
  ['two\nlines', '"two\nlines"'],
  ['=HYPERLINK("http://x")', `"'=HYPERLINK(""http://x"")"`],
])('CSV writes %j so that no spreadsheet runs it', (cell, expected) => {
  expect(csvLine([cell, -2, null, true])).toBe(`${expected},-2,,true\r\n`);
});

test('columns give way from the widest on, and none below what can be read', () => {
  const of = (...widths: number[]) => [widths.map((width) => 'x'.repeat(width))];
  expect(fitColumns(of(10, 40, 20), 200)).toEqual([10, 40, 20]);
  expect(fitColumns(of(10, 40, 20), 54)).toEqual([10, 20, 20]);
  expect(fitColumns(of(10, 40, 20), 44)).toEqual([10, 15, 15]);
  expect(fitColumns(of(10, 40, 20), 3)).toEqual([6, 6, 6]);
  expect(fitColumns(of(2, 100), 30)).toEqual([2, 26]);
});
