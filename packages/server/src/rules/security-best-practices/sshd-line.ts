/** One line of sshd_config, or one -o option, cut as sshd cuts it. */
export interface SshdLine {
  /** Lower case. */
  readonly keyword: string;
  readonly values: readonly string[];
}

/**
 * Cuts a line into its keyword and values: one `=` may stand between them, values may be quoted with either quote, and
 * a `#` at the start of a value ends the line. Undefined for empty lines and comments.
 */
export function sshdLine(line: string): SshdLine | undefined {
  const text = trimmed(line);
  if (text === '' || text.startsWith('#')) return undefined;
  const head = /^(?:"([^"]*)"[ \t\r\n]*|([^ \t\r\n="]+)[ \t\r\n]*=?[ \t\r\n]*)/.exec(text);
  if (!head) return undefined;
  return { keyword: (head[1] ?? head[2] ?? '').toLowerCase(), values: splitValues(text.slice(head[0].length)) };
}

/** By hand: an expression anchored at the end takes quadratic time on long runs of blanks. */
function trimmed(line: string): string {
  let start = 0;
  let end = line.length;
  while (start < end && ' \t\r\n'.includes(line.charAt(start))) start++;
  while (end > start && ' \t\r\n\f'.includes(line.charAt(end - 1))) end--;
  return line.slice(start, end);
}

function splitValues(text: string): string[] {
  const values: string[] = [];
  let at = 0;
  while (at < text.length) {
    const first = text[at];
    if (first === ' ' || first === '\t') {
      at++;
      continue;
    }
    if (first === '#') break;
    const [value, end] = oneValue(text, at);
    values.push(value);
    at = end;
  }
  return values;
}

/** A value from `at`, its quotes and escapes resolved, and where it ends. */
function oneValue(text: string, at: number): [value: string, end: number] {
  let value = '';
  let quoted = '';
  for (; at < text.length; at++) {
    const char = text.charAt(at);
    const next = text.charAt(at + 1);
    if (char === '\\' && (next === '"' || next === "'" || next === '\\' || (quoted === '' && next === ' '))) {
      value += next;
      at++;
    } else if (quoted === '' && (char === ' ' || char === '\t')) {
      break;
    } else if (quoted === '' && (char === '"' || char === "'")) {
      quoted = char;
    } else if (char === quoted) {
      quoted = '';
    } else {
      value += char;
    }
  }
  return [value, at];
}
