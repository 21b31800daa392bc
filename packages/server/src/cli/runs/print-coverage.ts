import type { AssayOutput } from '@assay/model/assay/operations.ts';
import { oneLine } from '@assay/model/safe-text.ts';
import { style } from '../terminal/guarded-output.ts';
import { nextSteps } from '../terminal/next-step.ts';
import { lineWidth, renderTable, wrap } from '../terminal/table.ts';

export type RunVerdict = AssayOutput<'ListRunVerdicts'>['verdicts'][number];

interface Shown {
  readonly arn: string;
  readonly coverage: AssayOutput<'GetRunCoverage'>;
  /** Present where every verdict is asked for. */
  readonly all: AsyncIterable<RunVerdict> | undefined;
}

/** A run's account for people: how it stands, verdicts by package and host, and every reason once. */
export async function printCoverage({ arn, coverage, all }: Shown, stream: NodeJS.WriteStream): Promise<void> {
  const width = lineWidth(stream);
  const bold = (text: string): string => style('bold', text, stream);
  const { caveat } = coverage;
  const names = new Map(coverage.byHost.map(({ agentId, hostname }) => [agentId, hostname]));
  const nameOf = (agent: string): string => oneLine(names.get(agent) ?? (agent || '(no host named)'));
  stream.write(`${bold('Coverage')}  ${arn}\n`);
  if (caveat !== undefined) {
    stream.write('\n');
    for (const line of wrap(caveat, width - 2)) stream.write(`  ${style(['yellow', 'bold'], line, stream)}\n`);
  }
  const { hosts, rules, verdicts } = coverage;
  const product = hosts === 0 ? '' : `: ${hosts * rules} verdicts`;
  stream.write(`\n  ${counted(hosts, 'host')}, ${counted(rules, 'rule')}${product}\n`);
  if (hosts > 0) {
    const byHost = all || hosts <= MOST_HOSTS ? coverage.byHost : [];
    const rows = byHost.map((each) => [
      nameOf(each.agentId),
      ...cellsOf(each.verdicts),
      `${oneLine(each.packageName)}${each.notAssessedBecause === undefined ? '' : ' (not assessed)'}`,
    ]);
    const total = hosts > 1 || coverage.byHost.length > 1 ? [['all', ...cellsOf(verdicts), '']] : [];
    stream.write(`\n${renderTable(columns, [...rows, ...total], width)}`);
    if (byHost.length === 0) stream.write('\n  Each host by itself: the same with --all, or --json --all.\n');
  }
  if (coverage.reasons.length > 0) {
    stream.write(`\n${bold('Not assessed')}\n\n`);
    const rows = coverage.reasons.map(({ count, packageName: name, reason }) => [
      hosts === 0 ? '-' : String(count),
      oneLine(name),
      oneLine(nextSteps(reason)),
    ]);
    stream.write(renderTable([{ title: 'COUNT' }, { title: 'PACKAGE', width: 24 }, { title: 'WHY' }], rows, width));
  }
  if (all) await printVerdicts(all, nameOf, stream);
}

/** A larger run is shown as a whole. */
const MOST_HOSTS = 100;

const columns = [
  { title: 'HOST', width: 16 },
  { title: 'PASS' },
  { title: 'FOUND' },
  { title: 'N/A' },
  { title: 'UNKNOWN' },
  { title: 'PACKAGE' },
];

const cellsOf = ({
  passed,
  finding,
  notApplicable,
  notAssessed,
}: AssayOutput<'GetRunCoverage'>['verdicts']): string[] => [passed, finding, notApplicable, notAssessed].map(String);

const outcomes = {
  PASSED: 'passed',
  FINDING: 'finding',
  NOT_APPLICABLE: 'not applicable',
  NOT_ASSESSED: 'not assessed',
} as const;

/** A table for each host and package, as they come. */
async function printVerdicts(
  verdicts: AsyncIterable<RunVerdict>,
  nameOf: (agent: string) => string,
  stream: NodeJS.WriteStream,
): Promise<void> {
  let heading = '';
  let rows: string[][] = [];
  const flush = (): void => {
    if (rows.length === 0) return;
    const titles = [{ title: 'VERDICT', width: 14 }, { title: 'RULE', width: 30 }, { title: 'WHY' }];
    stream.write(`\n${style('bold', heading, stream)}\n\n${renderTable(titles, rows, lineWidth(stream))}`);
    rows = [];
  };
  for await (const { agentId, packageName, ruleName: rule, title, outcome, reason = '', unseen = [] } of verdicts) {
    const next = `${nameOf(agentId)}  ${oneLine(packageName)}`;
    if (next !== heading) flush();
    heading = next;
    rows.push([
      outcomes[outcome],
      oneLine(title === undefined || title === rule ? rule : `${rule} ${title}`),
      oneLine([reason, ...unseen.map((each) => `not seen: ${each}`)].filter(Boolean).join('; ')),
    ]);
  }
  flush();
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
