import { expect, test } from 'vitest';
import { nextSteps, startAgain } from '../../../packages/server/src/cli/terminal/next-step.ts';

const given = [
  'node',
  'assay',
  'start',
  '--data-dir',
  '/srv/my data',
  '--port=8311',
  '--database-url',
  'postgres://me:secret@db/assay',
];
const place = "--data-dir '/srv/my data' --database-url postgres://me@db/assay";

test.each([
  ['Take it: assay feeds update', "Take it: assay feeds update --data-dir '/srv/my data'"],
  ['Make one: npx assay keys create', `Make one: npx assay keys create ${place}`],
  ['Why: npx assay diff 0-abcdefgh 0-12345678', `Why: npx assay diff 0-abcdefgh 0-12345678 ${place}`],
  ['All of them: npx assay scan --all.', "All of them: npx assay scan --all --data-dir '/srv/my data'."],
  [
    'Run npx assay feeds update. Then start a new run.',
    "Run npx assay feeds update --data-dir '/srv/my data'. Then start a new run.",
  ],
  ['npx assay agent --server X', 'npx assay agent --server X'],
  ['assay feeds import FILE', 'assay feeds import FILE'],
])('%s', (text, said) => expect(nextSteps(text, given)).toBe(said));

test('where all is the default nothing is added', () => {
  const text = 'Get them: npx assay feeds update';
  expect(nextSteps(text, ['node', 'assay', 'scan', '--all'])).toBe(text);
  expect(startAgain(['node', 'assay', 'start'])).toBe('');
  expect(startAgain(given)).toBe(` -- ${place} --port 8311`);
});
