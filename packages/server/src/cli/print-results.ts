import { type InspectColor, styleText } from 'node:util';
import type { Severity } from '../domain/rules-package.ts';
import { severities } from '../domain/severity.ts';
import type { WireExclusion, WireFinding } from './assessment.ts';
import { lineWidth, renderTable, wrap } from './table.ts';

const colours: Readonly<Record<Severity, InspectColor[]>> = {
  High: ['red', 'bold'],
  Medium: ['yellow'],
  Low: ['cyan'],
  Informational: ['dim'],
  Undefined: ['dim'],
};

/** Findings by severity and exclusions, for people: a table each, colours on a terminal only. */
export function printResults(
  findings: readonly WireFinding[],
  exclusions: readonly WireExclusion[],
  stream: NodeJS.WriteStream,
): void {
  const style = (format: InspectColor[], text: string): string => styleText(format, text, { stream });
  const width = lineWidth(stream);
  const severityOf = (finding: WireFinding | undefined): Severity => finding?.severity ?? 'Undefined';

  const counts = severities
    .toReversed()
    .map((severity) => [severity, findings.filter((finding) => severityOf(finding) === severity).length] as const)
    .filter(([severity, count]) => count > 0 || severity === 'High' || severity === 'Medium' || severity === 'Low');
  const summary = counts
    .map(([severity, count]) => (count > 0 ? style(colours[severity], `${severity} ${count}`) : `${severity} 0`))
    .join(' · ');
  stream.write(`\n${style(['bold'], 'Findings')}  ${summary}\n`);
  if (findings.length === 0) {
    stream.write('  None.\n');
  } else {
    stream.write(
      `\n${renderTable(
        [{ title: 'SEVERITY' }, { title: 'RULE', width: 24 }, { title: 'WHAT WAS SEEN' }],
        findings.map((finding) => [severityOf(finding), finding.id ?? '', seen(finding)]),
        width,
        (text, row, column) => (column === 0 && text ? style(colours[severityOf(findings[row])], text) : text),
      )}`,
    );
  }

  stream.write(`\n${style(['bold'], 'Exclusions')}  ${exclusions.length}\n`);
  if (exclusions.length === 0) {
    stream.write('  None: everything that was asked for was assessed.\n');
  } else {
    stream.write(
      `\n${renderTable(
        [{ title: 'NOT ASSESSED', width: 26 }, { title: 'WHY' }],
        exclusions.map(({ title, description }) => [title, shorten(description, 600)]),
        width,
      )}`,
    );
  }
}

/** The first sentence of a description says what was seen and where; those after it say why that matters. */
const seen = ({ title = '', description = '' }: WireFinding): string => {
  const [sentence = ''] = description.split(/(?<=\.)\s/, 1);
  return shorten(sentence || title, 400);
};

/** What to do about each finding, in full. */
export function printRecommendations(findings: readonly WireFinding[], stream: NodeJS.WriteStream): void {
  if (findings.length === 0) return;
  stream.write(`\n${styleText('bold', 'What to do', { stream })}\n`);
  const width = lineWidth(stream) - 4;
  for (const { id = '', recommendation = '' } of findings) {
    stream.write(`\n  ${styleText('bold', id, { stream })}\n`);
    for (const line of wrap(recommendation, width)) stream.write(`    ${line}\n`);
  }
}

const shorten = (text: string, limit: number): string =>
  text.length <= limit ? text : `${text.slice(0, text.lastIndexOf(' ', limit))} …`;
