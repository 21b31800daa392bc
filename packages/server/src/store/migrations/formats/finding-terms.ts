/** The terms of a finding as migrations 4 and 7 write them: 4 bytes each. Frozen: see docs/add-an-operation.md. */

/** A finding's JSON document as versions 1 to 6 stored it. */
export interface FindingDocument {
  readonly description?: string;
  readonly attributes: readonly Pair[];
  readonly userAttributes: readonly Pair[];
}

export interface Pair {
  readonly key: string;
  readonly value?: string;
}

const PRIME = 0x01000193;
const PARTS = 16;

export function packTerms({ attributes, userAttributes }: FindingDocument): Uint8Array {
  const terms = new Set<number>();
  for (const [owner, pairs] of [
    ['system', attributes],
    ['user', userAttributes],
  ] as const) {
    for (const { key, value = '' } of pairs) {
      // FNV-1a over UTF-16 units, with a 0 between texts.
      const begun = hash(Math.imul(hash(0x811c9dc5, owner), PRIME), key);
      const ofKey = mix(begun);
      const ofPair = mix(hash(Math.imul(begun, PRIME), value));
      terms.add(ofKey).add(ofPair - (ofPair % PARTS) + (ofKey % PARTS));
    }
  }
  return new Uint8Array(Uint32Array.from(terms).buffer);
}

function hash(before: number, text: string): number {
  let state = before;
  for (let at = 0; at < text.length; at++) state = Math.imul(state ^ text.charCodeAt(at), PRIME);
  return state;
}

function mix(state: number): number {
  let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
