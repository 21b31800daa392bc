import type { EvidenceKind } from '@assay/model/evidence/kinds.ts';
import type { RulesPackage } from '../../domain/rules-package.ts';
import { type PackageName, rulesPackageArns } from '../../domain/rules-package-arns.ts';
import { rulesPackages } from '../../rules/index.ts';

/** A rules package of a region. `implementation` is absent while Assay cannot evaluate it. */
export interface CatalogEntry {
  readonly arn: string;
  readonly name: PackageName;
  readonly version: string;
  readonly provider: string;
  readonly description: string;
  readonly implementation?: RulesPackage;
}

/** What is said of the packages that are listed for old templates' sake and cannot be evaluated yet. */
const listedOnly: Readonly<Partial<Record<PackageName, { version: string; description: string }>>> = {
  'CIS Operating System Security Configuration Benchmarks': {
    version: '1.0',
    description:
      'Checks hosts against benchmarks aligned with those of the Center for Internet Security. Listed so that existing templates work; a run with it says in an exclusion that it was not evaluated.',
  },
  'Network Reachability': {
    version: '1.1',
    description:
      'Finds which ports of a host can be reached, and what listens there. Listed so that existing templates work; a run with it says in an exclusion that it was not evaluated.',
  },
};

/** Every rules package of a region, under its published ARN. */
export function catalogOf(region: string): CatalogEntry[] {
  return [...rulesPackageArns(region)].map(([name, arn]) => {
    const implementation = rulesPackages.find((candidate) => candidate.name === name);
    if (implementation) {
      const { version, provider, description } = implementation;
      return { arn, name, version, provider, description, implementation };
    }
    return { arn, name, provider: 'Assay', version: '1.0', description: '', ...listedOnly[name] };
  });
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
