import { parseArn } from '@assay/model/arn.ts';
import type { Run } from '../../data/describe.ts';
import { h } from '../../dom.ts';
import { formatDuration } from '../../format.ts';
import { runLink } from '../../route.ts';
import { findingCounts, hasEnded, stateBadge } from '../../ui/badge.ts';
import { type Column, table } from '../../ui/table.ts';
import { time } from '../../ui/time.ts';

/** Runs as a table; `templateNames` are by ARN. */
export const runsTable = (runs: readonly Run[], templateNames: ReadonlyMap<string, string>): HTMLElement =>
  table('Assessment runs, newest first', columns(templateNames), runs);

const columns = (templateNames: ReadonlyMap<string, string>): Column<Run>[] => [
  {
    title: 'Run',
    names: true,
    class: 'wide',
    cell: ({ arn, name, assessmentTemplateArn }) => [
      h('a', { href: runLink(arn) }, name),
      h('span', { class: 'under' }, templateNames.get(assessmentTemplateArn) ?? shortName(assessmentTemplateArn)),
    ],
  },
  { title: 'State', class: 'narrow', cell: ({ state }) => stateBadge(state) },
  { title: 'Findings', class: 'found', cell: (run) => findingCounts(run) },
  { title: 'Started', class: 'time', cell: ({ startedAt }) => time(startedAt) },
  { title: 'Ended', class: 'time', cell: ({ completedAt }) => time(completedAt) },
  { title: 'Duration', class: 'number', cell: (run) => took(run) },
];

/** How long a run took from being accepted to its end, or has taken so far. */
export function took({ createdAt, completedAt, state }: Run): string {
  if (completedAt !== undefined) return formatDuration(Math.max(0, completedAt - createdAt));
  return hasEnded(state) ? '–' : `${formatDuration(Math.max(0, Date.now() / 1000 - createdAt))} so far`;
}

const shortName = (arn: string): string => `template ${parseArn(arn)?.ids.at(-1) ?? arn}`;
