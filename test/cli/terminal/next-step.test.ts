import { expect, test } from 'vitest';
import { everyCommand } from '../../../packages/server/src/cli/every-command.ts';
import { commandTree } from '../../../packages/server/src/cli/help/command-tree.ts';
import {
  commandPlaces,
  nextSteps,
  placeOptions,
  startAgain,
} from '../../../packages/server/src/cli/terminal/next-step.ts';
import { ownCommand } from '../../../packages/server/src/cli/terminal/own-command.ts';

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
  ['Make one: assay keys create', `Make one: assay keys create ${place}`],
  ['Why: assay diff 0-abcdefgh 0-12345678', `Why: assay diff 0-abcdefgh 0-12345678 ${place}`],
  ['All of them: assay scan --all.', "All of them: assay scan --all --data-dir '/srv/my data'."],
  [
    'Run assay feeds update. Then start a new run.',
    "Run assay feeds update --data-dir '/srv/my data'. Then start a new run.",
  ],
  ['assay agent --server X', 'assay agent --server X'],
  ['Then assay feeds import FILE', "Then assay feeds import FILE --data-dir '/srv/my data'"],
  ['assay restore --check FILE says', `assay restore ${place} --check FILE says`],
  ['It was assay restore again', `It was assay restore ${place} again`],
  ['assay ended, and assay hosts there', 'assay ended, and assay hosts there'],
])('%s', (text, said) => expect(nextSteps(text, { given, command: 'assay' })).toBe(said));

test('over the wire the server is repeated', () => {
  const asked = ['node', 'assay', 'runs', '--endpoint', 'https://assay.example', '--profile=ops'];
  expect(nextSteps('assay hosts list', { given: asked, command: 'npx assay' })).toBe(
    'npx assay hosts list --endpoint https://assay.example --profile ops',
  );
});

test('every command is known with the options that it takes', async () => {
  const tree = commandTree(await everyCommand()).filter(({ children, options }) => {
    return children.length === 0 && options.some(({ long }) => placeOptions.includes(long));
  });
  const takes = tree.map(({ path, options }) => [
    path,
    options
      .map(({ long }) => long)
      .filter(isPlace)
      .toSorted(),
  ]);
  const known = Object.entries(commandPlaces).map(([path, options]) => [path, options.toSorted()]);
  expect(Object.fromEntries(known)).toEqual(Object.fromEntries(takes));
});
const isPlace = (long: string): boolean => placeOptions.includes(long);

test.each([
  ['/srv/assay/node_modules/.bin/assay', {}, 'npx assay'],
  ['/srv/assay/packages/server/bin/assay.mjs', {}, 'npx assay'],
  ['/opt/assay/server/assay.mjs', {}, 'node /opt/assay/server/assay.mjs'],
  ['/opt/my assay/assay.mjs', {}, "node '/opt/my assay/assay.mjs'"],
  ['/usr/local/bin/assay', {}, 'assay'],
  ['/opt/assay/server/assay.mjs', { ASSAY_COMMAND: 'podman exec assay assay' }, 'podman exec assay assay'],
])('%s is called %s %s', (program, environment, command) => {
  expect(ownCommand(program, environment)).toBe(command);
});

test('where all is the default nothing is added', () => {
  const text = 'Get them: assay feeds update';
  expect(nextSteps(text, { given: ['node', 'assay', 'scan', '--all'], command: 'assay' })).toBe(text);
  expect(startAgain({ given: ['node', 'assay', 'start'], command: 'npx assay' })).toBe('npm start');
  expect(startAgain({ given, command: 'npx assay' })).toBe(`npm start -- ${place} --port 8311`);
  expect(startAgain({ given, command: 'assay' })).toBe(`assay start ${place} --port 8311`);
});
