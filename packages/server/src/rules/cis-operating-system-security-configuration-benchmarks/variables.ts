import { variableMarks } from '../../domain/benchmarks.ts';

const [before, after] = variableMarks;

/** A text with the values that the host's evaluation had in place of the ids of variables. */
export function resolveVariables(
  text: string,
  values: readonly { readonly id: string; readonly value: string }[],
): string {
  return text
    .split(before)
    .map((part, index) => {
      const end = part.indexOf(after);
      if (index === 0 || end < 0) return part;
      const id = part.slice(0, end);
      const value = values.find((each) => each.id === id)?.value ?? `(${id.replace(/^.*_value_/, '')})`;
      return value + part.slice(end + 1);
    })
    .join('');
}
