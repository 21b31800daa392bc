import type { ReportData } from '../report-data.ts';
import { countsText, noFindings, plural } from '../report-words.ts';
import type { Part } from './block.ts';

/** What whoever decides needs: which steps come first, and why. */
export function prioritiesPart(data: ReportData): Part {
  const { shown, left } = data.priorities;
  if (shown.length === 0) {
    return { name: 'first', title: 'What to do first', blocks: [{ kind: 'text', text: noFindings(data) }] };
  }
  return {
    name: 'first',
    title: 'What to do first',
    blocks: [
      {
        kind: 'text',
        text: 'One step for each software package or rule. What is known to be exploited (CISA KEV) comes first, then the gravest and, among equals, what can be fixed, what is likeliest to be exploited within 30 days (EPSS) and what is most widespread.',
        tone: 'soft',
      },
      {
        kind: 'table',
        columns: [
          { title: '', share: 4 },
          { title: 'What', share: 24 },
          { title: 'Why', share: 30 },
          { title: 'What to do', share: 42 },
        ],
        rows: shown.map(({ what, rules, counts, hosts, knownExploited, fixable, epss, action }, at) => [
          String(at + 1),
          `${what}\n${plural(hosts, 'host')}`,
          [
            countsText(counts),
            ...(rules > 1 ? [plural(rules, 'rule')] : []),
            ...(knownExploited > 0 ? [`known to be exploited${rules > 1 ? `: ${knownExploited} of them` : ''}`] : []),
            ...(fixable ? [] : ['no fix yet']),
            ...(epss === undefined ? [] : [`EPSS ${rules > 1 ? 'up to ' : ''}${(epss * 100).toFixed(1)} %`]),
          ].join('\n'),
          action,
        ]),
      },
      ...(left === 0
        ? []
        : [{ kind: 'text', text: `${plural(left, 'further step')} under Findings.`, tone: 'soft' } as const]),
    ],
  };
}
