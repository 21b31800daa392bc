import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { importsOf } from '../imports-of.ts';

/** The test files below `root` that open a store where test-store.ts says, themselves or through what they import. */
export function testsOnPostgres(root: string): string[] {
  const reaches = new Map<string, boolean>();
  const visit = (path: string): boolean => {
    const known = reaches.get(path);
    if (known !== undefined) return known;
    reaches.set(path, path === 'test/support/test-store.ts');
    if (reaches.get(path)) return true;
    const own = importsOf(readFileSync(join(root, path), 'utf8'))
      .filter((specifier) => specifier.startsWith('.'))
      .map((specifier) => join(dirname(path), specifier));
    const found = own.filter((to) => to.startsWith('test/') && to.endsWith('.ts')).some(visit);
    reaches.set(path, found);
    return found;
  };
  return globSync('test/**/*.test.ts', { cwd: root }).filter(visit).sort();
}
