import { feedsDirectory } from '../../feeds/feeds-directory.ts';
import { dataDirectoryPath } from '../../runtime/data-directory.ts';
import { hasAdvisories } from '../feeds/has-advisories.ts';

/** Offers to take advisories to the person at the terminal, where there are none; without one, nothing is asked. */
export async function offerAdvisories(dataDir: string | undefined, root: string | undefined): Promise<void> {
  const directory = feedsDirectory(dataDirectoryPath(dataDir));
  if (!process.stdin.isTTY || !process.stdout.isTTY || hasAdvisories(directory)) return;
  // It downloads: a scan that has advisories does not load what that takes.
  const { takeOffered } = await import('./take-offered.ts');
  await takeOffered(directory, root);
}
