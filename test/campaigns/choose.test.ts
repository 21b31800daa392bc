import { globSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { campaigns } from './campaigns.ts';
import { choose, environmentOf } from './choose.ts';

const root = join(import.meta.dirname, '../..');
const campaign = (seconds: number, options = {}) => ({ about: '', options, seconds, files: [], stores: [] });
const some = {
  one: campaign(60, { kills: { about: '', value: 32 } }),
  two: campaign(100),
  three: campaign(30, { 'long-name': { about: '', value: 1 } }),
};

test('nothing named is nothing run', () => expect(choose([], some)).toEqual({ run: [], left: [], environment: {} }));

test('campaigns run in the order that they are named in, with what is given to them', () => {
  const { run, environment } = choose(['three', 'one', '--kills', '100', '--long-name', '7', '--seed', '5'], some);
  expect(run).toEqual(['three', 'one']);
  expect(environment).toEqual({ ASSAY_TEST_KILLS: '100', ASSAY_TEST_LONG_NAME: '7', ASSAY_TEST_SEED: '5' });
  expect(environmentOf(some.one, environment)).toMatchObject({ ASSAY_TEST_KILLS: '100' });
  expect(environmentOf(some.one, {})).toEqual({ ASSAY_TEST_KILLS: '32' });
});

test('a limit of time leaves out what does not end in it', () => {
  expect(choose(['all', '--within', '95'], some)).toMatchObject({ run: ['one', 'three'], left: ['two'] });
  expect(choose(['all', '--within', '0'], some)).toMatchObject({ run: [], left: ['one', 'two', 'three'] });
  expect(choose(['all'], some).left).toEqual([]);
});

test.each([
  ['a name that is none', ['four'], /There is no campaign four; there are one, two, three and all/],
  ['an option of another campaign', ['two', '--kills', '3'], /--kills is not an option of two/],
  ['an option that is none', ['one', '--hits', '3'], /hits/],
  ['a number that is none', ['one', '--kills', 'many'], /--kills is a whole number/],
])('%s is refused', (_, args, message) => expect(() => choose(args, some)).toThrow(message));

test('the files of every campaign are there', () => {
  const files = Object.values(campaigns).flatMap((each) => each.files);
  expect(files.filter((path) => globSync(path, { cwd: root }).length === 0)).toEqual([]);
});
