import { nameOf } from '../feed-tally.ts';
import type { FeedOutcome } from '../imported-record.ts';
import { readPart } from '../parts/read-part.ts';
import type { LedgerEntry } from './ledger.ts';

/** What there was in a part, with what was said of it, but for what is gone or new; then what is new. */
export async function* merged(
  part: string,
  carried: ReadonlyMap<string, LedgerEntry>,
  fresh: readonly FeedOutcome[],
): AsyncGenerator<FeedOutcome> {
  for await (const item of readPart(part)) {
    const remark = carried.get(nameOf(item))?.remark;
    if (item.kind !== 'withdrawn' && remark && !('refusal' in remark)) yield { ...remark, item };
  }
  for (const { modified, remark } of carried.values()) {
    if ('refusal' in remark) yield modified === undefined ? remark : { ...remark, modified };
  }
  yield* fresh;
}
