import type { Severity } from './rules-package.ts';

/** From the least to the most urgent. */
export const severities = [
  'Undefined',
  'Informational',
  'Low',
  'Medium',
  'High',
] as const satisfies readonly Severity[];

/** numericSeverity on the wire. Source: the user guide's severity levels. */
export const numericSeverity: Readonly<Record<Severity, number>> = {
  High: 9.0,
  Medium: 6.0,
  Low: 3.0,
  Informational: 0.0,
  Undefined: 0.0,
};

/** True when `severity` is at least as urgent as `threshold`. */
export const atLeast = (severity: Severity, threshold: Severity): boolean =>
  severities.indexOf(severity) >= severities.indexOf(threshold);
