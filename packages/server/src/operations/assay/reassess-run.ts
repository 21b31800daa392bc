import { runArn } from '@assay/model/arn.ts';
import { feedReference } from '../../domain/feed-reference.ts';
import { feedReferenceItem } from '../../engine/items/feed-reference-item.ts';
import { NotReassessable, reassess } from '../../engine/judging/reassess.ts';
import { chooseGeneration, type WantedGeneration } from '../../feeds/choose-generation.ts';
import type { KeptGeneration } from '../../feeds/generations.ts';
import { conflict, noSuchEntity } from './errors.ts';
import type { AssayOperation } from './operation.ts';
import { requireRun } from './require-run.ts';

export const reassessRun: AssayOperation<'ReassessRun', 'store' | 'feeds' | 'creationTime' | 'random' | 'wakeJobs'> =
  ({ store, feeds: directory, creationTime, random, wakeJobs }) =>
  async (input, caller) => {
    const { assessmentRunName: name, advisories = 'CURRENT', advisoriesOfOrBefore: before } = input;
    const run = await requireRun(store, caller, input.assessmentRunArn);
    const wanted: WantedGeneration =
      before !== undefined
        ? { before: Math.floor(before * 1000) }
        : advisories === 'SAME'
          ? { digest: run.knowledge?.advisories?.digest }
          : 'CURRENT';
    const { chosen, kept } = chooseGeneration(directory, wanted);
    if (!chosen) throw noSuchEntity('ADVISORIES_DO_NOT_EXIST', none(run.id, wanted, kept));
    const feeds = chosen.feeds.map(feedReference);
    const asked = {
      advisories: { generation: chosen.name, digest: chosen.digest, feeds },
      createdAt: creationTime(),
      accessKeyId: caller.accessKeyId,
      ...(name === undefined ? {} : { name }),
    };
    try {
      const started = await store.transaction((tables) => reassess(tables, caller, caller.scope, run, asked, random));
      wakeJobs();
      return {
        assessmentRunArn: runArn(caller, started.target, started.template, started.id),
        advisories: {
          ...asked.advisories,
          feeds: feeds.map(feedReferenceItem),
        },
      };
    } catch (error) {
      if (error instanceof NotReassessable) throw conflict(error.message);
      throw error;
    }
  };

/** What is not there, and what is. */
function none(run: string, wanted: WantedGeneration, kept: readonly KeptGeneration[]): string {
  if (kept.length === 0) return 'There are no advisories. Get them: assay feeds update';
  if (wanted === 'CURRENT') return 'No advisories are served. Get them: assay feeds update';
  const what =
    'digest' in wanted
      ? `advisories that ${run} was judged by`
      : `advisories of ${new Date(wanted.before).toISOString().replace('T23:59:59.999Z', '')} or before`;
  const lines = kept.map(
    ({ takenAt, digest }) => `${new Date(takenAt).toISOString().slice(0, 19)}Z (${digest.slice(0, 16)})`,
  );
  return `There are no ${what}. Kept are ${lines.slice(0, 10).join(', ')}`;
}
