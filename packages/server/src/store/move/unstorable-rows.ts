import { oneLine } from '@assay/model/safe-text.ts';
import type { Unstorable } from './encode-rows.ts';
import { MoveError } from './move-error.ts';
import type { Source } from './sqlite-source.ts';
import type { TableShape } from './table-shape.ts';

const SHOWN = 10;
const LONGEST = 60;

/** Gathers the texts of a source that no PostgreSQL database holds, to name them all before anything is copied. */
export function collectUnstorable(source: Source) {
  const lines: string[] = [];
  let count = 0;
  return {
    add: (table: TableShape, { column, why, row }: Unstorable): void => {
      const key = table.key.map((name) => row[table.columns.findIndex((each) => each.name === name)] ?? null);
      if (why === 'no UTF-8' && isUtf8(source.bytesOf(table, column, key))) return;
      count++;
      const named = table.key.map((name, at) => `${name} ${shown(key[at])}`).join(', ');
      if (lines.length < SHOWN) lines.push(`  ${column} of ${table.name} where ${named}: ${reasons[why]}`);
    },
    throwIfAny: (): void => {
      if (count === 0) return;
      const more = count > lines.length ? [`  … and ${count - lines.length} more`] : [];
      throw new MoveError(
        [
          'PostgreSQL cannot hold all texts of this store, and nothing was moved:',
          ...lines,
          ...more,
          'Delete what they are part of, or change them with the sqlite3 program while no server runs, and try again.',
        ].join('\n'),
      );
    },
  };
}

const reasons = { NUL: 'it has a NUL character', 'no UTF-8': 'it is no UTF-8' } as const;

/** Keys may hold anything: nothing of them may steer the terminal. */
const shown = (value: unknown): string => oneLine(String(value), LONGEST);

function isUtf8(bytes: Uint8Array | undefined): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
