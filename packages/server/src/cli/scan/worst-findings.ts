import { severities } from '../../domain/severity.ts';
import type { FindingLine } from './closed-ports-together.ts';

/** Lines of findings, other than vulnerabilities, that are shown unless all are asked for. */
const SHOWN = 15;

/** The worst of the findings, in their order, and how many of each severity are left out. */
export function worstFindings<F extends Pick<FindingLine, 'severity' | 'count'>>(
  findings: readonly F[],
  { all }: { readonly all: boolean },
): { readonly shown: readonly F[]; readonly left: string } {
  const rank = ({ severity = 'Undefined' }: F): number => severities.indexOf(severity);
  // Undefined ranks with Medium: nobody knows how bad it is.
  const weight = (finding: F): number =>
    finding.severity === undefined || finding.severity === 'Undefined' ? severities.indexOf('Medium') : rank(finding);
  const sorted = findings.toSorted((a, b) => weight(b) - weight(a));
  const shown = all ? sorted : sorted.slice(0, SHOWN);
  const rest = sorted.slice(shown.length);
  const counts = severities.toReversed().flatMap((severity) => {
    const left = rest.filter((finding) => (finding.severity ?? 'Undefined') === severity);
    const count = left.reduce((sum, line) => sum + line.count, 0);
    return count === 0 ? [] : [`${count} ${severity}`];
  });
  return { shown, left: counts.join(', ') };
}
