import { expect, test } from 'vitest';
import { parseTags, shellWord, tagsText } from '../../packages/console/src/data/tags.ts';

test.each<[string, { key: string; value: string }[]]>([
  ['', []],
  ['env=prod', [{ key: 'env', value: 'prod' }]],
  [
    ' env = prod , role=web,\nrole=web',
    [
      { key: 'env', value: 'prod' },
      { key: 'role', value: 'web' },
    ],
  ],
  ['flag', [{ key: 'flag', value: '' }]],
  ['url=http://x?a=b', [{ key: 'url', value: 'http://x?a=b' }]],
])('%j is read', (text, tags) => {
  expect(parseTags(text)).toEqual({ tags, problem: '' });
  expect(parseTags(tagsText(tags)).tags).toEqual(tags);
});

test.each(['=x', 'a=1,=2', `${'k'.repeat(129)}=v`, Array.from({ length: 11 }, (_, at) => `k${at}=v`).join()])(
  '%j is refused in words',
  (text) => expect(parseTags(text).problem).not.toBe(''),
);

test('a word of a shell is one', () => {
  expect(shellWord('abc-_9=')).toBe('abc-_9=');
  expect(shellWord("it's $HOME")).toBe(`'it'\\''s $HOME'`);
  expect(shellWord('')).toBe("''");
});
