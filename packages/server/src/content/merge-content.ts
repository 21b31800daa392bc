import { type ContentDirectory, generationIn, readContent, readGeneration, writeContent } from './content-directory.ts';

/**
 * Puts in force the content of here and of another server, whose files are in their places: `text` is its current.json. Of
 * one name, what was added later counts. A rule is left out where either leaves it out: reports name each with who answers
 * for it. Throws {@link ContentFault}.
 */
export function mergeContent(directory: ContentDirectory, text: string): void {
  const here = readContent(directory);
  const generation = generationIn(directory, text);
  const theirs = generation === undefined ? { entries: [], leftOut: [] } : readGeneration(directory, generation);
  const entries = new Map(here.entries.map((entry) => [entry.name, entry]));
  for (const entry of theirs.entries) {
    if ((entries.get(entry.name)?.addedAt ?? 0) <= entry.addedAt) entries.set(entry.name, entry);
  }
  const leftOut = new Map([...here.leftOut, ...theirs.leftOut].map((rule) => [rule.rule, rule]));
  writeContent(directory, { entries: [...entries.values()], leftOut: [...leftOut.values()] });
}
