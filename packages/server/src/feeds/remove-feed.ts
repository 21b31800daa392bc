import { type FeedsDirectory, makeFeedsDirectory, readCurrent } from './feeds-directory.ts';
import { makeCurrent } from './make-current.ts';

/** Serves the feeds without one of them. false where there was nothing of it. */
export async function removeFeed(directory: FeedsDirectory, name: string): Promise<boolean> {
  makeFeedsDirectory(directory);
  const before = readCurrent(directory);
  const rest = before.feeds.filter((feed) => feed.name !== name);
  if (rest.length === before.feeds.length) return false;
  await makeCurrent(directory, before, rest);
  return true;
}
