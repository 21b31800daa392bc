import type { EvidenceKind } from '@assay/model/evidence/kinds.ts';
import type { KnowledgeKind } from '../../domain/knowledge.ts';
import type { RulesPackage } from '../../domain/rules-package.ts';
import { listedOnly, rulesPackages } from '../../rules/index.ts';
import { type PackageName, rulesPackageArns } from '../../rules/published-arns.ts';

/** A rules package of a region. `implementation` is absent while Assay cannot evaluate it. */
export interface CatalogEntry {
  readonly arn: string;
  readonly name: PackageName;
  /** What `--rules` calls it. */
  readonly shortName: string;
  readonly version: string;
  readonly provider: string;
  readonly description: string;
  readonly implementation?: RulesPackage;
}

/** Every rules package of a region, under its published ARN. */
export function catalogOf(region: string): CatalogEntry[] {
  return [...rulesPackageArns(region)].map(([name, arn]) => {
    const implementation = rulesPackages.find((candidate) => candidate.name === name);
    if (implementation) {
      const { shortName, version, provider, description } = implementation;
      return { arn, name, shortName, version, provider, description, implementation };
    }
    const listed = listedOnly.find((candidate) => candidate.name === name);
    return { arn, provider: 'Assay', shortName: name, version: '1.0', description: '', ...listed, name };
  });
}

/** The ARNs of a region's packages that judge by a kind of knowledge. */
export const packagesThatJudgeBy = (region: string, kind: KnowledgeKind): string[] =>
  catalogOf(region).flatMap(({ arn, implementation }) =>
    implementation?.knowledge.some((need) => need.kind === kind) ? [arn] : [],
  );

/** The ecosystems of advisories that hosts of these systems are evaluated by; with `siblings`, those that check them too. */
export function ecosystemsFor(operatingSystems: readonly string[], { siblings }: { siblings: boolean }): string[] {
  const wanted = operatingSystems.flatMap((system) =>
    rulesPackages.flatMap(({ advisoriesFor }) => {
      const found = advisoriesFor?.(system);
      return found ? [...found.own, ...(siblings ? found.siblings : [])] : [];
    }),
  );
  return [...new Set(wanted)].sort();
}

/** Kinds that every finding's assetAttributes and every package's `supports` are made from. */
const always: readonly EvidenceKind[] = ['osRelease', 'interfaces'];

/** The kinds of evidence that a run over these packages asks its hosts for. */
export function evidenceNeededBy(region: string, arns: readonly string[]): EvidenceKind[] {
  const needs = catalogOf(region).flatMap(({ arn, implementation }) =>
    arns.includes(arn) ? (implementation?.needs ?? []) : [],
  );
  return [...new Set([...always, ...needs])];
}
