import type { AffectedPackage, RangeEvent } from '../../domain/advisories.ts';
import type { VersionOrder } from '../../domain/versions/version-order.ts';

/** Whether a version is affected, and the comparison that decided. */
export interface Judgement {
  readonly outcome: 'AFFECTED' | 'NOT_AFFECTED' | 'NOT_ASSESSED';
  /** The first version after the installed one that has the fix, null where there is none. */
  readonly fixed: string | null;
  /** `3.0.11-1 < 3.0.15-1 (fixed)`; of NOT_ASSESSED, why. */
  readonly comparison: string;
}

type Ranged = Pick<AffectedPackage, 'ranges' | 'versions'>;
type Kind = 'introduced' | 'lastAffected' | 'fixed' | 'limit';
interface Step {
  readonly kind: Kind;
  readonly at: string;
}

/**
 * Judges a version by the events of one record: a state machine along the order of versions. `introduced` turns affected on
 * from its version, `fixed` off from its version, `lastAffected` off after it; `limit` cuts what lies at or past it. `0` is
 * before every version. Source: OSV schema, "Evaluation".
 */
export function judgeVersion(entry: Ranged, version: string, order: VersionOrder): Judgement {
  if (entry.versions?.includes(version)) {
    return { outcome: 'AFFECTED', fixed: null, comparison: `${version} is in the record's list of affected versions` };
  }
  if (entry.ranges.length === 0) {
    const listed = entry.versions && entry.versions.length > 0;
    const comparison = listed
      ? `${version} is not in the record's list of affected versions`
      : 'the record names no affected version';
    return { outcome: 'NOT_AFFECTED', fixed: null, comparison };
  }
  const judged = entry.ranges.map((events) => judgeRange(events, version, order));
  const affected = judged.filter(({ outcome }) => outcome === 'AFFECTED');
  if (affected.length > 0) return together(affected, order);
  return judged.find(({ outcome }) => outcome === 'NOT_ASSESSED') ?? judged.at(-1) ?? none;
}

const none: Judgement = { outcome: 'NOT_AFFECTED', fixed: null, comparison: 'no version is said to be affected' };

/** Several that are affected as one: without a fix when any of them is, else the highest. */
export function together(affected: readonly Judgement[], order: VersionOrder): Judgement {
  const [first, ...others] = affected;
  if (!first) throw new Error('nothing is affected');
  return others.reduce<Judgement>((sum, { fixed, comparison }) => {
    const comparisons = sum.comparison.split('; ').includes(comparison)
      ? sum.comparison
      : `${sum.comparison}; ${comparison}`;
    return { outcome: 'AFFECTED', fixed: higher(sum.fixed, fixed, order), comparison: comparisons };
  }, first);
}

const higher = (a: string | null, b: string | null, order: VersionOrder): string | null =>
  a === null || b === null ? null : order.compare(a, b) >= 0 ? a : b;

function judgeRange(events: readonly RangeEvent[], version: string, order: VersionOrder): Judgement {
  const steps = events.map(stepOf).filter(({ kind, at }) => !(kind === 'limit' && at === '*'));
  const odd = steps.find(({ at }) => at !== '0' && !order.isValid(at));
  if (odd) {
    return {
      outcome: 'NOT_ASSESSED',
      fixed: null,
      comparison: `"${odd.at}" (${odd.kind}) is not a version that can be compared`,
    };
  }
  // Nearly every range there is: everything before one fix, or everything.
  const begins = steps.some(({ kind, at }) => kind === 'introduced' && at === '0');
  const fix = steps.find(({ kind }) => kind === 'fixed')?.at;
  if (begins && steps.length === 1) return unfixed;
  if (begins && steps.length === 2 && fix !== undefined) {
    if (fix === '0') {
      return { outcome: 'NOT_AFFECTED', fixed: null, comparison: 'no version was ever affected (fixed 0)' };
    }
    return order.compare(version, fix) < 0
      ? { outcome: 'AFFECTED', fixed: fix, comparison: `${version} < ${fix} (fixed)` }
      : { outcome: 'NOT_AFFECTED', fixed: null, comparison: `${version} >= ${fix} (fixed)` };
  }
  return walk(steps, version, order);
}

const unfixed: Judgement = {
  outcome: 'AFFECTED',
  fixed: null,
  comparison: 'every version is affected, none has the fix',
};

const words: Readonly<Record<Kind, string>> = {
  introduced: 'introduced',
  lastAffected: 'last affected',
  fixed: 'fixed',
  limit: 'limit',
};

/** At the same version: what begins comes before what ends. */
const rank: Readonly<Record<Kind, number>> = { introduced: 0, lastAffected: 1, fixed: 2, limit: 3 };

function walk(steps: readonly Step[], version: string, order: VersionOrder): Judgement {
  const toInstalled = ({ at }: Step): number => (at === '0' ? 1 : order.compare(version, at));
  const between = (a: Step, b: Step): number =>
    a.at === '0' || b.at === '0' ? Number(b.at === '0') - Number(a.at === '0') : order.compare(a.at, b.at);
  const sorted = steps
    .filter(({ kind }) => kind !== 'limit')
    .sort((a, b) => between(a, b) || rank[a.kind] - rank[b.kind]);
  const [first] = sorted;
  if (first && first.kind !== 'introduced') {
    return {
      outcome: 'NOT_ASSESSED',
      fixed: null,
      comparison: `the record's range ends at ${first.at} (${words[first.kind]}) before it begins`,
    };
  }
  let on = false;
  let { comparison } = none;
  for (const step of sorted) {
    const difference = toInstalled(step);
    if (step.kind === 'introduced' && difference >= 0) {
      on = true;
      comparison = `${version} >= ${step.at} (introduced)`;
    } else if (step.kind === 'fixed' && difference >= 0) {
      on = false;
      comparison = `${version} >= ${step.at} (fixed)`;
    } else if (step.kind === 'lastAffected' && difference > 0) {
      on = false;
      comparison = `${version} > ${step.at} (last affected)`;
    } else if (!on && step.kind === 'introduced') {
      const before = `${version} < ${step.at} (introduced)`;
      comparison = comparison === none.comparison ? before : `${comparison}, ${before}`;
      break;
    }
  }
  const limits = steps.filter(({ kind }) => kind === 'limit');
  if (on && limits.length > 0 && !limits.some((limit) => toInstalled(limit) < 0)) {
    return {
      outcome: 'NOT_AFFECTED',
      fixed: null,
      comparison: `${version} >= ${limits.map(({ at }) => at).join(', ')} (limit)`,
    };
  }
  if (!on) return { outcome: 'NOT_AFFECTED', fixed: null, comparison };
  const end = sorted.find((step) => step.kind !== 'introduced' && toInstalled(step) <= 0);
  if (!end) return { outcome: 'AFFECTED', fixed: null, comparison: `${comparison}, and no fix` };
  const until = end.kind === 'fixed' ? `${version} < ${end.at} (fixed)` : `${version} <= ${end.at} (last affected)`;
  return { outcome: 'AFFECTED', fixed: end.kind === 'fixed' ? end.at : null, comparison: `${comparison}, ${until}` };
}

const stepOf = (event: RangeEvent): Step => {
  if ('introduced' in event) return { kind: 'introduced', at: event.introduced };
  if ('fixed' in event) return { kind: 'fixed', at: event.fixed };
  if ('lastAffected' in event) return { kind: 'lastAffected', at: event.lastAffected };
  return { kind: 'limit', at: event.limit };
};
