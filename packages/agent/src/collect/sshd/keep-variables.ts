/**
 * An environment file with nothing but the assignments to `names`: other variables may be secret. Lines stay where they
 * are; a line that goes on in the next one is kept or left out with it.
 */
export function keepVariables(text: string, names: ReadonlySet<string>): string {
  let kept = false;
  let continues = false;
  return text
    .split('\n')
    .map((line) => {
      if (!continues) kept = names.has(/^\s*(?:export\s+)?([A-Za-z_]\w*)\+?=/.exec(line)?.[1] ?? '');
      continues = line.endsWith('\\');
      return kept ? line : '';
    })
    .join('\n');
}
