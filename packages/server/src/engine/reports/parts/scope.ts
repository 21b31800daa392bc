import type { ReportData, ReportExclusion } from '../report-data.ts';
import {
  caveat,
  findingCount,
  formatDuration,
  formatTime,
  namedArn,
  noExclusions,
  packageTitle,
  plural,
  requesterText,
  total,
} from '../report-words.ts';
import type { Fact, Part } from './block.ts';

/** Hosts that are named; the others are counted. */
const NAMED = 6;
/** Rows; every exclusion has its place further on. */
const ROWS = 25;

/** What the run was to look at, and what it did not. */
export function scopePart(data: ReportData): Part {
  const { run, hosts, packages, exclusions } = data;
  const delivered = hosts.filter(({ health }) => health === 'HEALTHY').length;
  const silent = hosts.filter(({ health }) => health === 'UNHEALTHY').length;
  const above = caveat(data);
  const facts: Fact[] = [
    ['State', run.state],
    ['Assessment target', namedArn(run.target)],
    ['Hosts that belong to it', tagsText(data)],
    [
      'Hosts',
      run.imported
        ? `${plural(hosts.length, 'host')}; which of them delivered evidence is not known: imported`
        : `${plural(hosts.length, 'host')}: ${delivered} delivered all evidence, ${silent} did not`,
    ],
    ['Rules packages', packages.map(packageTitle).join('\n') || 'none'],
    [
      'Collected',
      `${formatTime(run.startedAt)} to ${formatTime(collectedAt(data))}, ${formatDuration(run.duration)} at most`,
    ],
    ['Evaluated', run.evaluatedAt === undefined ? 'not known' : formatTime(run.evaluatedAt)],
    ['Started by', requesterText(run.startedBy, run.imported)],
    ['Findings', findingCount(data, total(data.counts))],
    ['Exclusions', above !== undefined && exclusions.length === 0 ? '–' : String(exclusions.length)],
  ];
  const groups = exclusionGroups(exclusions);
  return {
    name: 'scope',
    title: 'Scope and what was not assessed',
    blocks: [
      ...(above === undefined ? [] : [{ kind: 'text', text: above, tone: 'lead' } as const]),
      { kind: 'facts', rows: facts },
      { kind: 'heading', text: 'Not assessed' },
      ...(groups.length === 0
        ? [{ kind: 'text', text: noExclusions(data) } as const]
        : [
            {
              kind: 'text',
              text: 'Where something was not assessed, the absence of a finding does not mean that it is safe.',
            } as const,
            {
              kind: 'table',
              columns: [
                { title: 'What', share: 30 },
                { title: 'Where', share: 30 },
                { title: 'What to do', share: 40 },
              ],
              rows: groups
                .slice(0, ROWS)
                .map(({ title, about, hosts: named, recommendation }) => [
                  [title, ...about].join('\n'),
                  namesOf(named),
                  recommendation,
                ]),
            } as const,
            ...(groups.length > ROWS
              ? [
                  {
                    kind: 'text',
                    text: `${groups.length - ROWS} more kinds are listed under Exclusions.`,
                    tone: 'soft',
                  } as const,
                ]
              : []),
          ]),
    ],
  };
}

const collectedAt = ({ run }: ReportData): number | undefined =>
  run.stateChanges.find(({ state }) => state === 'DATA_COLLECTED')?.at ?? run.completedAt ?? undefined;

function tagsText({ run: { tags, imported } }: ReportData): string {
  if (tags === null) return 'every host of the account and region';
  if (tags === undefined)
    return imported ? 'not known: imported' : 'not known: the run was started by an earlier version of Assay';
  return `any of: ${tags.map(({ key, value }) => (value === undefined ? key : `${key} = ${value}`)).join(', ')}`;
}

/** Exclusions that say the same of several hosts are one row. */
function exclusionGroups(exclusions: readonly ReportExclusion[]) {
  const groups = new Map<string, { title: string; about: string[]; recommendation: string; hosts: Set<string> }>();
  for (const { title, recommendation, packages, hosts } of exclusions) {
    const about = packages.map(packageTitle);
    const names = hosts.map(({ hostname }) => hostname);
    // A recommendation may name its host: that does not make it another.
    const alike = names.reduce((text, name) => text.replaceAll(name, 'the host'), recommendation);
    const key = [title, alike, ...about].join('\n');
    const group = groups.get(key) ?? {
      title,
      about,
      recommendation: names.length > 0 ? alike : recommendation,
      hosts: new Set(),
    };
    groups.set(key, group);
    for (const name of names) group.hosts.add(name);
  }
  return [...groups.values()].sort((a, b) => b.hosts.size - a.hosts.size);
}

function namesOf(hosts: ReadonlySet<string>): string {
  if (hosts.size === 0) return 'the whole run';
  const names = [...hosts].slice(0, NAMED).join(', ');
  return hosts.size > NAMED ? `${names} and ${hosts.size - NAMED} more hosts` : names;
}
