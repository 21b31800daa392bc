import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { compatibilityPage } from './support/conformance/compatibility-page.ts';

const page = readFileSync(new URL('../docs/compatibility.md', import.meta.url), 'utf8');

test('docs/compatibility.md says what is built and how many cases it answers; else: npm run compatibility', () => {
  expect(page).toBe(compatibilityPage(page));
});

test('what is generated can go stale: a wrong number, a missing operation and a lost mark are seen', () => {
  expect(compatibilityPage(page.replace(/ answer [\d,]+ /, ' answer 1 '))).toBe(page);
  expect(compatibilityPage(page.replace(/^\| ListTagsForResource .*\n/m, ''))).toContain('| ListTagsForResource |');
  expect(() => compatibilityPage(page.replace('<!-- end', '<!--'))).toThrow('has lost its line');
});
