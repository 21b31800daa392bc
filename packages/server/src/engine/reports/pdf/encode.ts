import { escapeCharacter, visibleText } from '@assay/model/safe-text.ts';

/** What WinAnsi, the encoding of the fonts that every PDF reader has, puts at 0x80 to 0x9F; a space stands for nothing. */
const UPPER = '€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ';
const bytes = new Map<string, string>();
for (let code = 0xa0; code <= 0xff; code++) bytes.set(String.fromCharCode(code), String.fromCharCode(code));
for (const [at, character] of [...UPPER].entries()) {
  if (character !== ' ') bytes.set(character, String.fromCharCode(0x80 + at));
}

/** Every character that the fonts have, with its byte. */
export const winAnsi: ReadonlyMap<string, string> = bytes;

const PLAIN = /^[\x20-\x5b\x5d-\x7e]*$/;
const OTHER = /[^\x20-\x7e\n]/gu;

/**
 * Text as the bytes of WinAnsi, one character a byte, newlines kept. A character that WinAnsi does not have is written as
 * its code point, `\u{1F600}`: visible, and never mistaken for text that says so itself.
 */
export function encode(text: string): string {
  if (PLAIN.test(text)) return text;
  return visibleText(text)
    .replaceAll('\t', '  ')
    .replace(OTHER, (character) => bytes.get(character) ?? escapeCharacter(character));
}
