/** One `Name=value` of a unit file, with the section and line that it stands in. */
export interface UnitEntry {
  readonly section: string;
  readonly name: string;
  readonly value: string;
  readonly line: number;
}

/** The entries of a unit file or drop-in: comments gone, lines that end in a backslash joined with the next. */
export function unitEntries(content: string): UnitEntry[] {
  const entries: UnitEntry[] = [];
  let section = '';
  let pending: { text: string; line: number } | undefined;
  for (const [index, raw] of content.split('\n').entries()) {
    const line = raw.replace(/\r$/, '');
    if (/^\s*[#;]/.test(line)) continue;
    const begun: { text: string; line: number } = pending ?? { text: '', line: index + 1 };
    if (line.endsWith('\\')) {
      pending = { text: `${begun.text}${line.slice(0, -1)} `, line: begun.line };
      continue;
    }
    pending = undefined;
    const text = (begun.text + line).trim();
    const heading = /^\[([^\]]*)\]$/.exec(text)?.[1];
    const equals = text.indexOf('=');
    if (heading !== undefined) section = heading;
    else if (equals > 0) {
      entries.push({
        section,
        name: text.slice(0, equals).trim(),
        value: text.slice(equals + 1).trim(),
        line: begun.line,
      });
    }
  }
  return entries;
}

/** Words between blanks; quotes and backslashes as systemd and shells read them. Undefined without a closing quote. */
export function splitWords(text: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '\\' && quote !== "'" && at + 1 < text.length) word = (word ?? '') + text.charAt(++at);
    else if (quote !== '') {
      if (char === quote) quote = '';
      else word = (word ?? '') + char;
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= '';
    } else if (/\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + char;
  }
  if (word !== undefined) words.push(word);
  return quote === '' ? words : undefined;
}
