import { readFileSync, statSync } from 'node:fs';
import { Command } from 'commander';
import { readContent, writeContent } from '../../content/content-directory.ts';
import { ContentFault } from '../../content/content-fault.ts';
import { type Answerable, readTailoring } from '../../content/read-tailoring.ts';
import { CliError } from '../../runtime/cli-error.ts';
import { type ContentOptions, changingContent, withContentOptions } from './with-content.ts';

const MAX_FILE = 4 * 1024 * 1024;

export const tailorContentCommand = (): Command =>
  withContentOptions(new Command('tailor'))
    .description(
      'Leave rules out of every benchmark, with a reason, an author and an expiry; replaces what was left out before',
    )
    .argument(
      '<file>',
      'an XCCDF tailoring file, or a JSON list of {"rule", "reason", "author", "expires"}; [] for none',
    )
    .option('--reason <text>', 'for rules that the file gives no reason for')
    .option('--author <name>', 'who answers for it')
    .option('--expires <date>', 'the last day that they are left out, YYYY-MM-DD')
    .action((file: string, options: ContentOptions & Partial<Answerable>) =>
      changingContent(options, (directory) => {
        const size = statSync(file, { throwIfNoEntry: false })?.size;
        if (size === undefined) throw new CliError(`There is no file ${file}.`);
        if (size > MAX_FILE) throw new CliError(`${file} has more than ${MAX_FILE} bytes.`);
        const { reason, author, expires } = options;
        const given = { ...(reason && { reason }), ...(author && { author }), ...(expires && { expires }) };
        const leftOut = readTailoring(readFileSync(file, 'utf8'), given);
        const { entries } = readContent(directory);
        if (entries.length === 0) throw new ContentFault('there is no content to tailor; add some first');
        const known = new Set(entries.flatMap(({ profiles }) => profiles.flatMap(({ rules }) => rules)));
        const unknown = leftOut.find(({ rule }) => !known.has(rule));
        // A tailoring that silently does nothing is worse than none.
        if (unknown) throw new ContentFault(`no profile of the content has the rule ${unknown.rule}`);
        writeContent(directory, { entries, leftOut });
        const said = `${leftOut.length} ${leftOut.length === 1 ? 'rule is' : 'rules are'} left out. Each run names them.\n`;
        process.stdout.write(options.json ? `${JSON.stringify({ leftOut })}\n` : said);
      }),
    );
