import type { Verdict } from '../../domain/rules-package.ts';
import { type Match, OTHERWISE } from './judge-package.ts';
import type { Inventory, Subject } from './packages.ts';
import { enumerate, oneLine } from './wording.ts';

const MAX_VERDICTS = 100;

/** What could not be compared: one verdict for each source package and reason, and one for those past the bound. */
export function unassessed(
  { subjects }: Inventory,
  unsure: readonly { readonly subject: Subject; readonly match: Match }[],
): Verdict[] {
  const groups = new Map<
    string,
    { readonly source: string; readonly reason: string; readonly names: Set<string>; readonly cves: Set<string> }
  >();
  const add = ({ name, sourceName, installedVersion }: Subject, reason: string, cve?: string): void => {
    const key = `${sourceName}\0${reason}`;
    const group = groups.get(key) ?? { source: sourceName, reason, names: new Set(), cves: new Set() };
    group.names.add(`${name} ${installedVersion}`);
    if (cve !== undefined) group.cves.add(cve);
    groups.set(key, group);
  };
  for (const subject of subjects) {
    if (subject.aside && subject.aside.why !== 'BESIDE_KERNEL') add(subject, subject.aside.reason);
  }
  for (const { subject, match } of unsure) {
    for (const { comparison } of match.decisions) add(subject, comparison.split(OTHERWISE)[0] ?? '', match.cve);
  }
  const all = [...groups.values()].map(({ source, reason, names, cves }) => {
    const what = cves.size === 0 ? '' : ` for ${enumerate([...cves].sort(), 300)}`;
    return { source, text: `${enumerate([...names].sort(), 500)}: ${reason}${what}` };
  });
  const [shown, rest] = [all.slice(0, MAX_VERDICTS), all.slice(MAX_VERDICTS)];
  const more =
    rest.length === 0
      ? []
      : [
          {
            source: 'and others',
            text: `${rest.length} more source packages could not be compared: ${enumerate(
              rest.map(({ source }) => source),
              2000,
            )}`,
          },
        ];
  return [...shown, ...more].map(({ source, text }) => ({
    ruleId: oneLine(`Package ${source}`, 128),
    outcome: 'NOT_ASSESSED',
    reason: oneLine(text, 2500),
    observations: [],
  }));
}
