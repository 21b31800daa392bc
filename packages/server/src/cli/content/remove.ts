import { Command } from 'commander';
import { removeContent } from '../../content/add-content.ts';
import { type ContentOptions, changingContent, withContentOptions } from './with-content.ts';

export const removeContentCommand = (): Command =>
  withContentOptions(new Command('remove'))
    .description('Delete content; hosts of its systems are no longer judged by it')
    .argument('<name>', 'as content list shows it')
    .action((name: string, options: ContentOptions) =>
      changingContent(options, (directory) => {
        const { digest } = removeContent(directory, name);
        process.stdout.write(
          options.json ? `${JSON.stringify({ name, digest, removed: true })}\n` : `${name} is removed.\n`,
        );
      }),
    );
