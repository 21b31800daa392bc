import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { type AddedContent, addContent } from '../../content/add-content.ts';
import { CliError } from '../../runtime/cli-error.ts';
import { eraseLine } from '../terminal/guarded-output.ts';
import { contentRow } from './content-row.ts';
import { type ContentOptions, changingContent, withContentOptions } from './with-content.ts';

export const addContentCommand = (): Command =>
  withContentOptions(new Command('add'))
    .description('Add the SCAP data streams in a file; hosts of their systems are judged by them from then on')
    .argument(
      '<file>',
      'a data stream (.xml, .xml.xz), a release of ComplianceAsCode (.zip), or a package (.deb, .rpm)',
    )
    .addHelpText('after', '\nExit status: 0 all data streams with a CIS profile were added, 2 none was.')
    .action((file: string, options: ContentOptions) =>
      changingContent(options, async (directory) => {
        if (!statSync(file, { throwIfNoEntry: false })?.isFile()) throw new CliError(`There is no file ${file}.`);
        const { isTTY } = process.stderr;
        const onFile = (name: string): void => {
          if (isTTY) process.stderr.write(`${eraseLine(process.stderr)}  Reading ${name} …`);
        };
        const added = await addContent(directory, file, { source: resolve(file), now: Date.now(), onFile }).finally(
          () => {
            if (isTTY) process.stderr.write(eraseLine(process.stderr));
          },
        );
        if (options.json) {
          const shown = {
            added: added.added.map((entry) => contentRow(entry, Date.now())),
            leftOut: added.leftOut,
            older: added.older,
          };
          process.stdout.write(`${JSON.stringify(shown)}\n`);
        } else {
          process.stdout.write(describe(added));
        }
        if (added.added.length === 0) process.exitCode = 2;
      }),
    );

function describe({ added, leftOut, older }: AddedContent): string {
  const taken = added.map(({ name, profiles }) => {
    const [first] = profiles;
    const aligned = first ? ` (ComplianceAsCode's profiles aligned with ${first.benchmark} v${first.version})` : '';
    return `${name} is added${aligned}.\n`;
  });
  const left = leftOut.map(({ name, reason }) => `${name} is left out: ${reason}.\n`);
  const replaced = older.map((name) => `${name} is older than what it replaces.\n`);
  return [...taken, ...replaced, ...left].join('');
}
