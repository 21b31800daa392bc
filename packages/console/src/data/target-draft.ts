import { parseTags, type TagPair } from './tags.ts';

/** A target as somebody fills it in. */
export interface TargetDraft {
  readonly name: string;
  /** Every host of the account and region, whatever its tags. */
  readonly every: boolean;
  readonly tags: string;
}

/** What a draft says: undefined tags stand for every host; `problem` is why it cannot be used yet, in words. */
export function readTargetDraft({ name, every, tags }: TargetDraft): {
  readonly name: string;
  readonly tags: readonly TagPair[] | undefined;
  readonly problem: string;
} {
  const parsed = parseTags(tags);
  const missing = !every && parsed.tags.length === 0 ? 'Give at least one tag.' : '';
  const problem = name.trim() === '' ? 'Give the target a name.' : every ? '' : parsed.problem || missing;
  return { name: name.trim(), tags: every ? undefined : parsed.tags, problem };
}
