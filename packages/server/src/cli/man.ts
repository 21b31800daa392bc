import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeDirectory } from '@assay/agent/make-directory.ts';
import { Command } from 'commander';
import { commandTree } from './help/command-tree.ts';
import { manualPages } from './help/manual-pages.ts';

export const manCommand = (everyCommand: () => Promise<readonly Command[]>): Command =>
  new Command('man')
    .description('Print the manual page of assay, or write the pages of all commands')
    .option('-o, --output <dir>', 'write assay.1 and a page for each command into this directory')
    .addHelpText('after', '\nRead it at once: assay man | man -l -')
    .action(async ({ output }: { readonly output?: string }) => {
      const pages = manualPages(commandTree(await everyCommand()));
      if (output === undefined) {
        process.stdout.write(pages.get('assay.1') ?? '');
        return;
      }
      makeDirectory(output, 0o755);
      for (const [name, text] of pages) writeFileSync(join(output, name), text);
      process.stdout.write(`${pages.size} pages in ${output}\n`);
    });
