import type { AdvisoryRecord } from '../../domain/advisories.ts';

/** Records that share a row: a line of JSON each, so that one is read without the others. */
export const recordBlock = {
  /** `records` is the JSON of each. */
  write: (records: readonly string[]): string => records.join('\n'),
  /** The records of a block by their ids, each read when it is asked for. */
  read: (text: string): [id: string, read: () => AdvisoryRecord][] =>
    text.split('\n').map((line) => {
      const [, id = (JSON.parse(line) as AdvisoryRecord).id] = FIRST_MEMBER.exec(line) ?? [];
      return [id, () => JSON.parse(line) as AdvisoryRecord];
    }),
} as const;

/** An id that needs no escapes, as nearly all have. */
const FIRST_MEMBER = /^\{"id":"([^"\\]*)"/;
