import { statSync } from 'node:fs';
import { FeedFault } from '../../feeds/feed-fault.ts';
import { feedsDirectory } from '../../feeds/feeds-directory.ts';
import { fixedAdvisorySource, type OpenAdvisorySource, openAdvisorySource } from '../../runtime/advisory-source.ts';
import { CliError } from '../../runtime/cli-error.ts';
import { dataDirectoryPath } from '../../runtime/data-directory.ts';
import { report } from '../../runtime/report.ts';

export interface ScanAdvisoriesOptions {
  /** A folder of feeds, one of their files, or an index. */
  readonly feeds?: string;
  readonly dataDir?: string;
  /** A folder that is thrown away afterwards. */
  readonly temporary: string;
  readonly progress: NodeJS.WriteStream;
}

/**
 * The advisories that one scan is judged by: those that were given, else those of the data directory, which may have none.
 * Throws {@link CliError} where those that were given cannot be used.
 */
export async function scanAdvisories({
  feeds,
  dataDir,
  temporary,
  progress,
}: ScanAdvisoriesOptions): Promise<OpenAdvisorySource> {
  if (feeds === undefined) return openAdvisorySource(feedsDirectory(dataDirectoryPath(dataDir)), report);
  try {
    if (isIndex(feeds)) return fixedAdvisorySource(feeds);
    // Reading feeds takes a lot of code that a scan with an index has no use for.
    const { folderAdvisories } = await import('./folder-advisories.ts');
    return await folderAdvisories(feeds, temporary, progress);
  } catch (error) {
    if (error instanceof FeedFault || (error as NodeJS.ErrnoException).code !== undefined) {
      throw new CliError(`--feeds ${feeds}: ${(error as Error).message}`);
    }
    throw error;
  }
}

const isIndex = (path: string): boolean => /\.sqlite$/.test(path) && statSync(path).isFile();
