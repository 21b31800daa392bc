import type { AssayOutput } from '@assay/model/assay/operations.ts';
import { oneLine } from '@assay/model/safe-text.ts';
import { Command } from 'commander';
import { severities } from '../domain/severity.ts';
import { nameRun } from './client/name-run.ts';
import { type ClientOptions, withClient, withClientOptions } from './client/with-client.ts';
import { lineWidth, renderTable } from './terminal/table.ts';

type Comparison = AssayOutput<'CompareRuns'>;
type Change = Comparison['changes'][number];

export const diffCommand = (): Command =>
  withClientOptions(new Command('diff'))
    .description('Show which findings appeared or disappeared between two runs, and why')
    .argument('<before>', 'ARN or id of a run')
    .argument('<after>', 'ARN or id of a run')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExit status: 0 no finding came or went, 1 some did, 2 they could not be compared.')
    .action((first: string, second: string, options: ClientOptions & { readonly json?: boolean }) =>
      withClient(options, async (client) => {
        const [before, after] = [await nameRun(client, first), await nameRun(client, second)];
        const comparison = await client.assay('CompareRuns', {
          beforeAssessmentRunArn: before,
          afterAssessmentRunArn: after,
        });
        const { truncated } = comparison;
        const notes = comparison.notes.map(({ assessmentRunArn, caveat }) => ({
          run: assessmentRunArn.slice(-10),
          caveat,
        }));
        const changes = comparison.changes.map(forPrograms);
        const answer = { before, after, ...(notes.length > 0 && { notes }), changes, ...(truncated && { truncated }) };
        const text = notes.map(({ run, caveat }) => `${run}: ${caveat}\n`).join('') + describe(comparison);
        process.stdout.write(options.json ? `${JSON.stringify(answer, undefined, 2)}\n` : text);
        // What was not looked at on one side cannot be told from what did not change.
        process.exitCode = comparison.came + comparison.went > 0 ? 1 : notes.length > 0 ? 2 : 0;
      }),
    );

const forPrograms = ({ agentId, rulesPackageArn, ruleName, ...change }: Change) => ({
  ...change,
  agent: agentId,
  rulesPackage: rulesPackageArn,
  rule: ruleName,
});

const signs = { CAME: '+', WENT: '-' } as const;

function describe({ changes, came, went, truncated }: Comparison): string {
  if (changes.length === 0) return 'No finding came or went.\n';
  const rank = ({ severity }: Change): number => -severities.indexOf(severity);
  const sorted = changes.toSorted(
    (a, b) => (a.change < b.change ? -1 : a.change > b.change ? 1 : 0) || rank(a) - rank(b),
  );
  const table = renderTable(
    [
      { title: '' },
      { title: 'SEVERITY', width: 8 },
      { title: 'RULE', width: 16 },
      { title: 'HOST', width: 14 },
      { title: 'WHY' },
    ],
    sorted.map(({ change, severity, ruleName, hostname, cause }) => [
      signs[change],
      severity,
      oneLine(ruleName),
      oneLine(hostname),
      `${cause.kind.toLowerCase()}: ${oneLine(cause.detail)}`,
    ]),
    lineWidth(process.stdout),
  );
  const kinds = Map.groupBy(changes, ({ cause }) => cause.kind.toLowerCase());
  const counts = [...kinds].map(([kind, found]) => `${kind} ${found.length}`).join(', ');
  return `${table}\n${came} came, ${went} went. Because of: ${counts}.${truncated ? ` Shown are ${changes.length} of them.` : ''}\n`;
}
