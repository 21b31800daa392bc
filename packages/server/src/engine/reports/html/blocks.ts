import type { Attribute, Observation } from '../../../domain/rules-package.ts';
import type { ReportHost, SeverityCounts } from '../report-data.ts';
import { bySeverity } from '../report-words.ts';
import { text } from './markup.ts';

/** The pieces that sections are made of. `tone` is a class of the style: a severity or an outcome. */

export const badge = (tone: string, words: string): string => `<span class="badge ${tone}">${words}</span>`;

export const severityTable = (counts: SeverityCounts, shown: (count: number) => string): string =>
  bySeverity
    .map((severity) => `<div class="card ${severity}"><b>${shown(counts[severity])}</b>${severity}</div>`)
    .join('');

export const facts = (rows: readonly (readonly [string, string])[]): string =>
  `<table class="facts"><tbody>${rows
    .map(([label, value]) => `<tr><th scope="row">${text(label)}</th><td>${text(value)}</td></tr>`)
    .join('\n')}</tbody></table>\n`;

export const hostCell = ({ hostname, agent }: ReportHost): string =>
  agent === undefined || agent === hostname
    ? text(hostname)
    : `${text(hostname)}<br><code class="soft">${text(agent)}</code>`;

export const findingTable = {
  head: '<table><thead><tr><th class="host">Host</th><th class="id">Finding</th><th>Evidence</th></tr></thead><tbody>\n',
  end: '</tbody></table>\n',
} as const;

/** Where it stands, what was there, and what would have passed. */
export const evidence = (observations: readonly Observation[]): string =>
  observations.length === 0
    ? ''
    : `<ul class="evidence">${observations
        .map(
          ({ source, observed, expected }) =>
            `<li><code>${text(source)}</code><br><span class="lines">${text(observed)}</span>${expected === undefined ? '' : ` <span class="soft">(expected: ${text(expected)})</span>`}</li>`,
        )
        .join('')}</ul>`;

export const attributeLines = (attributes: readonly Attribute[]): string =>
  attributes.length === 0
    ? ''
    : `<div class="soft attributes">${attributes.map(({ key, value }) => `<code>${text(key)}</code> ${text(value)}`).join(' · ')}</div>`;
