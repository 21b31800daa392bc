import { expect, test } from 'vitest';
import { hrefOf, parseRoute } from '../../packages/console/src/app/route.ts';

const run = 'arn:aws:inspector:us-east-1:123456789012:target/0-abcdefgh/template/0-abcdefgh/run/0-abcdefgh';

test.each<[readonly string[], Record<string, string>]>([
  [[], {}],
  [['runs'], { state: 'FAILED' }],
  [['runs', run], { tab: 'not-assessed' }],
  [['findings', 'Disable root login over SSH'], {}],
  [['findings', 'a/b?c#d%25&<b>"'], { name: '100 % & more' }],
  [['hosts', '日本語'], {}],
])('%j is found again', (path, query) => {
  const route = parseRoute(hrefOf(path, query));
  expect(route.path).toEqual(path);
  expect(Object.fromEntries(route.query)).toEqual(query);
});

test('what has no value is not in the address', () => {
  expect(hrefOf(['runs'], { state: undefined, name: '' })).toBe('#/runs');
});

test.each(['', '#', '#/', '#//', '?x'])('%j is the first page', (hash) => {
  expect(parseRoute(hash).path).toEqual(hash === '?x' ? [] : []);
});

test('escapes that are none are taken as they are', () => {
  expect(parseRoute('#/findings/%zz').path).toEqual(['findings', '%zz']);
});
