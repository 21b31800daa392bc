import type { HostEvidence } from '@assay/model/evidence/kinds.ts';
import type { CausesOfChange, ChangedFinding, PackageCause } from '../../domain/rules-package.ts';
import { ruleIds } from './whole-verdicts.ts';

/** Why a CVE came or went: packages of the host, or records of the advisories. */
export const causes: CausesOfChange = {
  inEvidence: (finding, before, after) => {
    const detail = differentPackages(finding, before, after);
    return detail === undefined ? undefined : { kind: 'PACKAGE', detail };
  },
  inKnowledge: (finding, before, after): PackageCause => {
    const ids = listOf(finding, 'ADVISORY_ID');
    const named = ids[0] ?? 'an advisory';
    const [earlier, later] = [before.advisories, after.advisories];
    if (!earlier || !later) {
      return { kind: 'ADVISORY', detail: `${named} (one of both generations is no longer kept)` };
    }
    const said = ids.flatMap((id) => {
      const [was, is] = [earlier.record(id), later.record(id)];
      if (is && !was) return `${id} is new`;
      if (was && !is) return `${id} is gone`;
      if (!was || !is || JSON.stringify(was) === JSON.stringify(is)) return [];
      return `${id} changed (${[was, is].map(({ modified }) => modified.slice(0, 10)).join(' → ')})`;
    });
    return {
      kind: 'ADVISORY',
      detail: said.length > 0 ? said.join(', ') : `what ${named} says of the package changed`,
    };
  },
  dependsOn: (finding) => [
    ruleIds.coverage,
    ruleIds.packages,
    ...listOf(finding, 'package_name').map((name) => `Package ${name}`),
  ],
};

const listOf = ({ attributes }: ChangedFinding, key: string): string[] =>
  attributes.find((each) => each.key === key)?.value?.split(', ') ?? [];

/** `libssl3 3.0.9-1 → 3.0.11-1`; undefined where the packages of the finding are the same. */
function differentPackages(finding: ChangedFinding, from: HostEvidence, to: HostEvidence): string | undefined {
  const names = listOf(finding, 'package_name');
  const [before, after] = [installed(from), installed(to)];
  // A list that was too long for its attribute says how many more: all that changed counts then.
  const cut = names.some((name) => /^and \d+ more$/.test(name));
  const asked = cut ? [...new Set([...before.keys(), ...after.keys()])] : names;
  const changes = asked
    .filter((name) => before.get(name) !== after.get(name))
    .map((name) => `${name} ${before.get(name) ?? '(absent)'} → ${after.get(name) ?? '(absent)'}`);
  const kernels = [from, to].map(({ kernel }) => kernel?.data?.release ?? '(unknown)');
  if (kernels[0] !== kernels[1] && names.some((name) => /^(?:linux|kernel)/.test(name))) {
    changes.push(`running kernel ${kernels[0]} → ${kernels[1]}`);
  }
  const [first, ...others] = changes;
  if (first === undefined) return undefined;
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}

function installed({ packages }: HostEvidence): ReadonlyMap<string, string> {
  const all = packages?.data?.databases.flatMap((database) => database.packages) ?? [];
  const versions = Map.groupBy(all, ({ name }) => name);
  return new Map(
    [...versions].map(([name, found]) => [
      name,
      found
        .map(({ version }) => version)
        .sort()
        .join(', '),
    ]),
  );
}
