import { type SeverityColors, severityPalette } from '@assay/model/severity-palette.ts';
import type { Severity } from '../../../domain/rules-package.ts';
import type { Outcome } from '../report-data.ts';
import type { Style } from './typesetting.ts';

const ink = '0.102 0.133 0.188';
const soft = '0.353 0.396 0.459';
export const rule = '0.851 0.871 0.902';
export const panel = '0.949 0.957 0.969';

export const styles = {
  title: { font: 'bold', size: 24, leading: 30, color: ink, tag: 'H1' },
  kind: { font: 'bold', size: 9, leading: 14, color: soft },
  lead: { font: 'regular', size: 11.5, leading: 16, color: ink },
  h1: { font: 'bold', size: 16, leading: 22, color: ink, tag: 'H2' },
  h2: { font: 'bold', size: 11.5, leading: 16, color: ink, tag: 'H3' },
  chart: { font: 'bold', size: 11.5, leading: 16, color: ink },
  h3: { font: 'bold', size: 10, leading: 13.5, color: ink, tag: 'H4' },
  item: { font: 'bold', size: 10, leading: 13.5, color: ink, tag: 'H3' },
  body: { font: 'regular', size: 9, leading: 12.5, color: ink },
  label: { font: 'bold', size: 9, leading: 12.5, color: ink },
  small: { font: 'regular', size: 8, leading: 10.5, color: ink },
  smallSoft: { font: 'regular', size: 8, leading: 10.5, color: soft },
  row: { font: 'regular', size: 7.5, leading: 9.5, color: ink },
  rowSoft: { font: 'regular', size: 7.5, leading: 9.5, color: soft },
  rowBold: { font: 'bold', size: 7.5, leading: 9.5, color: ink },
  smallBold: { font: 'bold', size: 8, leading: 10.5, color: ink },
  mono: { font: 'mono', size: 7, leading: 9.5, color: soft },
  gap: { font: 'regular', size: 8, leading: 3.5, color: ink },
  furniture: { font: 'regular', size: 7.5, leading: 10, color: soft },
  count: { font: 'bold', size: 20, leading: 24, color: ink },
  badge: { font: 'bold', size: 7.5, leading: 10, color: '1 1 1' },
} as const satisfies Readonly<Record<string, Style>>;

/** `#rrggbb` as PDF's operators take it: red, green and blue from 0 to 1. */
const rgb = (color: string): string =>
  [1, 3, 5].map((at) => String(Math.round(Number.parseInt(color.slice(at, at + 2), 16) / 0.255) / 1000)).join(' ');

const colors = (part: keyof SeverityColors): Readonly<Record<Severity, string>> => ({
  High: rgb(severityPalette.High[part]),
  Medium: rgb(severityPalette.Medium[part]),
  Low: rgb(severityPalette.Low[part]),
  Informational: rgb(severityPalette.Informational[part]),
  Undefined: rgb(severityPalette.Undefined[part]),
});

/** What badges, bars and legends are filled with, and the words on it. */
export const fills = colors('fill');
const onFills = colors('onFill');

const inks = colors('ink');
const tones: Readonly<Record<Severity | Outcome, string>> = {
  ...inks,
  PASSED: '0.09 0.396 0.227',
  FINDING: inks.High,
  NOT_ASSESSED: inks.Medium,
  NOT_APPLICABLE: inks.Undefined,
};

export const toned = (style: Style, tone: keyof typeof tones): Style => ({ ...style, color: tones[tone] });

/** The words of a badge. */
export const onFill = (severity: Severity): Style => ({ ...styles.badge, color: onFills[severity] });
