import type { TrackerStatement } from '../imported-record.ts';
import type { EntryCode } from './entry-code.ts';

/**
 * A staged entry with what the distribution's tracker says beside it. A fix that the record has decides; where it has none
 * the tracker's does, and what the distribution means to do is for what nobody has a fix of. Without an entry the
 * tracker's word is all that there is.
 */
export function withDisposition(record: string, body: string | undefined, statement: unknown): EntryCode {
  const said =
    typeof statement === 'string'
      ? (JSON.parse(statement) as TrackerStatement & { readonly urgency?: string })
      : undefined;
  const entry = body === undefined ? undefined : (JSON.parse(body) as EntryCode);
  const [id, ranges, more] = entry ?? [record, 0 as const];
  if (!said || (entry && hasFix(ranges)) || more?.x !== undefined) return entry ?? [id, ranges];
  const urgency = more?.u ?? said.urgency;
  const known = { ...more, ...(urgency !== undefined && { u: urgency }) };
  if ('fixed' in said)
    return said.fixed === '0' ? [id, ranges, { ...known, d: 'NOT_AFFECTED' }] : [id, said.fixed, known];
  return [id, ranges, { ...known, ...(said.disposition !== undefined && { d: said.disposition }) }];
}

const hasFix = (ranges: EntryCode[1]): boolean =>
  typeof ranges === 'string' || (ranges !== 0 && ranges.some((events) => events.some(([letter]) => letter === 'f')));
