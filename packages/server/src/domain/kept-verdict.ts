import type { FindingDetails, Verdict } from './rules-package.ts';

type FoundVerdict = Extract<Verdict, { outcome: 'FINDING' }>;

/** A verdict as it is kept: what its finding says is with the finding, which says which verdict it was made of. */
export type KeptVerdict =
  | Exclude<Verdict, FoundVerdict>
  | (Omit<FoundVerdict, 'finding'> & { readonly finding: Pick<FindingDetails, 'severity' | 'state' | 'packages'> });

/** {@link KeptVerdict} of verdicts, in their order. */
export const keptVerdicts = (verdicts: readonly Verdict[]): KeptVerdict[] =>
  verdicts.map((verdict) => {
    if (verdict.outcome !== 'FINDING') return verdict;
    const { severity, state, packages } = verdict.finding;
    return { ...verdict, finding: { severity, ...(state && { state }), ...(packages && { packages }) } };
  });
