import type { Verdict } from '../../domain/rules-package.ts';
import type { AffectedPackage } from './assess-packages.ts';
import { findingOf, type Setting } from './finding.ts';
import { memory } from './memory.ts';
import type { Inventory, Subject } from './packages.ts';

type Finding = Verdict & { readonly outcome: 'FINDING' };

/** Some kilobytes of text each. */
const MAX_FINDINGS = 10_000;
const remembered = memory<Finding>(MAX_FINDINGS);

/** {@link findingOf} on one host; what another host has in the same packages is not put into words again. */
export function findingsOn({ subscribed, streams }: Inventory, setting: Setting) {
  const { advisories, release } = setting;
  const prefix = JSON.stringify([release.key, release.name, release.ecosystem, subscribed, streams]);
  const keys = new Map<Subject, string>();
  const keyOf = (subject: Subject): string => {
    const known = keys.get(subject);
    if (known !== undefined) return known;
    const { name, sourceName, installedVersion, lookup, kernel } = subject;
    const key = JSON.stringify([name, sourceName, installedVersion, lookup, kernel]);
    keys.set(subject, key);
    return key;
  };
  return (cve: string, affected: readonly AffectedPackage[]): Finding => {
    // Of what the advisories say of a subject, its lookup decides.
    let key = `${prefix}${JSON.stringify(cve)}`;
    for (const { subject, state, restartInto } of affected) {
      key += `${keyOf(subject)}${state}${restartInto ? keyOf(restartInto) : ''}`;
    }
    return remembered(advisories, key, () => findingOf(cve, affected, setting));
  };
}
