import { readPage } from '../page.ts';
import type { AssayOperation } from './operation.ts';
import { assayPage } from './page.ts';
import { topicItem } from './topic-item.ts';

export const listTopics: AssayOperation<'ListTopics', 'store' | 'tokens' | 'secrets'> =
  ({ store, tokens, secrets }) =>
  async (input, caller) => {
    const { rows, nextToken } = await readPage(
      assayPage(tokens, 'ListTopics', caller, input),
      (after, limit) => store.topics.list(caller.scope, after, limit),
      ({ mappedAt, arn }) => ({ at: mappedAt, id: arn }),
    );
    const waiting = await store.outbox.waiting(caller.scope);
    const topics = rows.map((topic) => topicItem(secrets, caller.scope, topic, waiting.get(topic.arn) ?? 0));
    return { topics, nextToken };
  };
