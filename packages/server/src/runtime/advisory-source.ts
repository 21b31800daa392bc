import { statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { AdvisorySource } from '../engine/judging/advisory-source.ts';
import type { Snapshot } from '../engine/judging/knowledge-source.ts';
import { FeedFault } from '../feeds/feed-fault.ts';
import { type FeedsDirectory, readCurrent } from '../feeds/feeds-directory.ts';
import { type OpenedAdvisories, openAdvisories } from '../feeds/index/open-advisories.ts';

/** The generations of a data directory, opened as they are asked for and closed when nobody holds them any more. */
export interface OpenAdvisorySource extends AdvisorySource {
  /** Closes what is open, whoever holds it. */
  readonly close: () => void;
}

interface Open {
  readonly name: string;
  readonly advisories: OpenedAdvisories;
  holders: number;
}

/** The advisories below a data directory. What is damaged is reported, once for each time that it changed. */
export function openAdvisorySource(
  directory: FeedsDirectory,
  report: (message: string, error?: unknown) => void,
): OpenAdvisorySource {
  const open = new Map<string, Open>();
  let stamp = '';
  let newest: string | undefined;
  const closeUnused = (): void => {
    for (const { name, advisories, holders } of open.values()) {
      if (holders > 0 || name === newest) continue;
      advisories.close();
      open.delete(name);
    }
  };
  const hold = (name: string): Snapshot<'advisories'> => {
    const file = join(directory.index, name);
    const found = open.get(name) ?? { name, advisories: openAdvisories(file), holders: 0 };
    open.set(name, found);
    found.holders++;
    return {
      name,
      file,
      value: found.advisories,
      digest: found.advisories.digest,
      feeds: found.advisories.feeds,
      release: () => {
        found.holders--;
        closeUnused();
      },
    };
  };
  return {
    current: () => {
      try {
        const now = stampOf(directory.current);
        if (now !== stamp) {
          // Before reading: what cannot be read is reported once, not on every look.
          stamp = now;
          newest = undefined;
          newest = readCurrent(directory).index;
        }
        return newest === undefined ? undefined : hold(newest);
      } catch (error) {
        newest = undefined;
        // A fault says itself all that there is to know, and where in the code it was found is not of it.
        if (error instanceof FeedFault)
          report(`The advisories cannot be read; runs go on without them: ${error.message}`);
        else report('The advisories cannot be read; runs go on without them', error);
        return undefined;
      } finally {
        closeUnused();
      }
    },
    named: (name) => {
      const file = join(directory.index, name);
      if (basename(file) !== name || (!open.has(name) && !statSync(file, { throwIfNoEntry: false }))) return undefined;
      try {
        return hold(name);
      } catch (error) {
        report(`The advisories ${name} cannot be read`, error);
        return undefined;
      }
    },
    close: () => {
      for (const { advisories } of open.values()) advisories.close();
      open.clear();
    },
  };
}

/** As a source, with the feeds that the index was made from. */
export interface FixedAdvisorySource extends OpenAdvisorySource {
  readonly feeds: OpenedAdvisories['feeds'];
}

/** The advisories of one index file and no others. Throws FeedFault where it is none. */
export function fixedAdvisorySource(file: string): FixedAdvisorySource {
  const advisories = openAdvisories(file);
  const name = basename(file);
  const { digest, feeds } = advisories;
  const generation = (): Snapshot<'advisories'> => ({
    name,
    file,
    value: advisories,
    digest,
    feeds,
    release: () => undefined,
  });
  return {
    feeds,
    current: generation,
    named: (wanted) => (wanted === name ? generation() : undefined),
    close: () => advisories.close(),
  };
}

function stampOf(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false, bigint: true });
  return found ? `${found.ino} ${found.mtimeNs} ${found.size}` : '';
}
