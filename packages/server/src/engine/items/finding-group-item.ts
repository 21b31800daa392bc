import type { Scope } from '@assay/model/arn.ts';
import { assayArn } from '@assay/model/assay/arn.ts';
import type { FindingGroup as FindingGroupShape, SeverityCounts } from '@assay/model/assay/structures.ts';
import type { Static } from '@assay/model/shape.ts';
import type { Severity } from '../../domain/rules-package.ts';
import type { FindingGroup } from '../fleet/group-findings.ts';

/** Packages that a group names. */
const NAMED = 10;

export const severityCounts = (counts: Partial<Record<Severity, number>>): Static<typeof SeverityCounts> => ({
  high: counts.High ?? 0,
  medium: counts.Medium ?? 0,
  low: counts.Low ?? 0,
  informational: counts.Informational ?? 0,
  undefined: counts.Undefined ?? 0,
});

/** A group of findings as the Assay API lists it; `hostname` where the group is of a host. */
export const findingGroupItem = (
  scope: Scope,
  group: FindingGroup,
  hostname?: string,
): Static<typeof FindingGroupShape> => ({
  name: group.name,
  ...(group.title === undefined ? {} : { title: group.title }),
  ...(hostname === undefined ? {} : { hostname, hostArn: assayArn(scope, 'host', group.name) }),
  findings: group.findings,
  hosts: group.hosts.size,
  rules: group.rules.size,
  counts: severityCounts(group.counts),
  severity: group.severity,
  knownExploited: group.knownExploited,
  fixable: group.fixable,
  ...(group.epss === undefined ? {} : { epss: group.epss }),
  packages: [...group.packages].slice(0, NAMED),
  rulesPackageArns: [...group.rulesPackages],
  assessedAt: group.assessedAt / 1000,
});
