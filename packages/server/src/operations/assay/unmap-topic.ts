import { unmapTopic as unmap } from '../../engine/notify/map-topic.ts';
import { noSuchEntity } from './errors.ts';
import type { AssayOperation } from './operation.ts';

export const unmapTopic: AssayOperation<'UnmapTopic', 'store' | 'now' | 'wakeJobs'> =
  ({ store, now, wakeJobs }) =>
  async ({ topicArn }, { scope }) => {
    await store.transaction(async (tables) => {
      const topic = await tables.topics.find(scope, topicArn);
      if (!topic || topic.unmappedAt !== null) {
        throw noSuchEntity('TOPIC_IS_NOT_MAPPED', `The topic ${topicArn} is not mapped`);
      }
      await unmap(tables, scope, topic, now());
    });
    wakeJobs();
    return {};
  };
