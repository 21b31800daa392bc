import type { AdvisoryRecord } from '../../domain/advisories.ts';

/** Records that share a row: a line of JSON each, so that one is read without the others. */
export const recordBlock = {
  /** `records` is the JSON of each. */
  write: (records: readonly string[]): string => records.join('\n'),
  /** The record of this id, undefined where the block has none. */
  read: (block: string, id: string): AdvisoryRecord | undefined => {
    // The id is a record's first member, and JSON has no line ends of its own.
    const begin = `{"id":${JSON.stringify(id)},`;
    const at = block.startsWith(begin) ? 0 : block.indexOf(`\n${begin}`) + 1;
    if (at === 0 && !block.startsWith(begin)) return undefined;
    const end = block.indexOf('\n', at);
    return JSON.parse(block.slice(at, end === -1 ? undefined : end)) as AdvisoryRecord;
  },
} as const;
