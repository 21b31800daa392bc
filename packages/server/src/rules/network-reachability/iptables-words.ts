/** The words of a line of iptables-save: those in quotes are one, with their backslashes taken off. */
export function wordsOf(line: string): string[] {
  const words: string[] = [];
  for (const [, quoted, bare] of line.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)) {
    words.push(quoted === undefined ? (bare ?? '') : quoted.replace(/\\(.)/g, '$1'));
  }
  return words;
}

/** One option of a rule, with what follows it: `! --dport 22:25` is `--dport`, negated, with one value. */
export interface Option {
  readonly name: string;
  readonly negated: boolean;
  readonly values: readonly string[];
}

export function optionsOf(words: readonly string[]): Option[] {
  const options: { name: string; negated: boolean; values: string[] }[] = [];
  let negated = false;
  for (const word of words) {
    if (word === '!') negated = true;
    else if (/^--?[A-Za-z]/.test(word)) {
      options.push({ name: word, negated, values: [] });
      negated = false;
    } else options.at(-1)?.values.push(word);
  }
  return options;
}
