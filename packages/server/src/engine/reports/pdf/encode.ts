import { escapeCharacter, visibleText } from '@assay/model/safe-text.ts';

const PLAIN = /^[\x20-\x5b\x5d-\x7e]*$/;
const OTHER = /[^\x20-\x7e\n]/gu;

/**
 * Text of which every character can be shown, newlines kept. One that is hidden, or that no font `has`, is written as its
 * code point, `\u{1F600}`: visible, and never mistaken for text that says so itself.
 */
export function showable(text: string, has: (codePoint: number) => boolean): string {
  if (PLAIN.test(text)) return text;
  return visibleText(text)
    .replaceAll('\t', '  ')
    .replace(OTHER, (character) => (has(character.codePointAt(0) ?? 0) ? character : escapeCharacter(character)));
}
