import type { Finding } from '../../domain/finding.ts';
import type { Severity } from '../../domain/rules-package.ts';
import { hostnameOf } from '../items/finding-summary.ts';
import { type Cause, causeOf } from './cause-of-change.ts';
import { catalogOf } from './rules-package-catalog.ts';
import type { RunSnapshot } from './run-snapshot.ts';

/** A finding that one run has and the other has not, and why. */
export interface Change {
  readonly change: 'CAME' | 'WENT';
  readonly agent: string;
  readonly hostname: string;
  readonly rulesPackage: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly cause: Cause;
}

/** Every finding that came or went between two runs, by host and rule, those that came first. */
export async function diffRuns(region: string, before: RunSnapshot, after: RunSnapshot): Promise<Change[]> {
  const changes: Change[] = [];
  const implementations = new Map(catalogOf(region).map(({ arn, implementation }) => [arn, implementation]));
  for (const [change, from, to] of [
    ['CAME', before, after],
    ['WENT', after, before],
  ] as const) {
    const there = new Set(from.findings.map(keyOf));
    for (const finding of to.findings.filter((each) => !there.has(keyOf(each)))) {
      changes.push({
        change,
        agent: finding.agent ?? '',
        hostname: hostnameOf(finding),
        rulesPackage: finding.rulesPackage,
        rule: finding.rule,
        severity: finding.severity,
        cause: await causeOf(finding, {
          has: to,
          lacks: from,
          change,
          implementation: implementations.get(finding.rulesPackage),
        }),
      });
    }
  }
  return changes;
}

const keyOf = ({ agent, rulesPackage, rule }: Finding): string => `${agent}\n${rulesPackage}\n${rule}`;
