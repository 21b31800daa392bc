/**
 * Text from elsewhere (hosts, feeds, clients, files), made fit to be shown. Hidden characters are those that are not seen or
 * that turn the text around them: controls, formats such as bidirectional overrides, lone surrogates and odd line ends.
 */
const HIDDEN = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
/** A backslash that would read like the escape of a hidden character. */
const LIKE_ESCAPE = /\\(?=u\{)/g;
/** Hidden characters and line breaks that follow each other. */
const BREAKS = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;
/** Nearly every text there is: nothing in it is hidden or breaks a line. */
const PLAIN = /^[ -~]*$/;
/** All that is hidden, except line breaks of either kind and tabs. */
const NOT_PRINTED = /(?![\n\t]|\r\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
/** What of a text may be such, with the line's end that decides whether it is: most of a text is not, and is passed over soon. */
const SUSPECT = /[^\t\n -~]+\n?/g;

/** A character that cannot be shown as itself, so that nobody takes it for another: `\u{1F600}`. */
export const escapeCharacter = (character: string): string =>
  `\\u{${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()}}`;

/** For a document: what would be hidden is escaped without ambiguity, everything else stays, lines and tabs too. */
export const visibleText = (text: string): string =>
  text.replace(LIKE_ESCAPE, escapeCharacter).replace(HIDDEN, escapeCharacter);

/** For a finding, a log or a cell: one line, without hidden characters, of at most `max` UTF-16 units. */
export function oneLine(text: string, max = 500): string {
  if (text.length <= max && PLAIN.test(text)) return text;
  // What is cut off beyond this cannot come back into the line.
  const line = text
    .slice(0, max * 4)
    .replace(BREAKS, ' ')
    .toWellFormed();
  return line.length <= max ? line : `${line.slice(0, max - 1).toWellFormed()}…`;
}

/**
 * For a terminal: hidden characters as JSON's escapes, `\u202E`, so that a JSON text means what it meant. Line breaks and tabs
 * stay.
 */
export const printableText = (text: string): string =>
  text.replace(SUSPECT, (part) => part.replace(NOT_PRINTED, escapeUnits));

const escapeUnits = (character: string): string =>
  Array.from({ length: character.length }, (_, at) => character.charCodeAt(at))
    .map((unit) => `\\u${unit.toString(16).toUpperCase().padStart(4, '0')}`)
    .join('');
