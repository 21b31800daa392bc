import type { Glob } from './glob.ts';
import type { Lookup } from './lookup.ts';
import type { Pattern } from './pattern.ts';

/** A compiled policy document. */
export interface Policy {
  /** Its Id, where it has one. */
  readonly id: string | undefined;
  readonly statements: readonly Statement[];
}

export type Effect = 'Allow' | 'Deny';

export interface Statement {
  readonly sid: string | undefined;
  readonly effect: Effect;
  /** Lower case. `negated` for NotAction. */
  readonly actions: { readonly negated: boolean; readonly globs: readonly Glob[] };
  /** `negated` for NotResource. */
  readonly resources: { readonly negated: boolean; readonly patterns: readonly Pattern[] };
  readonly conditions: readonly Condition[];
}

/**
 * Whether one of the request's values matches one of the policy's: undefined where a policy variable in the policy's
 * value has no value in this request.
 */
export type Matcher = (value: string, lookup: Lookup) => boolean | undefined;

/** One key under one operator. */
export interface Condition {
  /** Lower case. */
  readonly key: string;
  readonly test:
    | { readonly kind: 'presence' /** True: holds when the key is missing. */; readonly missing: readonly boolean[] }
    | {
        readonly kind: 'comparison';
        readonly quantifier: 'plain' | 'ForAllValues' | 'ForAnyValue';
        readonly ifExists: boolean;
        /** Of StringNotEquals and its like: holds when no value of the policy matches. */
        readonly negated: boolean;
        readonly matchers: readonly Matcher[];
      };
}

/** What a policy decides about. */
export interface PolicyRequest {
  /** `inspector:ListFindings`. */
  readonly action: string;
  /** An ARN, or `*` for what is about no resource of its own. */
  readonly resource: string;
  readonly lookup: Lookup;
}
