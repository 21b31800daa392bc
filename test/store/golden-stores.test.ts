/** Stores that earlier versions wrote, as test/fixtures/stores has them, open and answer as they did. */
import { readdirSync, readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { findingLayout } from '../../packages/server/src/store/lists/finding-layout.ts';
import { openStore } from '../../packages/server/src/store/store.ts';
import { checkSegments } from '../support/check-segments.ts';
import { given } from '../support/scenario.ts';
import { closing, temporaryFile } from './open-temporary.ts';

const folder = new URL('../fixtures/stores/', import.meta.url);
const versions = readdirSync(folder).filter((name) => name.endsWith('.sql'));

test('every version that packed rows in its own way has one', () =>
  expect(versions).toEqual(['version-3.sql', 'version-6.sql', 'version-9.sql']));

test.each(versions)('%s keeps its runs, findings and verdicts', async (name) => {
  const file = temporaryFile();
  const old = new DatabaseSync(file);
  old.exec(readFileSync(new URL(name, folder), 'utf8'));
  const before = old.prepare('select id, rule, severity from findings order by id').all();
  old.close();
  expect(before).toHaveLength(5);

  const store = closing(await openStore({ file }), (opened) => opened.close());
  const runs = await store.runs.findMany(
    1,
    (await store.runs.list(1, {}, undefined, 10)).map(({ id }) => id),
  );
  expect(runs.map(({ state }) => state).sort()).toEqual(['COMPLETED', 'START_DATA_COLLECTION_PENDING']);
  const run = given(runs.find(({ state }) => state === 'COMPLETED')).id;

  const findings = (await store.findings.ofRun(1, run)).sort((a, b) => (a.id < b.id ? -1 : 1));
  expect(findings.map(({ id, rule, severity }) => ({ id, rule, severity }))).toEqual(before.map((row) => ({ ...row })));
  for (const { document } of findings) {
    expect(document.title).toMatch(/\w{3}/);
    expect(document.attributes).toContainEqual({ key: 'INSTANCE_ID', value: expect.stringMatching(/^i-/) });
  }
  const instance = given(findings[0]?.document.attributes.find(({ key }) => key === 'INSTANCE_ID'));
  const found = await store.findings.list(1, { attributes: [instance] }, undefined, 10);
  expect(found.map(({ id }) => id).sort()).toEqual(
    findings
      .filter(({ document }) => document.attributes.some(({ value }) => value === instance.value))
      .map(({ id }) => id),
  );

  const evaluations = await store.evaluations.list(1, run);
  expect(new Set(evaluations.map(({ agent }) => agent)).size).toBe(2);
  const outcomes = evaluations.flatMap(({ verdicts }) => verdicts.map(({ outcome }) => outcome));
  expect(outcomes.filter((outcome) => outcome === 'FINDING')).toHaveLength(before.length);
  expect((await store.jobs.due()).has('collect')).toBe(true);

  while ((await store.transaction((tables) => tables.lists.compact(findingLayout.list, 1))) > 0);
  expect(await checkSegments({ file }, findingLayout, 1)).toBe(before.length);
});
