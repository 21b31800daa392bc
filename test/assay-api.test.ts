import { readFileSync } from 'node:fs';
import { assayApiModel } from '@assay/model/assay/api-model.ts';
import { assayOperations } from '@assay/model/assay/operations.ts';
import { expect, test } from 'vitest';
import { assayApiPage } from './support/assay-api-page.ts';

const page = readFileSync(new URL('../docs/assay-api.md', import.meta.url), 'utf8');

test('docs/assay-api.md has every operation as the model has it; else: npm run assay-api', () => {
  expect(page).toBe(assayApiPage(page));
  expect(assayApiPage(page.replace(/^\| `ListHosts` .*\n/m, ''))).toBe(page);
});

test('the published model names every shape that it refers to, and nothing else', () => {
  const { operations, shapes } = assayApiModel() as {
    operations: Record<string, unknown>;
    shapes: Record<string, object>;
  };
  expect(Object.keys(operations)).toEqual(Object.keys(assayOperations));
  const referred = [...JSON.stringify({ operations, shapes }).matchAll(/"shape":"([A-Za-z0-9]+)"/g)].map(
    ([, name]) => name,
  );
  expect([...new Set(referred)].sort()).toEqual(Object.keys(shapes).sort());
  expect(Object.values(shapes).filter((shape) => Object.keys(shape).length === 0)).toEqual([]);
  expect(shapes.SecretAccessKey).toEqual({ type: 'string', sensitive: true });
});
