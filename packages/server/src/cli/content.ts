import { Command } from 'commander';
import { addContentCommand } from './content/add.ts';
import { fetchContentCommand } from './content/fetch.ts';
import { listContentCommand } from './content/list.ts';
import { removeContentCommand } from './content/remove.ts';
import { tailorContentCommand } from './content/tailor.ts';

export const contentCommand = (): Command =>
  new Command('content')
    .description('SCAP content: the benchmarks that hosts are judged by with oscap')
    .addCommand(addContentCommand())
    .addCommand(fetchContentCommand())
    .addCommand(listContentCommand())
    .addCommand(removeContentCommand())
    .addCommand(tailorContentCommand());
