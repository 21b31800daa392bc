import type { AdvisoryRecord, AffectedPackage } from '../../domain/advisories.ts';
import type { Judgement } from './affected.ts';

interface Statement {
  readonly kind: AdvisoryRecord['kind'];
  readonly entry: AffectedPackage;
  readonly decision: Judgement & { readonly record: string };
  /** It is about another module stream than the installed package's. */
  readonly beside: boolean;
}

/** `4` of `5.14.0-427.16.1.el9_4`, and `8` of `18.17.1-1.module+el8.8.0+19757+8ca87034`. */
const minorOf = (version: string): string | undefined => {
  const [, tagged, modular] = /\.el\d+_(\d+)(?:[._]|$)|\.module\+el\d+\.(\d+)(?:\.|\+|$)/.exec(version) ?? [];
  return tagged ?? modular;
};

const fixOf = ({ ranges }: AffectedPackage): string | undefined => {
  for (const events of ranges) for (const event of events) if ('fixed' in event) return event.fixed;
  return undefined;
};

/**
 * Of all that Red Hat says of one CVE in one package, what counts for the installed build. A fix that was built for the
 * build's own minor release decides before those of other minor releases, which sort after it. A record that knows no fix,
 * or is still looking, gives way to an announcement of one that came later.
 */
export function weighStatements<S extends Statement>(
  said: readonly S[],
  version: string,
  record: (id: string) => AdvisoryRecord | undefined,
): readonly S[] {
  const counting = said.filter(({ beside }) => !beside);
  if (counting.length === 0) return said;
  if (counting.length === 1) return counting;
  const minor = minorOf(version);
  const minors = new Map(counting.map((each) => [each, minorOf(fixOf(each.entry) ?? '')]));
  const hasOwn = minor !== undefined && [...minors.values()].includes(minor);
  const announced = counting.flatMap(({ kind, entry, decision }) =>
    kind === 'ADVISORY' && fixOf(entry) !== undefined ? (record(decision.record)?.published ?? []) : [],
  );
  const last = announced.sort().at(-1);
  const isOpen = ({ entry }: S): boolean =>
    fixOf(entry) === undefined && entry.disposition !== 'NOT_AFFECTED' && entry.unreadable === undefined;
  return counting.filter((each) => {
    const of = minors.get(each);
    if (hasOwn && of !== minor && fixOf(each.entry) !== undefined) return false;
    return !(last !== undefined && isOpen(each) && (record(each.decision.record)?.modified ?? last) < last);
  });
}

/** Where a record of a CVE and announcements contradict each other: what the side says that did not decide. */
export function dissentIn<S extends Statement>(said: readonly S[], outcome: Judgement['outcome']): readonly S[] {
  if (outcome !== 'AFFECTED') return [];
  const kinds = new Set(said.flatMap(({ kind, decision }) => (decision.outcome === outcome ? [kind] : [])));
  return said.filter(
    ({ kind, decision, beside }) => !beside && decision.outcome === 'NOT_AFFECTED' && !kinds.has(kind),
  );
}
