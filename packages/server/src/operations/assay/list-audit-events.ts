import type { AssayInput } from '@assay/model/assay/operations.ts';
import { readPage } from '../page.ts';
import type { TrailEvent, TrailPlace } from '../trail.ts';
import type { AssayOperation } from './operation.ts';
import { assayPage } from './page.ts';

type Filter = NonNullable<AssayInput<'ListAuditEvents'>['filter']>;

/** Calls of the caller's account: of others, and of those that nobody signed, an account is told nothing. */
export const listAuditEvents: AssayOperation<'ListAuditEvents', 'trail' | 'tokens'> =
  ({ trail, tokens }) =>
  async (input, caller) => {
    const filter = input.filter ?? {};
    const account = caller.operator ? undefined : caller.account;
    const { rows, nextToken } = await readPage(
      assayPage(tokens, 'ListAuditEvents', caller, input),
      async (after, limit) => {
        const found: { readonly event: TrailEvent; readonly place: TrailPlace }[] = [];
        const days = { since: dayOf(filter.since), until: dayOf(filter.until) };
        for await (const each of trail({ ...days, after: after && placeOf(after.id) })) {
          if (!matches(each.event, filter, account)) continue;
          found.push(each);
          if (found.length === limit) break;
        }
        return found;
      },
      ({ place: { day, part, line } }) => ({ at: 0, id: `${day}-${part}-${line}` }),
    );
    return { events: rows.map(({ event }) => itemOf(event)), nextToken };
  };

function matches(event: TrailEvent, { since, until, operation, accessKeyId, errorsOnly }: Filter, account?: string) {
  return (
    (account === undefined || event.account === account) &&
    (since === undefined || event.time >= Math.floor(since) * 1000) &&
    (until === undefined || event.time < until * 1000) &&
    (operation === undefined || event.operation.toLowerCase() === operation.toLowerCase()) &&
    (accessKeyId === undefined || event.accessKeyId === accessKeyId) &&
    (!errorsOnly || event.errorCode !== undefined)
  );
}

const itemOf = ({ time, operation, accessKeyId, address, errorCode, errorMessage, leftOut, text }: TrailEvent) => ({
  eventTime: time / 1000,
  operation,
  ...(accessKeyId === undefined ? {} : { accessKeyId }),
  ...(address === undefined ? {} : { sourceIpAddress: address }),
  ...(errorCode === undefined ? {} : { errorCode }),
  ...(errorMessage === undefined ? {} : { errorMessage }),
  similarCallsNotRecorded: leftOut,
  record: text,
});

const dayOf = (seconds: number | undefined): string | undefined =>
  seconds === undefined ? undefined : new Date(seconds * 1000).toISOString().slice(0, 10);

/** What a page's token says of its last event. */
function placeOf(id: string): TrailPlace {
  const [year, month, day, part, line] = id.split('-');
  return { day: `${year}-${month}-${day}`, part: Number(part), line: Number(line) };
}
