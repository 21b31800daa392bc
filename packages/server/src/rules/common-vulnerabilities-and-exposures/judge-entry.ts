import type { AdvisoryRecord, AffectedPackage } from '../../domain/advisories.ts';
import { type Judgement, judgeVersion } from './affected.ts';
import { isModular, speaksOf } from './module-stream.ts';
import type { Lookup } from './packages.ts';
import type { Release } from './release.ts';

/** Between why something could not be judged and what the comparison would be. */
export const OTHERWISE = '; otherwise ';

/** `fixedModule`: a build of the package's own module stream that has the fix. `beside`: it is about another stream. */
export function judgeEntry(
  entry: AffectedPackage,
  lookup: Lookup,
  release: Release,
  vendor: string,
  record: () => AdvisoryRecord | undefined,
): Judgement & { readonly fixedModule: boolean; readonly beside: boolean } {
  const not = (comparison: string, beside = false) =>
    ({ outcome: 'NOT_AFFECTED', fixed: null, comparison, fixedModule: false, beside }) as const;
  if (entry.unreadable !== undefined) {
    const comparison = `the record ${entry.record} could not be read (${entry.unreadable})`;
    return { outcome: 'NOT_ASSESSED', fixed: null, comparison, fixedModule: false, beside: false };
  }
  const gate = speaksOf(entry, lookup, () => record()?.summary ?? '');
  if (gate.speaks === 'NO') return not(gate.why, true);
  const because = entry.remark === undefined ? '' : ` (${entry.remark})`;
  if (entry.disposition === 'NOT_AFFECTED')
    return not(`the distribution says that the package is not affected${because}`);
  if (entry.disposition === 'UNDER_INVESTIGATION') {
    const comparison = 'the distribution is still investigating whether the package is affected';
    return { outcome: 'NOT_ASSESSED', fixed: null, comparison, fixedModule: false, beside: false };
  }
  const judgement = remarked(judgeLookup(entry, lookup, release), entry, vendor);
  if (gate.speaks === 'UNSURE' && judgement.outcome === 'AFFECTED') {
    const comparison = `${gate.why}${OTHERWISE}${judgement.comparison}`;
    return { outcome: 'NOT_ASSESSED', fixed: null, comparison, fixedModule: false, beside: false };
  }
  return { ...judgement, fixedModule: isModular(entry) && judgement.outcome === 'NOT_AFFECTED', beside: false };
}

/** With what the record says beside: the announcement of the fix, or what is to come of it where there is none. */
function remarked(judgement: Judgement, { remark, ranges }: AffectedPackage, vendor: string): Judgement {
  if (remark === undefined) return judgement;
  const hasFix = ranges.some((events) => events.some((event) => 'fixed' in event));
  return {
    ...judgement,
    comparison: hasFix ? `${judgement.comparison}, ${remark}` : `${vendor}: affected; ${remark}`,
  };
}

function judgeLookup(
  entry: AffectedPackage,
  { name, version, binary, epochKnown }: Lookup,
  { order, epochs }: Release,
): Judgement {
  if (binary && entry.binaries) {
    const fixed = Object.hasOwn(entry.binaries, binary.name) ? entry.binaries[binary.name] : undefined;
    if (fixed === undefined) {
      return {
        outcome: 'NOT_AFFECTED',
        fixed: null,
        comparison: `${binary.name} is not among the binary packages that the record names`,
      };
    }
    return judgeVersion({ ranges: [[{ introduced: '0' }, { fixed }]] }, binary.version, order);
  }
  if (epochs === 'LEFT_OUT' && !hasEpoch(entry)) return judgeVersion(entry, version.replace(/^\d+:/, ''), order);
  if (!epochKnown && hasEpoch(entry)) {
    return {
      outcome: 'NOT_ASSESSED',
      fixed: null,
      comparison: `no installed package tells the epoch of the source ${name}`,
    };
  }
  return judgeVersion(entry, version, order);
}

const hasEpoch = ({ ranges }: AffectedPackage): boolean =>
  ranges.some((events) => events.some((event) => Object.values(event).some((bound) => /^0*[1-9]\d*:/.test(bound))));
