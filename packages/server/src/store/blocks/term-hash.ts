/**
 * 32 bits of texts, in their order: FNV-1a over their UTF-16 units with a 0 between texts, then mixed so that every bit
 * depends on all of it. It is stored: it never changes. What shares a hash is told apart where a row is read, so it may be
 * any function of the texts.
 */
export function termHash(...texts: readonly string[]): number {
  let state = 0x811c9dc5;
  for (let place = 0; place < texts.length; place++) {
    const text = texts[place] ?? '';
    if (place > 0) state = Math.imul(state, 0x01000193);
    for (let at = 0; at < text.length; at++) state = Math.imul(state ^ text.charCodeAt(at), 0x01000193);
  }
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return (state ^ (state >>> 16)) >>> 0;
}
