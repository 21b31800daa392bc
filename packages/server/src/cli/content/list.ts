import { Command } from 'commander';
import { readContent } from '../../content/content-directory.ts';
import type { LeftOutRule } from '../../domain/benchmarks.ts';
import { style } from '../terminal/guarded-output.ts';
import { nextSteps } from '../terminal/next-step.ts';
import { lineWidth, renderTable } from '../terminal/table.ts';
import { type ContentRow, contentRow } from './content-row.ts';
import { type ContentOptions, withContent, withContentOptions } from './with-content.ts';

export const listContentCommand = (): Command =>
  withContentOptions(new Command('list'))
    .description('Show the content: for which systems, of which benchmark, how old, and where it came from')
    .action((options: ContentOptions) =>
      withContent(options, (directory) => {
        const { entries, leftOut } = readContent(directory);
        const rows = entries.map((entry) => contentRow(entry, Date.now(), entries));
        const text = describe(rows) + describeLeftOut(leftOut);
        process.stdout.write(options.json ? `${JSON.stringify({ content: rows, leftOut })}\n` : text);
      }),
    );

const describeLeftOut = (rules: readonly LeftOutRule[]): string =>
  rules
    .map(({ rule, reason, author, expires }) => `Left out until ${expires} by ${author}: ${rule} (${reason})\n`)
    .join('');

function describe(rows: readonly ContentRow[]): string {
  if (rows.length === 0) {
    return nextSteps('There is no SCAP content. Take some: assay content add FILE (see docs/cis.md)\n');
  }
  const stream = process.stdout;
  const cells = rows.map((row) => [
    row.name,
    `${row.benchmark ?? ''} v${row.benchmarkVersion ?? ''}`,
    row.released ?? '',
    row.ageSeconds === null ? '' : `${Math.floor(row.ageSeconds / 86_400)} d${row.old ? ' OLD' : ''}`,
    row.profiles.map(({ level, role, rules }) => `L${level} ${role} ${rules}`).join(', '),
    row.digest.slice(0, 8),
    row.source,
  ]);
  const columns = [
    { title: 'Name' },
    { title: 'Aligned with', width: 26 },
    { title: 'Released' },
    { title: 'Age' },
    { title: 'Profiles (rules)', width: 22 },
    { title: 'Digest' },
    { title: 'From' },
  ];
  const table = renderTable(columns, cells, lineWidth(stream), (text, row, column) =>
    column === 3 && rows[row]?.old ? style('yellow', text, stream) : text,
  );
  const old = rows.filter((row) => row.old).map(({ name }) => name);
  const note = old.length === 0 ? '' : `\nThe benchmark is older than two years: ${old.join(', ')}.\n`;
  const superseded = rows.flatMap(({ name, supersededBy }) =>
    supersededBy === null ? [] : [`${name} is superseded by ${supersededBy}, which hosts are judged by.\n`],
  );
  return `${table}${note}${superseded.join('')}`;
}
