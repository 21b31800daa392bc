import type { Call } from '../api.ts';
import type { Target } from './describe.ts';
import type { TagPair } from './tags.ts';

/** A tag by which a target chooses hosts; without a value it is any value. */
export interface TargetTag {
  readonly key: string;
  readonly value?: string | undefined;
}

/** A target with the tags by which it chooses hosts; undefined where it covers every host. */
export interface TaggedTarget extends Target {
  readonly tags: readonly TargetTag[] | undefined;
}

/** Adds to targets what their resource groups say. */
export async function withTags(call: Call, targets: readonly Target[]): Promise<TaggedTarget[]> {
  const arns = [...new Set(targets.flatMap(({ resourceGroupArn }) => resourceGroupArn ?? []))];
  const tags = new Map<string, readonly TargetTag[]>();
  for (let from = 0; from < arns.length; from += 10) {
    const { resourceGroups } = await call('DescribeResourceGroups', { resourceGroupArns: arns.slice(from, from + 10) });
    for (const group of resourceGroups) tags.set(group.arn, group.tags);
  }
  return targets.map((target) => ({
    ...target,
    tags: target.resourceGroupArn === undefined ? undefined : (tags.get(target.resourceGroupArn) ?? []),
  }));
}

/** What chooses hosts, as the API takes it: a tag that was typed without a value has any. */
export const asTargetTags = (tags: readonly TagPair[]): { key: string; value?: string }[] =>
  tags.map(({ key, value }) => (value === '' ? { key } : { key, value }));

/** Creates a resource group of the tags, or none for every host, and gives what a target needs of it. */
export async function resourceGroupFor(
  call: Call,
  tags: readonly TagPair[] | undefined,
): Promise<{ resourceGroupArn?: string }> {
  if (tags === undefined) return {};
  return call('CreateResourceGroup', { resourceGroupTags: asTargetTags(tags) });
}
