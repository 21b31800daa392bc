import type { HostEvidence } from '@assay/model/evidence/kinds.ts';
import type { Advisories } from '../../domain/advisories.ts';
import { type SupportPhase, supportPhases } from '../../domain/release-support.ts';
import { isCovered } from './covered-ecosystems.ts';
import type { Release } from './release.ts';
import { type SupportStatus, supportOf } from './support-of.ts';

const { freexianElts, ubuntuEsm, ubuntuLegacy, redHatEls, suseLtss } = supportPhases;

/** What the repositories of a phase for subscribers are called, or who offers them. */
const repositories: ReadonlyMap<string, RegExp> = new Map([
  [freexianElts.name, /freexian|extended-lts/i],
  [ubuntuEsm.name, /^UbuntuESM|esm\.ubuntu\.com/i],
  [ubuntuLegacy.name, /^UbuntuESM|esm\.ubuntu\.com/i],
  [redHatEls.name, /-els-/i],
  [suseLtss.name, /LTSS/],
]);

/** How the release of a host stands, by what the host shows of extended support. */
export function hostSupport(
  evidence: HostEvidence,
  release: Release,
  { advisories, at }: { readonly advisories: Advisories | undefined; readonly at: number },
): SupportStatus {
  const has = (phase: SupportPhase): 'YES' | 'NO' | 'UNKNOWN' => {
    const enabled = isEnabled(evidence, release, phase);
    return enabled === 'YES' && !isRead(phase, release, advisories) ? 'UNKNOWN' : enabled;
  };
  return supportOf(release, { advisories, at, has });
}

function isEnabled(evidence: HostEvidence, { manager }: Release, { name }: SupportPhase): 'YES' | 'NO' | 'UNKNOWN' {
  const database = evidence.packages?.data?.databases.find((each) => each.manager === manager);
  if (!database) return 'UNKNOWN';
  const isEsm = name === ubuntuEsm.name && database.packages.some(({ version }) => /[+~]esm\d/.test(version));
  if (isEsm) return 'YES';
  const pattern = repositories.get(name);
  const seen = database.repositories?.filter(({ enabled }) => enabled !== false);
  if (!pattern || !seen || seen.length === 0) return 'UNKNOWN';
  const offers = seen.some((each) => pattern.test(each.name) || pattern.test(each.origin ?? ''));
  // That Pro is attached tells nothing of what is bought beside it.
  return offers ? (name === ubuntuLegacy.name ? 'UNKNOWN' : 'YES') : 'NO';
}

/** Whether the host is judged by the advisories of the phase. */
function isRead({ name }: SupportPhase, release: Release, advisories: Advisories | undefined): boolean {
  if (!advisories) return false;
  if (name === ubuntuEsm.name) return release.subscribers !== undefined && isCovered(advisories, release.subscribers);
  return (
    name === suseLtss.name &&
    advisories.ecosystems().some((each) => /-LTSS$/.test(each) && release.holds(each) && isCovered(advisories, each))
  );
}
