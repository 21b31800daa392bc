/**
 * Characters that are not seen, or that turn the text around them (controls, formats such as bidirectional overrides,
 * lone surrogates, odd line ends), and a backslash that would read like the escape of one.
 */
const HIDDEN = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|\\(?=u\{)/gu;

/** A character that cannot be shown as itself, so that nobody takes it for another: `\u{1F600}`. */
export const escapeCharacter = (character: string): string =>
  `\\u{${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()}}`;

/** Text from a host as a reader can trust it: what would be hidden is escaped, everything else stays. */
export const visibleText = (text: string): string => text.replace(HIDDEN, escapeCharacter);
