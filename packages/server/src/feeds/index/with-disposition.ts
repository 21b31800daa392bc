import type { Disposition } from '../../domain/advisories.ts';
import type { EntryCode } from './entry-code.ts';

/**
 * A staged entry with what the distribution's tracker says beside it. A fix that the record has decides: a disposition is
 * for what has none. Without an entry there is only the disposition to tell.
 */
export function withDisposition(record: string, body: string | undefined, disposition: unknown): EntryCode {
  if (body === undefined) return [record, [], { d: disposition as Disposition }];
  const entry = JSON.parse(body) as EntryCode;
  const [id, ranges, more] = entry;
  if (typeof disposition !== 'string' || hasFix(ranges)) return entry;
  return [id, ranges, { ...more, d: disposition as Disposition }];
}

const hasFix = (ranges: EntryCode[1]): boolean =>
  typeof ranges === 'string' || (ranges !== 0 && ranges.some((events) => events.some(([letter]) => letter === 'f')));
