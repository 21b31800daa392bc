import { conflict } from './errors.ts';
import type { AssayOperation } from './operation.ts';

/** It takes minutes: ListFeeds says whether it goes on, and how it went. */
export const updateFeeds: AssayOperation<'UpdateFeeds', 'feedsUpdater'> =
  ({ feedsUpdater }) =>
  async () => {
    const outcome = feedsUpdater.start();
    if (outcome === 'UNAVAILABLE')
      throw conflict('This server cannot update its feeds by itself: run assay feeds update');
    return { started: outcome === 'STARTED' };
  };
