import { type DictionaryColumn, openDictionary } from './dictionary-column.ts';
import type { Column } from './layout.ts';
import { type NumberColumn, openNumbers } from './number-column.ts';
import { openTexts, type TextColumn } from './text-column.ts';

/** A column of a block as tests run over it: views on its bytes, which are in memory of their own and never change. */
export type OpenColumn = NumberColumn | DictionaryColumn | TextColumn;

export function openColumn(type: Column['type'], data: Uint8Array): OpenColumn {
  if (type === 'number') return openNumbers(data);
  return type === 'dictionary' ? openDictionary(data) : openTexts(data);
}

/** What a column takes in memory, in bytes: its data, and the objects around it. */
export const sizeOf = ({ data }: OpenColumn): number => data.length + OBJECTS;

const OBJECTS = 500;
