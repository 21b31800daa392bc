import type { Command } from 'commander';
import { type ContentDirectory, contentDirectory } from '../../content/content-directory.ts';
import { ContentFault } from '../../content/content-fault.ts';
import { CliError } from '../../runtime/cli-error.ts';
import { changeContent } from '../../runtime/content-lock.ts';
import { dataDirectoryPath } from '../../runtime/data-directory.ts';

export interface ContentOptions {
  readonly dataDir?: string;
  readonly json?: boolean;
}

export const withContentOptions = (command: Command): Command =>
  command
    .option('--data-dir <dir>', 'where it is kept, in content/ (default: $ASSAY_DATA_DIR or .assay)')
    .option('--json', 'print JSON');

/** Works on the content of a data directory. Throws {@link CliError} for what is wrong with it. */
export async function withContent<T>(
  options: ContentOptions,
  work: (directory: ContentDirectory) => Promise<T> | T,
): Promise<T> {
  try {
    return await work(contentDirectory(dataDirectoryPath(options.dataDir)));
  } catch (error) {
    if (error instanceof ContentFault)
      throw new CliError(`${error.message[0]?.toUpperCase()}${error.message.slice(1)}.`);
    throw error;
  }
}

/** As {@link withContent}, while nobody else changes it. */
export const changingContent = <T>(
  options: ContentOptions,
  work: (directory: ContentDirectory) => Promise<T> | T,
): Promise<T> => withContent(options, (directory) => changeContent(directory, () => work(directory)));
