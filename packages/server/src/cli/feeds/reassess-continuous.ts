import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { followAdvisories } from '../../engine/follow-advisories.ts';
import type { FeedsDirectory } from '../../feeds/feeds-directory.ts';
import { openStore } from '../../store/store.ts';
import { openAdvisorySource } from '../advisory-source.ts';
import { dataDirectoryPath } from '../data-directory.ts';
import { finishRun } from '../finish-run.ts';
import { report } from '../report.ts';

/**
 * Has the last run of every template that asks for it judged by the advisories that there are now, by the server of the
 * data directory or, where none runs, by this process. Without a store there is nothing to do.
 */
export async function reassessContinuous(
  dataDir: string | undefined,
  directory: FeedsDirectory,
  log: (line: string) => void,
): Promise<void> {
  const file = join(dataDirectoryPath(dataDir), 'assay.db');
  if (!existsSync(file)) return;
  const store = await openStore(file);
  const advisories = openAdvisorySource(directory, report);
  try {
    const deps = { store, advisories, now: Date.now, random: randomBytes };
    for (const { scope, run, before, arn } of await followAdvisories(deps)) {
      log(`The run ${before} is reassessed: ${arn}`);
      await finishRun(store, advisories, { scope, id: run }, log);
    }
  } finally {
    advisories.close();
    await store.close();
  }
}
