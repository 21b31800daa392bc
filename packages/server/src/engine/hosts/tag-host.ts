import type { Agent } from '../../domain/agent.ts';
import type { FixedTag } from '../../domain/host-life.ts';
import { effectiveTags } from '../../domain/host-tags.ts';
import type { Store } from '../../store/store.ts';

export interface TagChange {
  /** Tags that count from now on, whatever the host says of these keys. */
  readonly fix?: Agent['tags'];
  /** Keys that the host has no tag of from now on, whatever it says. */
  readonly hide?: readonly string[];
  /** Keys that the host decides on again. */
  readonly release?: readonly string[];
}

/** Fixes tags of a host, and gives it as it is then; undefined where there is none. What an operator fixed wins over what the host says. */
export const tagHost = (
  { transaction }: Pick<Store, 'transaction'>,
  scope: number,
  id: string,
  { fix = [], hide = [], release = [] }: TagChange,
): Promise<Agent | undefined> =>
  transaction(async (tables) => {
    const [agent] = await tables.agents.findMany(scope, [id]);
    if (!agent || agent.removedAt != null) return undefined;
    const own = agent.saidTags ?? agent.tags;
    const fixed = new Map((agent.fixedTags ?? []).map(({ key, value }) => [key, value]));
    for (const key of release) fixed.delete(key);
    for (const { key, value } of fix) fixed.set(key, value);
    for (const key of hide) fixed.set(key, null);
    const fixedTags: FixedTag[] = [...fixed].map(([key, value]) => ({ key, value }));
    const tags = effectiveTags(own, fixedTags);
    await tables.agents.change(scope, id, { saidTags: own, fixedTags, tags });
    return { ...agent, saidTags: own, fixedTags, tags };
  });
