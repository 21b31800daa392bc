import { DatabaseSync, type SQLInputValue } from 'node:sqlite';

/** A scope that no caller has: what is wrong in its rows is nobody's. */
const SCOPE = 7_777_777;

const texts = [
  '',
  'a\tb\nc\\d',
  '\\N',
  '"quoted" \'too\'',
  '😀 ключ é',
  '\u0001\u001b[31m',
  '\ufffd',
  '\ufeffmark',
  '\\x00ff',
];
const integers = [0, -1, 1, 2 ** 31, -(2 ** 31) - 1, 2 ** 32, 2 ** 53 - 1, -(2 ** 53) + 1];
const doubles = [0.1, -0.5, 5e-324, Number.MAX_VALUE, -Number.MAX_VALUE, Number.POSITIVE_INFINITY, 1 / 3, 9];
const bytes = [[], [0], [0xff, 0xfe, 0], [0x5c, 0x78, 0x30], [0x0a, 0x0d, 0x09]].map((each) => Uint8Array.from(each));

interface Column {
  readonly name: string;
  readonly type: string;
  readonly notnull: number;
}

/** Writes eight rows of values at the edges of what columns hold into every table of a store in a file. */
export function addOddRows(file: string): void {
  const database = new DatabaseSync(file);
  try {
    const tables = database
      .prepare(
        `select name from sqlite_schema where type = 'table' and name not like 'sqlite%' and name <> 'schema_version'`,
      )
      .all();
    for (const { name } of tables) {
      const columns = database.prepare(`select name, type, "notnull" from pragma_table_info(?)`).all(name ?? '');
      const places = columns.map(() => '?').join(', ');
      const insert = database.prepare(`insert into "${name}" values (${places})`);
      for (let at = 0; at < 8; at++) insert.run(...columns.map((column) => oddValue(column as unknown as Column, at)));
    }
  } finally {
    database.close();
  }
}

/** No two rows of a table have the same text or whole number: whatever is unique stays so. */
function oddValue({ name, type, notnull }: Column, at: number): SQLInputValue {
  if (name === 'scope') return SCOPE + at;
  if (notnull === 0 && type !== 'INTEGER' && at % 3 === 0) return null;
  if (type === 'TEXT') return at === 0 ? '' : `${texts[at] ?? ''}${at % 2 ? at : ''}`;
  if (type === 'BLOB') return bytes[at % bytes.length] ?? null;
  if (type === 'REAL') return doubles[at] ?? null;
  return name === 'id' ? SCOPE + at : (integers[at] ?? null);
}
