import { oneLine } from '@assay/model/safe-text.ts';
import { notAssessedBecause } from '../../domain/not-assessed.ts';
import type { Verdict } from '../../domain/rules-package.ts';
import { OTHERWISE } from './judge-entry.ts';
import type { Match } from './judge-package.ts';
import type { Inventory, Subject } from './packages.ts';
import { enumerate } from './wording.ts';

const MAX_VERDICTS = 100;

/** What could not be compared: one verdict for each source package and reason, and one for those past the bound. */
export function unassessed(
  { subjects }: Inventory,
  unsure: readonly { readonly subject: Subject; readonly match: Match }[],
): Verdict[] {
  const groups = new Map<string, Group>();
  const add = ({ name, sourceName, installedVersion }: Subject, code: Code, reason: string, cve?: string): void => {
    const key = `${sourceName}\0${reason}`;
    const group = groups.get(key) ?? { source: sourceName, code, reason, names: new Set(), cves: new Set() };
    group.names.add(`${name} ${installedVersion}`);
    if (cve !== undefined) group.cves.add(cve);
    groups.set(key, group);
  };
  for (const subject of subjects) {
    const { aside } = subject;
    if (aside && aside.why !== 'BESIDE_KERNEL') {
      add(subject, aside.why === 'FOREIGN' ? 'THIRD_PARTY' : 'NOT_SETTLED', aside.reason);
    }
  }
  for (const { subject, match } of unsure) {
    for (const { comparison } of match.decisions) {
      add(subject, 'NOT_SETTLED', comparison.split(OTHERWISE)[0] ?? '', match.cve);
    }
  }
  const all = [...groups.values()].map(({ source, code, reason, names, cves }) => {
    const what = cves.size === 0 ? '' : ` for ${enumerate([...cves].sort(), 300)}`;
    return { source, code, what: enumerate([...names].sort(), 500), why: `${reason}${what}` };
  });
  const [shown, rest] = [all.slice(0, MAX_VERDICTS), all.slice(MAX_VERDICTS)];
  const which = enumerate(
    rest.map(({ source }) => source),
    2000,
  );
  const others = {
    source: 'and others',
    code: 'NOT_SETTLED',
    what: which,
    why: 'could not be compared either',
  } as const;
  return [...shown, ...(rest.length === 0 ? [] : [others])].map(({ source, code, what, why }) =>
    notAssessedBecause(
      oneLine(`Package ${source}`, 128),
      code,
      code === 'THIRD_PARTY'
        ? { what: oneLine(what, 600), why: oneLine(why, 1900) }
        : { why: oneLine(`${what}: ${why}`, 2500) },
    ),
  );
}

type Code = 'THIRD_PARTY' | 'NOT_SETTLED';

interface Group {
  readonly source: string;
  readonly code: Code;
  readonly reason: string;
  readonly names: Set<string>;
  readonly cves: Set<string>;
}
