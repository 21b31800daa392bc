import type { BenchmarkProfile, BenchmarkRule, XccdfSeverity } from '../../domain/benchmarks.ts';
import type { Severity } from '../../domain/rules-package.ts';

/** XCCDF's severities in the API's words. */
const severities: Readonly<Record<XccdfSeverity, Severity>> = {
  high: 'High',
  medium: 'Medium',
  low: 'Low',
  unknown: 'Informational',
  info: 'Informational',
};

export const severityOf = ({ severity }: BenchmarkRule): Severity => severities[severity];

/** The section first: clients take the text to the first space as its number. */
export const headingOf = ({ id, section, title }: BenchmarkRule): string =>
  `${section ?? id.replace(/^.*_rule_/, '')} ${title}`;

/** `CIS Debian 12 Benchmark v1.1.0`. */
export const benchmarkName = ({ benchmark, version }: BenchmarkProfile): string => `${benchmark} v${version}`;

/** `Level 1 - Server`: the lowest level of the profile's role that has the rule. */
export function profileName(id: string, { level, role }: BenchmarkProfile, all: readonly BenchmarkProfile[]): string {
  const isLower = all.some((each) => each.role === role && each.level === 1 && each.rules.includes(id));
  return `Level ${isLower ? 1 : level} - ${role === 'server' ? 'Server' : 'Workstation'}`;
}
