import { exploitationOf } from '@assay/model/exploitation.ts';
import type { Severity } from '../../domain/rules-package.ts';
import { atLeast } from '../../domain/severity.ts';
import type { HostCoverage } from '../../engine/account/coverage.ts';
import type { WireFinding } from './assessment.ts';

/** How urgent a finding is for a gate: what is known to be exploited as much as High, what nobody has rated as Medium. */
function urgencyOf({ severity = 'Undefined', attributes = [] }: WireFinding): Severity {
  if (exploitationOf(attributes).knownExploited) return 'High';
  return severity === 'Undefined' ? 'Medium' : severity;
}

/** A package that was asked for and says nothing about the host, and why. */
export interface Gap {
  readonly package: string;
  readonly reason: string;
}

export const gapsIn = (byHost: readonly HostCoverage[]): Gap[] =>
  byHost.flatMap(({ package: name, whole }) => (whole === undefined ? [] : [{ package: name, reason: whole }]));

/**
 * 1: findings at or above the threshold. Else 2: a package that was asked for was not assessed as a whole. Else 0. What
 * was found already fails a gate, and one that waits for findings must not take it for something else.
 */
export function scanStatus(findings: readonly WireFinding[], gaps: readonly Gap[], failOn: Severity): 0 | 1 | 2 {
  if (findings.some((finding) => atLeast(urgencyOf(finding), failOn))) return 1;
  return gaps.length > 0 ? 2 : 0;
}
