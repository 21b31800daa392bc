import type { Attribute } from './rules-package.ts';
import type { Tag } from './tag.ts';

/** An attribute whose value may be left out, as the API lets a user give it. */
export type UserAttribute = { readonly key: Attribute['key']; readonly value?: Attribute['value'] | undefined };

export interface Template {
  readonly id: string;
  readonly target: string;
  readonly name: string;
  /** Seconds. */
  readonly duration: number;
  /** rules_package_sets.id. */
  readonly rulesPackages: number;
  readonly userAttributes: readonly UserAttribute[];
  readonly runCount: number;
  /** The ARN of the newest run. */
  readonly lastRun: string | null;
  readonly tags: readonly Tag[];
  readonly createdAt: number;
}
