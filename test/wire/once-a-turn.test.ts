import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { onceATurn } from '../../packages/server/src/wire/once-a-turn.ts';

const counted = () => {
  const asked: string[] = [];
  const lookUp = async (name: string): Promise<string> => {
    asked.push(name);
    return `${name} ${asked.length}`;
  };
  return { asked, find: onceATurn(lookUp) };
};

test('those who ask together get one answer', async () => {
  const { asked, find } = counted();
  expect(await Promise.all([find('a'), find('b'), find('a')])).toEqual(['a 1', 'b 2', 'a 1']);
  expect(asked).toEqual(['a', 'b']);
});

test('whoever asks once it is being looked up has it looked up again', async () => {
  const released = Promise.withResolvers<void>();
  let state = 'valid';
  const find = onceATurn(async () => {
    const seen = state;
    await released.promise;
    return seen;
  });
  const before = find('key');
  await turn();
  state = 'revoked';
  const after = find('key');
  await turn();
  released.resolve();
  expect(await before).toBe('valid');
  expect(await after).toBe('revoked');
});

test('what changes before the look-up is seen by all who asked', async () => {
  let state = 'valid';
  const find = onceATurn(async () => state);
  const answer = find('key');
  state = 'revoked';
  expect(await answer).toBe('revoked');
});

test('a failure is told to all who asked, and not kept', async () => {
  let fails = true;
  const find = onceATurn(async () => {
    if (fails) throw new Error('no store');
    return 'there';
  });
  const both = await Promise.allSettled([find('key'), find('key')]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  fails = false;
  expect(await find('key')).toBe('there');
});
