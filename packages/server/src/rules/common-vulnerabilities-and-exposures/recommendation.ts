import { type AffectedPackage, mostPressing } from './assess-packages.ts';
import type { Release } from './release.ts';

/** What to do about a CVE: the exact command where there is a fix, else what helps without one. */
export function recommendationFor(cve: string, affected: readonly AffectedPackage[], release: Release): string {
  const state = mostPressing(affected);
  const parts: string[] = [];
  const upgradable = affected.filter((each) => each.state === 'FIX_AVAILABLE');
  if (upgradable.length > 0) parts.push(upgrade(upgradable, release));
  const restart = affected.find((each) => each.state === 'REBOOT_NEEDED')?.restartInto;
  if (restart) {
    parts.push(
      `${affected.some(({ subject }) => subject.kernel === 'UNKNOWN') ? 'Make sure that the host runs' : 'Restart the host into'} ${restart.name} ${restart.installedVersion}, which is installed and has the fix.`,
    );
  }
  if (affected.some((each) => each.state === 'NEEDS_PRO')) {
    parts.push(
      `The fix is for subscribers of Ubuntu Pro: attach the host (pro attach TOKEN) and run "pro fix ${cve}", or move to a release that gets it.`,
    );
  }
  if (parts.length === 0) parts.push(withoutFix(state));
  else if (affected.some(({ match }) => match.fixed === null)) parts.push(`For the others: ${withoutFix('NO_FIX')}`);
  return parts.join(' ');
}

function upgrade(affected: readonly AffectedPackage[], release: Release): string {
  const kernel = affected.some(({ subject }) => subject.kernel !== undefined);
  const names = [...new Set(affected.filter(({ subject }) => !subject.kernel).map(({ subject }) => subject.name))];
  const rpmKernels =
    release.manager === 'dpkg' ? [] : affected.flatMap(({ subject }) => (subject.kernel ? [subject.name] : []));
  const all = [...names, ...new Set(rpmKernels)];
  const commands: string[] = [];
  // Names come from the host: what could mean something else to a shell is not put into a command.
  const safe = all.filter((name) => /^[A-Za-z0-9][A-Za-z0-9.+_-]*$/.test(name)).slice(0, 200);
  if (safe.length > 0) commands.push(`Run "${release.upgrade(safe)}".`);
  if (safe.length < all.length) commands.push('Upgrade every package that the description names.');
  // A new kernel is a new package on dpkg, which the metapackage brings.
  if (kernel && release.manager === 'dpkg')
    commands.push('Run "apt-get update && apt-get upgrade --with-new-pkgs" for the new kernel.');
  if (kernel) commands.push('Then restart the host: the running kernel stays until it is restarted.');
  else commands.push('Then restart the services that use it.');
  return commands.join(' ');
}

function withoutFix(state: string): string {
  switch (state) {
    case 'INSTALLED_NOT_RUNNING':
      return 'Remove kernels that are no longer needed, so that none is started by mistake.';
    case 'WILL_NOT_FIX':
    case 'END_OF_LIFE':
      return 'This release will not receive a fix: remove the package if it is not needed, keep it from those who need no access to it, and move to a release that is supported.';
    default:
      return 'There is no fixed version: remove the package if it is not needed, keep it from those who need no access to it, and assess the host again when the distribution has a fix.';
  }
}
