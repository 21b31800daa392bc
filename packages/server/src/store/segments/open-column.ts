import { type BloomColumn, openBloom } from './bloom-column.ts';
import { type DictionaryColumn, openDictionary } from './dictionary-column.ts';
import { type Column, CREATED_AT, ID, type Layout } from './layout.ts';
import { type NameColumn, openNames } from './name-column.ts';
import { type NumberColumn, openNumbers } from './number-column.ts';
import { openPostings, type PostingsColumn } from './postings-column.ts';
import { openTexts, type TextColumn } from './text-column.ts';

/** A column of a segment as tests run over it: views on its bytes, which are in memory of their own and never change. */
export type OpenColumn = NumberColumn | DictionaryColumn | PostingsColumn | TextColumn | NameColumn | BloomColumn;

const openers: Readonly<Record<Column['type'], (data: Uint8Array) => OpenColumn>> = {
  number: openNumbers,
  dictionary: openDictionary,
  terms: openPostings,
  text: openTexts,
  name: openNames,
};

/** How the columns of a list are opened, by their kind. */
export function openersOf({ columns, bloomFilters = [] }: Pick<Layout, 'columns' | 'bloomFilters'>) {
  const own: ((data: Uint8Array) => OpenColumn)[] = [];
  own[CREATED_AT] = openNumbers;
  own[ID] = openTexts;
  for (const { kind, type } of columns) own[kind] = openers[type];
  for (const { kind } of bloomFilters) own[kind] = openBloom;
  return own;
}

/** What a column takes in memory, in bytes: its data, what was made of it, and the objects around them. */
export const sizeOf = (column: OpenColumn): number =>
  column.data.length + (column.type === 'name' ? column.masks.byteLength : 0) + OBJECTS;

const OBJECTS = 500;
