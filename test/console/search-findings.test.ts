import { expect, test } from 'vitest';
import type { CallAssay } from '../../packages/console/src/api.ts';
import { searchWorstFirst } from '../../packages/console/src/data/search-findings.ts';

/** Findings of a server by their severities, which answers with pages as it is asked to. */
function serverOf(found: Readonly<Record<string, readonly string[]>>) {
  const asked: string[] = [];
  const assay = (async (
    _: string,
    input: { filter: { severities: string[] }; maxResults: number; nextToken?: string },
  ) => {
    const [severity = ''] = input.filter.severities;
    asked.push(severity);
    const from = Number(input.nextToken ?? 0);
    const all = found[severity] ?? [];
    const findings = all.slice(from, from + input.maxResults).map((ruleName) => ({ ruleName }));
    const end = from + findings.length;
    return { findings, ...(end < all.length ? { nextToken: String(end) } : {}) };
  }) as unknown as CallAssay;
  return { assay, asked };
}

test.each([1, 2, 3, 10])('in pages of %i the worst come first, each once', async (size) => {
  const { assay } = serverOf({ Low: ['l1'], High: ['h1', 'h2', 'h3'], Undefined: ['u1'], Medium: [] });
  const seen: string[] = [];
  let token: string | undefined;
  do {
    const page = await searchWorstFirst(assay, {}, token, size);
    expect(page.items.length).toBeLessThanOrEqual(size);
    seen.push(...page.items.map(({ ruleName }) => ruleName));
    token = page.nextToken;
  } while (token !== undefined);
  expect(seen).toEqual(['h1', 'h2', 'h3', 'l1', 'u1']);
});

test('severities that are not wanted are not asked for', async () => {
  const { assay, asked } = serverOf({ High: ['h1'], Low: ['l1'] });
  const { items, nextToken } = await searchWorstFirst(assay, { severities: ['Low', 'Medium'] }, undefined, 10);
  expect(items.map(({ ruleName }) => ruleName)).toEqual(['l1']);
  expect(nextToken).toBeUndefined();
  expect(asked).toEqual(['Medium', 'Low']);
});
