/**
 * TypeScript source with everything that is no code blanked out, character for character: comments, and what stands
 * between quotes. The quotes stay, and so does the code inside of `${…}`. Line breaks stay where they are.
 */
export function blankSource(text: string): string {
  const out = [...Array(text.length).keys()].map((at) => text.charAt(at));
  const blank = (from: number, to: number): void => {
    for (let at = from; at < Math.min(to, text.length); at++) if (out[at] !== '\n') out[at] = ' ';
  };
  /** Depth of braces of each template expression that is open. */
  const templates: number[] = [];
  let depth = 0;
  let at = 0;
  const template = (from: number): number => {
    let end = from;
    while (end < text.length && text[end] !== '`' && !text.startsWith('${', end)) end += text[end] === '\\' ? 2 : 1;
    blank(from, end);
    if (text[end] === '`') return end + 1;
    templates.push(depth);
    return end + 2;
  };
  while (at < text.length) {
    const character = text[at];
    if (text.startsWith('//', at) || text.startsWith('/*', at)) {
      const close = text[at + 1] === '/' ? text.indexOf('\n', at) : text.indexOf('*/', at + 2) + 2;
      const end = close < at + 2 ? text.length : close;
      blank(at, end);
      at = end;
    } else if (character === "'" || character === '"') {
      let end = at + 1;
      while (end < text.length && text[end] !== character && text[end] !== '\n') end += text[end] === '\\' ? 2 : 1;
      blank(at + 1, end);
      at = end + 1;
    } else if (character === '`') {
      at = template(at + 1);
    } else if (character === '}' && templates.at(-1) === depth) {
      templates.pop();
      at = template(at + 1);
    } else if (character === '/' && startsRegExp(out, at)) {
      const end = at + (/^\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*/.exec(text.slice(at))?.[0].length ?? 1);
      blank(at + 1, end);
      at = end;
    } else {
      if (character === '{') depth++;
      if (character === '}') depth--;
      at++;
    }
  }
  return out.join('');
}

/** A slash divides after a value, and begins a regular expression after everything else. */
function startsRegExp(blanked: readonly string[], at: number): boolean {
  const before = blanked
    .slice(Math.max(0, at - 40), at)
    .join('')
    .trimEnd();
  return /(?:^|[(,=:[!&|?{};+\-*%<>~^]|\b(?:return|case|typeof|in|of|await|yield|else|void|delete))$/.test(before);
}
