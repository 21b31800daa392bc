import { variableMarks } from '../../domain/benchmarks.ts';

const [before, after] = variableMarks;

/**
 * A text with the values that the host's evaluation had in place of the ids of variables. It has little more than `most`
 * characters, whatever the values are.
 */
export function resolveVariables(text: string, values: ReadonlyMap<string, string>, most: number): string {
  const [start = '', ...parts] = text.split(before);
  let resolved = start;
  for (const part of parts) {
    if (resolved.length > most) break;
    const end = part.indexOf(after);
    const id = part.slice(0, end);
    resolved += end < 0 ? part : (values.get(id) ?? `(${id.replace(/^.*_value_/, '')})`) + part.slice(end + 1);
  }
  return resolved;
}
