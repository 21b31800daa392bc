import type { Severity } from '../../../domain/rules-package.ts';
import type { ReportPackage, SeverityCounts } from '../report-data.ts';
import { bySeverity, formatNumber, packageTitle, total } from '../report-words.ts';
import { text } from './markup.ts';

const WIDTH = 860;
const LABEL = 130;
const BAR = 640;
const ROW = 30;

/** A bar for each severity. */
export function severityChart(counts: SeverityCounts): string {
  const most = Math.max(1, ...bySeverity.map((severity) => counts[severity]));
  const rows = bySeverity.map((severity, at) => {
    const y = at * ROW;
    const width = (counts[severity] / most) * BAR;
    return (
      `<text x="${LABEL - 10}" y="${y + 20}" text-anchor="end">${severity}</text>` +
      `<rect class="track" x="${LABEL}" y="${y + 6}" width="${BAR}" height="18" rx="3"/>` +
      `<rect class="${severity}" x="${LABEL}" y="${y + 6}" width="${round(width)}" height="18" rx="3"/>` +
      `<text x="${LABEL + BAR + 10}" y="${y + 20}">${formatNumber(counts[severity])}</text>`
    );
  });
  return figure('Findings by severity', rows, bySeverity.length * ROW, summary(counts));
}

/** A bar for each rules package, cut by severity. */
export function packageChart(packages: readonly ReportPackage[]): string {
  const most = Math.max(1, ...packages.map(({ counts }) => total(counts)));
  const height = ROW + 18;
  const rows = packages.map((each, at) => {
    const y = at * height;
    let x = 0;
    const parts = bySeverity.map((severity) => {
      const width = (each.counts[severity] / most) * (BAR + LABEL);
      const from = x;
      x += width;
      return width === 0
        ? ''
        : `<rect class="${severity}" x="${round(from)}" y="${y + 20}" width="${round(width)}" height="18"/>`;
    });
    return (
      `<text x="0" y="${y + 14}">${text(packageTitle(each))}</text>` +
      `<rect class="track" x="0" y="${y + 20}" width="${BAR + LABEL}" height="18"/>${parts.join('')}` +
      `<text x="${LABEL + BAR + 10}" y="${y + 34}">${formatNumber(total(each.counts))}</text>`
    );
  });
  const legend = `<ul class="legend">${bySeverity.map((severity) => `<li class="${severity}">${severity}</li>`).join('')}</ul>`;
  const label = packages.map((each) => `${packageTitle(each)}: ${summary(each.counts)}`).join('; ');
  return figure('Findings by rules package', rows, packages.length * height, label, legend);
}

const figure = (caption: string, rows: readonly string[], height: number, label: string, after = ''): string =>
  `<figure><figcaption>${caption}</figcaption><svg viewBox="0 0 ${WIDTH} ${Math.max(height, 1)}" role="img" aria-label="${text(label)}">${rows.join('')}</svg>${after}</figure>\n`;

const summary = (counts: SeverityCounts): string =>
  bySeverity.map((severity: Severity) => `${severity} ${counts[severity]}`).join(', ');

const round = (value: number): number => Math.round(value * 100) / 100;
