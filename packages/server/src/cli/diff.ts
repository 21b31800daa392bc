import { oneLine } from '@assay/model/safe-text.ts';
import { Command } from 'commander';
import { severities } from '../domain/severity.ts';
import { type Change, diffRuns } from '../engine/judging/diff-runs.ts';
import { releaseAll } from '../engine/judging/knowledge-source.ts';
import { pictureOf, standingOfPicture } from '../engine/judging/run-picture.ts';
import { feedsDirectory } from '../feeds/feeds-directory.ts';
import { openAdvisorySource } from '../runtime/advisory-source.ts';
import { CliError } from '../runtime/cli-error.ts';
import { dataDirectoryPath } from '../runtime/data-directory.ts';
import { knowledgeSources } from '../runtime/knowledge-sources.ts';
import { report } from '../runtime/report.ts';
import { findRun } from './runs/find-run.ts';
import { type ScopeOptions, withScope, withStore } from './runs/scoped-store.ts';
import { lineWidth, renderTable } from './terminal/table.ts';

export const diffCommand = (): Command =>
  withScope(new Command('diff'))
    .description('Say which findings came or went from one run to another, and why each')
    .argument('<before>', 'ARN or id of a run')
    .argument('<after>', 'ARN or id of a run')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExit status: 0 no finding came or went, 1 some did, 2 they could not be compared.')
    .action((first: string, second: string, options: ScopeOptions & { readonly json?: boolean }) =>
      withStore(options, async (store, given) => {
        const before = await findRun(store, given, first);
        const after = await findRun(store, before.scopeName, second);
        if (before.scope !== after.scope) throw new CliError('The runs are of different accounts or regions.');
        const source = openAdvisorySource(feedsDirectory(dataDirectoryPath(options.dataDir)), report);
        const sources = knowledgeSources({ advisories: source });
        try {
          const pictures = [
            await pictureOf(store, sources, before.scope, before.run),
            await pictureOf(store, sources, after.scope, after.run),
          ] as const;
          const changes = await diffRuns(before.scopeName.region, ...pictures);
          for (const { snapshots } of pictures) releaseAll(snapshots);
          const notes = pictures.flatMap((each) => {
            const standing = standingOfPicture(each);
            return standing === undefined ? [] : [{ run: each.run.id, standing }];
          });
          const answer = { before: before.arn, after: after.arn, ...(notes.length > 0 && { notes }), changes };
          const text = notes.map(({ run, standing }) => `${run}: ${standing}\n`).join('') + describe(changes);
          process.stdout.write(options.json ? `${JSON.stringify(answer, undefined, 2)}\n` : text);
          // What was not looked at on one side cannot be told from what did not change.
          process.exitCode = changes.length > 0 ? 1 : notes.length > 0 ? 2 : 0;
        } finally {
          source.close();
        }
      }),
    );

const signs = { CAME: '+', WENT: '-' } as const;

function describe(changes: readonly Change[]): string {
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
    sorted.map(({ change, severity, rule, hostname, cause }) => [
      signs[change],
      severity,
      oneLine(rule),
      oneLine(hostname),
      `${cause.kind.toLowerCase()}: ${oneLine(cause.detail)}`,
    ]),
    lineWidth(process.stdout),
  );
  const kinds = Map.groupBy(changes, ({ cause }) => cause.kind.toLowerCase());
  const counts = [...kinds].map(([kind, found]) => `${kind} ${found.length}`).join(', ');
  const came = changes.filter(({ change }) => change === 'CAME').length;
  return `${table}\n${came} came, ${changes.length - came} went. Because of: ${counts}.\n`;
}
