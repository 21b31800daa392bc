/**
 * What the input of a list asks for, in one spelling: inputs that select the same items give the same value. Empty lists and
 * ranges ask for nothing, and in every list of these inputs order and repetition are of no account.
 */
export function meaningOf(input: unknown): unknown {
  if (Array.isArray(input)) {
    const spelled = new Map(input.map((element) => [JSON.stringify(meaningOf(element)), meaningOf(element)]));
    return [...spelled].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, element]) => element);
  }
  if (typeof input !== 'object' || input === null) return input;
  const members = Object.entries(input)
    .map(([name, value]) => [name, meaningOf(value)] as const)
    .filter(([, value]) => !asksNothing(value))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members);
}

const asksNothing = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0);
