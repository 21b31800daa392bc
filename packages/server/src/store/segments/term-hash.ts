/**
 * 32 bits of texts, in their order: FNV-1a over their UTF-16 units with a 0 between texts, then mixed so that every bit
 * depends on all of it. It is stored: it never changes. What shares a hash is told apart where a row is read, so it may be
 * any function of the texts.
 */
export const termHash = (...texts: readonly string[]): number => finishHash(beginHash(...texts));

/** The state of {@link termHash} after its first texts, for whoever hashes many that begin alike. */
export function beginHash(...texts: readonly string[]): number {
  let state = 0x811c9dc5;
  for (let place = 0; place < texts.length; place++) {
    const text = texts[place] ?? '';
    state = place === 0 ? add(state, text) : extendHash(state, text);
  }
  return state;
}

/** The state after one text more. */
export const extendHash = (state: number, text: string): number => add(Math.imul(state, PRIME), text);

export function finishHash(state: number): number {
  let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

const PRIME = 0x01000193;

function add(before: number, text: string): number {
  let state = before;
  for (let at = 0; at < text.length; at++) state = Math.imul(state ^ text.charCodeAt(at), PRIME);
  return state;
}
