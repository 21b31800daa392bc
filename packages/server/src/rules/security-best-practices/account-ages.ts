import type { EvidenceData, HostEvidence } from '@assay/model/evidence/kinds.ts';
import type { Observation } from '../../domain/rules-package.ts';
import { hides } from './hidden.ts';
import { enumerate, quote } from './quote.ts';
import { missing, type Unknown, unknownBy } from './unknown.ts';

type Account = EvidenceData<'accounts'>['accounts'][number];

/** From this many days on the tools say that a password never expires (chage(1), shadow's isexpired). */
export const never = 10_000;
const day = 86_400;

/** What was seen of the accounts' ages. `unread` says what was not: then the absence of faults proves nothing. */
export interface AccountAges {
  readonly faults: readonly string[];
  readonly observations: readonly Observation[];
  readonly unread?: Unknown;
  /** Accounts that the rule is about and that no file of the host lists. */
  readonly unseen?: string;
}

/** Looks for accounts whose password may be used and does not age. Locked and expired accounts do not count. */
export function accountAges({ accounts: document }: HostEvidence): AccountAges {
  if (!document?.data) return { faults: [], observations: [], unread: missing('/etc/shadow', document) };
  const { accounts } = document.data;
  const today = Math.floor(document.collectedAt / day);
  const usable = accounts.filter(
    ({ password, expiresDay }) =>
      (password === 'HASHED' || password === 'EMPTY') &&
      !(expiresDay !== undefined && expiresDay > 0 && expiresDay <= today),
  );
  const ageless = usable.flatMap((account) => {
    const why = whyAgeless(account, today);
    return why === undefined ? [] : [{ name: quote(account.name), why }];
  });
  const observations = [
    {
      source: '/etc/shadow',
      observed: `${usable.length} accounts with a password that may be used, ${ageless.length} of them without a maximum age`,
    },
    ...ageless.slice(0, 50).map(({ name, why }) => ({
      source: '/etc/shadow',
      observed: `${name}: ${why}`,
      expected: `a maximum age below ${never} days, and a date of the last change that has passed`,
    })),
  ];
  const faults =
    ageless.length === 0
      ? []
      : [`/etc/shadow: no maximum age for ${enumerate(ageless.map(({ name, why }) => `${name} (${why})`))}`];
  const unread = whatIsHidden(document.limitations, accounts);
  const others = elsewhere(document.limitations);
  return {
    faults,
    observations,
    ...(unread === undefined ? {} : { unread }),
    ...(others === undefined ? {} : { unseen: others }),
  };
}

/** As shadow(5) has it. A date of 0 asks for a new password at the next login. */
function whyAgeless({ lastChangedDay: changed, maximumDays: days }: Account, today: number): string | undefined {
  if (days === undefined || days < 0) return 'no maximum age';
  if (days >= never) return `maximum age ${days} days`;
  if (changed === undefined || changed < 0) return 'without a date of the last change nothing ages';
  // Clocks and time zones differ by a day.
  return changed > today + 1
    ? `last changed ${changed - today} days in the future: it does not age until then`
    : undefined;
}

type Limitations = NonNullable<HostEvidence['accounts']>['limitations'];

function whatIsHidden(limitations: Limitations, accounts: readonly Account[]): Unknown | undefined {
  const hidden = limitations.filter((each) => hides(each) && /^\/etc\/(?:shadow|passwd)\b/.test(each.subject));
  const [first, ...others] = hidden;
  if (first) {
    const more = others.length === 0 ? '' : `; and ${others.length} more`;
    const { text, cause } = unknownBy(first, 'the accounts were not seen whole: ');
    return { text: text + more, cause };
  }
  const unseen = accounts.filter(({ password }) => password === undefined);
  if (unseen.length === 0) return undefined;
  return {
    text: `/etc/shadow was not seen for ${unseen.length} of ${accounts.length} accounts, and the agent gave no reason`,
    cause: 'NOT_REPORTED',
  };
}

/** Accounts of a directory service have no line in /etc/shadow. */
const elsewhere = (limitations: Limitations): string | undefined => {
  const other = limitations.find(({ subject }) => subject === '/etc/nsswitch.conf');
  return other?.detail === undefined
    ? undefined
    : `accounts from other sources (/etc/nsswitch.conf: ${quote(other.detail)})`;
};
