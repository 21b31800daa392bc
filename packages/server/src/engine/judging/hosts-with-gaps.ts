import type { HostEvidence } from '@assay/model/evidence/kinds.ts';
import type { Advisories, Gap } from '../../domain/advisories.ts';
import { rulesPackages } from '../../rules/index.ts';
import type { Store } from '../../store/store.ts';
import { unpackEvidence } from './load-evidence.ts';

/** Hosts whose evidence is loaded at once. */
const PAGE = 100;

export const gapKey = ({ ecosystem, cve, package: name }: Gap): string => JSON.stringify([ecosystem, cve, name]);

/**
 * On how many hosts each gap leaves a package open, by {@link gapKey}; by what each host last said it has installed. Hosts
 * of one scope alone where one is given.
 */
export async function hostsWithGaps(
  { agents, evidence }: Pick<Store, 'agents' | 'evidence'>,
  advisories: Advisories,
  only?: number,
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (let after = ''; ; ) {
    const page = await agents.everywhere(after, PAGE);
    const last = page.at(-1);
    if (!last) return counts;
    after = last.id;
    const scopes = new Set(page.map((each) => each.scope));
    for (const scope of only === undefined ? scopes : scopes.intersection(new Set([only]))) {
      const ids = page.filter((each) => each.scope === scope).map(({ id }) => id);
      const [systems, packages] = [
        await evidence.latest(scope, 'osRelease', ids),
        await evidence.latest(scope, 'packages', ids),
      ];
      for (const { agent, content } of packages) {
        const system = systems.find((each) => each.agent === agent);
        if (!system) continue;
        const host = await unpackEvidence([
          { kind: 'osRelease', content: system.content },
          { kind: 'packages', content },
        ]);
        for (const key of new Set(gapsOf(host, advisories).map(gapKey))) counts.set(key, (counts.get(key) ?? 0) + 1);
      }
    }
  }
}

const gapsOf = (evidence: HostEvidence, advisories: Advisories): readonly Gap[] =>
  rulesPackages.flatMap(({ gapsOn }) => gapsOn?.(evidence, advisories) ?? []);
