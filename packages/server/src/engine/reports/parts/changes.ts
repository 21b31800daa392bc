import type { ReportChanges, ReportData } from '../report-data.ts';
import { bySeverity, caveat, formatNumber, formatTime, plural, total } from '../report-words.ts';
import type { Block, Part } from './block.ts';

const TITLE = 'Differences to the run before';

/** What came and went since the run of the same template before this one. */
export function changesPart(data: ReportData): Part {
  const { changes, run } = data;
  const text = (words: string): Part => ({ name: 'changes', title: TITLE, blocks: [{ kind: 'text', text: words }] });
  if (run.imported) return text('Not known: this run was imported.');
  if (!changes)
    return text('No run of this assessment template completed before this one: there is nothing to compare with.');
  const above = caveat(data);
  const { before, came, gone, notLookedAt } = changes;
  const rows = [
    ['New', came],
    ['Fixed or gone', gone],
    ['Reported before, not assessed this time', notLookedAt],
  ] as const;
  return {
    name: 'changes',
    title: TITLE,
    blocks: [
      {
        kind: 'text',
        text: `Against the run "${before.name}" of ${formatTime(before.createdAt)} (${before.id}).${above === undefined ? '' : ` ${above}`}`,
      },
      {
        kind: 'table',
        columns: [{ title: 'Findings', share: 30 }, ...[...bySeverity, 'All'].map((title) => ({ title, share: 14 }))],
        rows: rows.map(([title, { counts }]) => [
          title,
          ...bySeverity.map((severity) => formatNumber(counts[severity])),
          formatNumber(total(counts)),
        ]),
      },
      ...rows.flatMap(([title, tally]) => listed(title, tally)),
    ],
  };
}

function listed(title: string, { rules, listed: shown }: ReportChanges['came']): Block[] {
  if (shown.length === 0) return [];
  const left = rules - shown.length;
  return [
    { kind: 'heading', text: title },
    {
      kind: 'table',
      columns: [
        { title: 'Severity', share: 15 },
        { title: 'Rule', share: 30 },
        { title: 'Rules package', share: 27 },
        { title: 'Hosts', share: 28 },
      ],
      rows: shown.map(({ severity, rule, rulesPackage, hosts }) => [
        severity,
        rule,
        rulesPackage,
        hosts.length > 3 ? `${hosts.slice(0, 3).join(', ')} and ${hosts.length - 3} more` : hosts.join(', '),
      ]),
    },
    ...(left > 0 ? [{ kind: 'text', text: `and ${plural(left, 'more rule')}`, tone: 'soft' } as const] : []),
  ];
}
