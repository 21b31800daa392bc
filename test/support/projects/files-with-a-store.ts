import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { importsOf } from '../imports-of.ts';

const STORE = 'test/support/test-store.ts';

/** Those of the test files that open a store where test-store.ts says, themselves or through what they import. */
export function filesWithAStore(root: string, files: readonly string[]): string[] {
  const reaches = new Map<string, boolean>();
  const visit = (path: string): boolean => {
    const known = reaches.get(path);
    if (known !== undefined) return known;
    reaches.set(path, path === STORE);
    if (path === STORE) return true;
    const found = importsOf(readFileSync(join(root, path), 'utf8'))
      .filter((specifier) => specifier.startsWith('.'))
      .map((specifier) => join(dirname(path), specifier))
      .filter((to) => to.startsWith('test/') && to.endsWith('.ts'))
      .some(visit);
    reaches.set(path, found);
    return found;
  };
  return files.filter(visit);
}
