/** Files that the documentation names are there, under the name that it gives. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const pages = globSync(['*.md', 'docs/**/*.md'], { cwd: root }).sort();
const sources = globSync('{bench,docs,packages,scripts,test}/**/*.{ts,tsx,mjs,md,json,css,html}', {
  cwd: root,
  exclude: (path) => /node_modules|\/dist$/.test(String(path)),
});
const files = [...sources, ...globSync(['*.*', '.ci/*'], { cwd: root })].map((path) => `/${path}`);

/** `test/wire/a.test.ts`, `wire/a.ts` and `a.ts`, but no pattern and no placeholder. */
const named = (text: string): string[] =>
  [...text.matchAll(/`([\w./-]+\.(?:ts|tsx|mjs|md))`/g)]
    .map(([, path = '']) => path)
    .filter((path) => !isExample(path));

/** Files of a user, and names that stand for any. */
const isExample = (path: string): boolean => /^(?:\.?\/|~)|NAME|YYYY/.test(path);

/** A decision names the files of its day. */
const isHistory = (page: string): boolean => page.startsWith('docs/decisions/');

/** Links within the repository, without their anchors. */
const linked = (text: string): string[] =>
  [...text.matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)].map(([, path = '']) => path);

test.each(pages)('%s', (page) => {
  const text = readFileSync(join(root, page), 'utf8');
  const absent = [
    ...(isHistory(page) ? [] : named(text)).filter((path) => !files.some((file) => file.endsWith(`/${path}`))),
    ...linked(text).filter((path) => !existsSync(join(root, dirname(page), path))),
  ];
  expect(absent).toEqual([]);
});

test('what is looked for is found', () => {
  expect(named('see `a/b.ts`, `c.test.ts` and `NAME.ts`, not `x.*.ts`')).toEqual(['a/b.ts', 'c.test.ts']);
  expect(linked('[a](b.md#c) [d](https://e.org/f.md) [g](../h)')).toEqual(['b.md', '../h']);
  expect(pages.length).toBeGreaterThan(10);
});
