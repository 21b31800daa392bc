import type { FindingDocument } from '../../domain/finding-document.ts';
import type { UserAttribute } from '../../domain/template.ts';
import { beginHash, extendHash, finishHash } from '../segments/term-hash.ts';

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
  const begun = begunHash(owner, key);
  return value === undefined ? finishHash(begun) : pairTerm(begun, value);
}

function pairTerm(begun: number, value: string): number {
  const ofPair = finishHash(extendHash(begun, value));
  return ofPair - (ofPair % PARTS) + (finishHash(begun) % PARTS);
}

/** Few keys are on nearly all findings. Anybody may make up more of them, so that no more than these are remembered. */
const KEYS = 1000;
const begunHashes = { system: new Map<string, number>(), user: new Map<string, number>() };

function begunHash(owner: Owner, key: string): number {
  const known = begunHashes[owner].get(key);
  if (known !== undefined) return known;
  const begun = beginHash(owner, key);
  if (begunHashes[owner].size >= KEYS) begunHashes[owner].clear();
  begunHashes[owner].set(key, begun);
  return begun;
}

/** The attribute that names a finding's packages, several in one text. */
const PACKAGES = 'package_name';

/** What a finding of a package is found by. */
export const packageTerm = (name: string): number => attributeTerm('system', { key: PACKAGES, value: name });

/** The packages that a finding's attribute of them names; of very many it names the first. */
export const packagesIn = (value: string): string[] => value.split(', ').filter((name) => !/^and \d+ more$/.test(name));

/** Whether a finding is about a package. */
export const isOfPackage = ({ attributes }: Pick<FindingAttributes, 'attributes'>, name: string): boolean =>
  attributes.some(({ key, value = '' }) => key === PACKAGES && (value === name || packagesIn(value).includes(name)));

/**
 * The terms of a finding's attributes, each by its key and with its value, and of each of its packages, as the store keeps
 * them: 4 bytes each.
 */
export function packTerms({ attributes, userAttributes }: FindingAttributes): Uint8Array {
  const terms: number[] = [];
  const add = (owner: Owner, pairs: readonly UserAttribute[]): void => {
    for (const { key, value = '' } of pairs) {
      const begun = begunHash(owner, key);
      const packages = owner === 'system' && key === PACKAGES ? packagesIn(value) : [];
      const values = [value, ...packages].map((each) => pairTerm(begun, each));
      for (const term of [finishHash(begun), ...values]) if (!terms.includes(term)) terms.push(term);
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
