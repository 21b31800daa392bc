import { randomBytes } from 'node:crypto';
import { followAdvisories } from '../../engine/judging/follow-advisories.ts';
import type { FeedsDirectory } from '../../feeds/feeds-directory.ts';
import { openAdvisorySource } from '../../runtime/advisory-source.ts';
import { contentOf } from '../../runtime/content-source.ts';
import { knowledgeSources } from '../../runtime/knowledge-sources.ts';
import { openStoreOf } from '../../runtime/open-store.ts';
import { report } from '../../runtime/report.ts';
import { shareKnowledge } from '../../runtime/sharing/share-knowledge.ts';
import { dataDirectoryOf, hasStore, type StoreOptions } from '../options/store-options.ts';
import { finishRun } from '../runs/finish-run.ts';

/**
 * Shares the advisories with the other servers of the store, where there can be some, and has the last run of every
 * template that asks for it judged by them: by a server of the store or, where none runs, by this process. Without a store
 * there is nothing to do.
 */
export async function reassessContinuous(
  options: StoreOptions,
  directory: FeedsDirectory,
  log: (line: string) => void,
): Promise<void> {
  if (!hasStore(options)) return;
  const dataDirectory = dataDirectoryOf(options);
  const store = await openStoreOf(dataDirectory);
  const advisories = openAdvisorySource(directory, report);
  try {
    const sharing = shareKnowledge({ store, directory: dataDirectory, now: Date.now, log, report });
    // Before any run names them: another server may take it up.
    await sharing?.catchUp('advisories');
    const deps = { store, advisories, now: Date.now, random: randomBytes };
    for (const { scope, run, before, arn } of await followAdvisories(deps)) {
      log(`The run ${before} is reassessed: ${arn}`);
      const knowledge = knowledgeSources({ advisories, content: contentOf(options), store, sharing });
      await finishRun(store, knowledge, { scope, id: run }, log);
    }
  } finally {
    advisories.close();
    await store.close();
  }
}
