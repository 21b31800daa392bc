/**
 * 32 bits of a text: FNV-1a over its UTF-16 units, then mixed so that every bit depends on all of it. It is stored: it
 * never changes. Texts that share a hash are told apart where a row is read, so it may be any function of the text.
 */
export function termHash(text: string): number {
  let state = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) state = Math.imul(state ^ text.charCodeAt(at), 0x01000193);
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return (state ^ (state >>> 16)) >>> 0;
}
