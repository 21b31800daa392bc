import { blankSource } from './blank-source.ts';

/** What a module imports, re-exports or names in a type, in the order of the text: `./x.ts`, `node:fs`, `kysely`. */
export function importsOf(text: string): string[] {
  const code = blankSource(text);
  const statements =
    /\b(?:import|export)\b[^'"`;]*?\bfrom\s*(['"])( *)\1|\bimport\s*(['"])( *)\3|\bimport\s*\(\s*(['"`])( *)\5/dg;
  return [...code.matchAll(statements)].flatMap(({ indices }) => {
    const [from, to] = indices?.[2] ?? indices?.[4] ?? indices?.[6] ?? [0, 0];
    return [text.slice(from, to)];
  });
}
