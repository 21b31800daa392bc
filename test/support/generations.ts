import type { Advisories } from '../../packages/server/src/domain/advisories.ts';
import type { FeedReference } from '../../packages/server/src/domain/run-knowledge.ts';
import type { AdvisorySource } from '../../packages/server/src/engine/judging/advisory-source.ts';
import type { Snapshot } from '../../packages/server/src/engine/judging/knowledge-source.ts';

/** Advisories about nothing. */
export const emptyAdvisories = (digest: string): Advisories => ({
  digest,
  coverage: () => undefined,
  ecosystems: () => [],
  affected: () => [],
  record: () => undefined,
  advisoriesFor: () => [],
  recordsOf: () => [],
  facts: () => undefined,
  support: () => [],
  gaps: () => [],
});

export interface TestGenerations extends AdvisorySource {
  /** Makes a generation the current one. */
  readonly add: (name: string, advisories: Advisories, feeds?: readonly FeedReference[]) => void;
  readonly remove: (name: string) => void;
  /** Taken and not released. */
  readonly held: () => number;
}

/** Generations that are kept in memory, newest last. */
export function testGenerations(): TestGenerations {
  const all = new Map<string, Omit<Snapshot<'advisories'>, 'release'>>();
  let held = 0;
  const take = (name: string): Snapshot<'advisories'> | undefined => {
    const found = all.get(name);
    if (!found) return undefined;
    held++;
    return { ...found, release: () => void held-- };
  };
  return {
    add: (name, value, feeds = []) =>
      void all.set(name, { name, file: `/nowhere/${name}`, value, digest: value.digest, feeds }),
    remove: (name) => void all.delete(name),
    held: () => held,
    current: () => take([...all.keys()].at(-1) ?? ''),
    named: take,
  };
}
