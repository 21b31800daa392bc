import { randomBytes } from 'node:crypto';
import { followAdvisories } from '../../engine/judging/follow-advisories.ts';
import type { FeedsDirectory } from '../../feeds/feeds-directory.ts';
import { openAdvisorySource } from '../../runtime/advisory-source.ts';
import { contentOf } from '../../runtime/content-source.ts';
import { knowledgeSources } from '../../runtime/knowledge-sources.ts';
import { openStoreOf } from '../../runtime/open-store.ts';
import { report } from '../../runtime/report.ts';
import { dataDirectoryOf, hasStore, type StoreOptions } from '../options/store-options.ts';
import { finishRun } from '../runs/finish-run.ts';

/**
 * Has the last run of every template that asks for it judged by the advisories that there are now, by a server of the
 * store or, where none runs, by this process. Without a store there is nothing to do.
 */
export async function reassessContinuous(
  options: StoreOptions,
  directory: FeedsDirectory,
  log: (line: string) => void,
): Promise<void> {
  if (!hasStore(options)) return;
  const store = await openStoreOf(dataDirectoryOf(options));
  const advisories = openAdvisorySource(directory, report);
  try {
    const deps = { store, advisories, now: Date.now, random: randomBytes };
    for (const { scope, run, before, arn } of await followAdvisories(deps)) {
      log(`The run ${before} is reassessed: ${arn}`);
      const knowledge = knowledgeSources({ advisories, content: contentOf(options), store });
      await finishRun(store, knowledge, { scope, id: run }, log);
    }
  } finally {
    advisories.close();
    await store.close();
  }
}
