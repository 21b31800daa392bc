/** The patterns of a configuration's Include lines, unquoted and in order, and the numbers of those without an end. */
export function includePatterns(content: string): { readonly patterns: string[]; readonly unreadableLines: number[] } {
  const patterns: string[] = [];
  const unreadableLines: number[] = [];
  for (const [index, line] of content.split('\n').entries()) {
    const include = /^[ \t\r\f]*"?include"?(?:[ \t]*=[ \t]*|[ \t]+)(.*)$/i.exec(line);
    if (!include) continue;
    const words = splitWords(include[1] ?? '');
    if (words) patterns.push(...words);
    else unreadableLines.push(index + 1);
  }
  return { patterns, unreadableLines };
}

/** As sshd splits arguments: single and double quotes, `\` before a quote, a space or itself, `#` begins a comment. */
function splitWords(text: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index);
    const next = text.charAt(index + 1);
    if (character === '\\' && next !== '' && (`'"\\`.includes(next) || (quote === '' && next === ' '))) {
      word = (word ?? '') + next;
      index++;
    } else if (quote !== '') {
      if (character === quote) quote = '';
      else word = (word ?? '') + character;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= '';
    } else if (/[ \t\r\f]/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (character === '#' && word === undefined) {
      break;
    } else {
      word = (word ?? '') + character;
    }
  }
  if (word !== undefined) words.push(word);
  return quote === '' ? words : undefined;
}
