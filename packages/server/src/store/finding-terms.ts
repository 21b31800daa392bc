import { termHash } from './blocks/term-hash.ts';
import type { FindingDocument } from './finding-document.ts';
import type { UserAttribute } from './templates.ts';

type Owner = 'system' | 'user';
/** What a finding is found by of its document. */
export type FindingAttributes = Pick<FindingDocument, 'attributes' | 'userAttributes'>;

/** What is asked of one key is in one of so many parts: those with few values stay small. */
export const PARTS = 16;

/**
 * Of an attribute, or of every attribute with its key where there is no value: its part is told by the key alone. It is
 * stored: it never changes.
 */
export function attributeTerm(owner: Owner, { key, value }: UserAttribute): number {
  const ofKey = termHash(owner, key);
  if (value === undefined) return ofKey;
  const ofPair = termHash(owner, key, value);
  return ofPair - (ofPair % PARTS) + (ofKey % PARTS);
}

/** The terms of a finding's attributes, each by its key and with its value, as the store keeps them: 4 bytes each. */
export function packTerms({ attributes, userAttributes }: FindingAttributes): Uint8Array {
  const terms = new Set<number>();
  const add = (owner: Owner, pairs: readonly UserAttribute[]): void => {
    for (const { key, value = '' } of pairs) {
      terms.add(attributeTerm(owner, { key }));
      terms.add(attributeTerm(owner, { key, value }));
    }
  };
  add('system', attributes);
  add('user', userAttributes);
  return new Uint8Array(Uint32Array.from(terms).buffer);
}

/** Whether a finding has every one of the attributes: one that is asked for without a value, with any. */
export function hasAttributes(
  own: FindingAttributes,
  asked: { readonly [Member in keyof FindingAttributes]?: readonly UserAttribute[] | undefined },
): boolean {
  const all = (held: readonly UserAttribute[], wanted: readonly UserAttribute[] = []): boolean =>
    wanted.every(({ key, value }) =>
      held.some((one) => one.key === key && (value === undefined || (one.value ?? '') === value)),
    );
  return all(own.attributes, asked.attributes) && all(own.userAttributes, asked.userAttributes);
}
