import { type NamedPackage, packagesNamed } from '@assay/model/vulnerable-packages.ts';
import type { Finding } from '../../domain/finding.ts';
import type { Store } from '../../store/store.ts';

/** Hosts under a rules package whose verdicts are read at once. */
const BATCH = 50;

type Judged = Pick<Finding, 'id' | 'run' | 'agent' | 'rulesPackage' | 'rule' | 'document'>;

/**
 * The packages of findings by the findings' ids: as their verdicts have them, each with its own versions; where verdicts were
 * deleted or never there, as the attributes name them.
 */
export async function packagesOfFindings(
  { evaluations }: Pick<Store, 'evaluations'>,
  scope: number,
  findings: readonly Judged[],
): Promise<ReadonlyMap<string, readonly NamedPackage[]>> {
  const found = new Map(
    findings.map((finding): [string, readonly NamedPackage[]] => [
      finding.id,
      packagesNamed(finding.document.attributes),
    ]),
  );
  const judged = Map.groupBy(
    findings.filter(({ id, agent }) => agent !== null && (found.get(id)?.length ?? 0) > 0),
    keyOf,
  );
  const keys = [...judged.values()].flatMap(([first]) =>
    first?.agent ? [{ run: first.run, agent: first.agent, rulesPackage: first.rulesPackage }] : [],
  );
  for (let from = 0; from < keys.length; from += BATCH) {
    for (const evaluation of await evaluations.ofHosts(scope, keys.slice(from, from + BATCH))) {
      const verdicts = new Map(evaluation.verdicts.map((verdict) => [verdict.ruleId, verdict]));
      for (const { id, rule } of judged.get(keyOf(evaluation)) ?? []) {
        const verdict = verdicts.get(rule);
        const packages = verdict?.outcome === 'FINDING' ? verdict.finding.packages : undefined;
        if (packages) found.set(id, packages.map(named));
      }
    }
  }
  return found;
}

const keyOf = ({ run, agent, rulesPackage }: { run: string; agent: string | null; rulesPackage: string }): string =>
  `${run} ${agent} ${rulesPackage}`;

const named = ({
  name,
  installedVersion,
  fixedVersion,
}: {
  readonly name: string;
  readonly installedVersion: string;
  readonly fixedVersion: string | null;
}): NamedPackage => ({ name, installedVersion, ...(fixedVersion === null ? {} : { fixedVersion }) });
