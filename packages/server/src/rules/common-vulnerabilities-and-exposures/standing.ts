import type { VulnerabilityState } from '../../domain/rules-package.ts';
import type { AffectedPackage } from './assess-packages.ts';

/** How it stands with one package, to be read after its name. */
export function standing({ state, match, restartInto, subject }: AffectedPackage): string {
  const fix = match.fixed === null ? '' : ` (fixed in ${match.fixed})`;
  switch (state) {
    case 'FIX_AVAILABLE':
      return `fixed in ${match.fixed}${mayRun(subject)}`;
    case 'REBOOT_NEEDED':
      return `fixed in ${match.fixed}, which is installed as ${restartInto?.name ?? subject.name} ${restartInto?.installedVersion ?? ''} and ${subject.kernel === 'UNKNOWN' ? 'may not run yet: which kernel runs is not known' : 'does not run yet'}`;
    case 'NEEDS_PRO':
      return `fixed in ${match.fixed}, which only subscribers of Ubuntu Pro get`;
    case 'INSTALLED_NOT_RUNNING':
      return `a kernel that is installed and does not run${fix}`;
    default:
      return `${unfixed[state]}${mayRun(subject)}`;
  }
}

const mayRun = ({ kernel }: AffectedPackage['subject']): string =>
  kernel === 'UNKNOWN' ? '; whether this kernel runs is not known' : '';

const unfixed: Readonly<
  Record<Exclude<VulnerabilityState, 'FIX_AVAILABLE' | 'REBOOT_NEEDED' | 'NEEDS_PRO' | 'INSTALLED_NOT_RUNNING'>, string>
> = {
  NO_FIX: 'there is no fixed version yet',
  DEFERRED: 'the distribution has put the fix off',
  WILL_NOT_FIX: 'the distribution will not fix it in this release',
  END_OF_LIFE: 'no fix is to come, as support has ended',
  UNDETERMINED: 'the distribution has not determined whether it is affected',
};
