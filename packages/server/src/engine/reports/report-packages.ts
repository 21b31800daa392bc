import type { Severity } from '../../domain/rules-package.ts';
import type { CatalogEntry } from '../judging/rules-package-catalog.ts';
import type { ReportPackage } from './report-data.ts';
import { type MutableCounts, noCounts } from './report-hosts.ts';

/** The packages of a run by ARN; one that only a finding names is added where it is asked for. */
export interface ReportPackages {
  readonly of: (arn: string) => ReportPackage;
  /** Its name; unlike `of`, it adds none. */
  readonly known: (arn: string) => string;
  readonly count: (arn: string, severity: Severity) => void;
  readonly all: () => readonly ReportPackage[];
}

/** `versions`: of those that evaluated the run, by ARN. */
export function reportPackages(
  catalog: readonly CatalogEntry[],
  arns: readonly string[],
  versions: Readonly<Record<string, string>>,
): ReportPackages {
  const known = new Map<string, ReportPackage & { readonly counts: MutableCounts }>();
  const of = (arn: string) => {
    const before = known.get(arn);
    if (before) return before;
    const entry = catalog.find((candidate) => candidate.arn === arn);
    const added = {
      arn,
      name: entry?.name ?? arn,
      version: Object.hasOwn(versions, arn) ? versions[arn] : undefined,
      provider: entry?.provider,
      description:
        entry?.description ?? 'This server does not know this rules package: what is said of it was imported.',
      evaluated: entry?.implementation !== undefined,
      counts: noCounts(),
    };
    known.set(arn, added);
    return added;
  };
  for (const arn of arns) of(arn);
  return {
    of,
    count: (arn, severity) => {
      of(arn).counts[severity] += 1;
    },
    known: (arn) => catalog.find((entry) => entry.arn === arn)?.name ?? arn,
    all: () => [...known.values()],
  };
}
