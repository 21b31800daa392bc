import { expect, test } from 'vitest';
import { createGroupCommit } from '../../../packages/server/src/engine/agents/group-commit.ts';
import type { Tables, Transaction } from '../../../packages/server/src/store/store.ts';

class Refusal extends Error {}
const deps = {
  isRefusal: (error: unknown): boolean => error instanceof Refusal,
  isUnavailable: () => false,
  gather: () => new Promise<void>((resolve) => setImmediate(resolve)),
};

/** Transactions over a list of words: each ends committed, or with nothing of it kept. */
function words() {
  const kept: string[] = [];
  const sizes: number[] = [];
  const transaction: Transaction = async (work) => {
    const written: string[] = [];
    const value = await work({ write: (word: string) => written.push(word) } as unknown as Tables);
    kept.push(...written);
    sizes.push(written.length);
    return value;
  };
  const write = (tables: Tables, word: string): void =>
    (tables as unknown as { write: (word: string) => void }).write(word);
  return { kept, sizes, transaction, write };
}

test('works that come together share a transaction, in the order they came, and each gets its own answer', async () => {
  const { kept, sizes, transaction, write } = words();
  const commit = createGroupCommit({ ...deps, transaction });
  const names = Array.from({ length: 70 }, (_, at) => `${at}`);
  const answers = await Promise.all(
    names.map((name) =>
      commit(async (tables) => {
        write(tables, name);
        return `answer ${name}`;
      }),
    ),
  );
  expect(answers).toEqual(names.map((name) => `answer ${name}`));
  expect(kept).toEqual(names);
  expect(sizes).toEqual([32, 32, 6]);
});

test('nothing is answered before it is committed', async () => {
  const { kept, transaction, write } = words();
  const commit = createGroupCommit({ ...deps, transaction });
  await commit(async (tables) => write(tables, 'one'));
  expect(kept).toEqual(['one']);
});

test('one that refuses ends alone, and the transaction is not made again for it', async () => {
  const { kept, sizes, transaction, write } = words();
  const commit = createGroupCommit({ ...deps, transaction });
  const refused = commit(() => Promise.reject(new Refusal('no')));
  const taken = commit(async (tables) => write(tables, 'one'));
  await expect(refused).rejects.toThrow('no');
  await taken;
  expect([kept, sizes]).toEqual([['one'], [1]]);
});

test('one that breaks is told so, and what came with it is committed without it', async () => {
  const { kept, transaction, write } = words();
  const commit = createGroupCommit({ ...deps, transaction });
  const works = ['one', 'two', 'three'].map((word) =>
    commit(async (tables) => {
      write(tables, word);
      if (word === 'two') throw new Error('broken');
      return word;
    }),
  );
  const outcomes = await Promise.allSettled(works);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(kept).toEqual(['one', 'three']);
});

test('a store that fails every commit is told to all, and later works are tried again', async () => {
  const { kept, transaction, write } = words();
  let down = true;
  const commit = createGroupCommit({
    ...deps,
    transaction: (work) => (down ? Promise.reject(new Error('down')) : transaction(work)),
  });
  const outcomes = await Promise.allSettled(
    ['one', 'two'].map((word) => commit(async (tables) => write(tables, word))),
  );
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  down = false;
  await commit(async (tables) => write(tables, 'three'));
  expect(kept).toEqual(['three']);
});

test('a store that cannot be had is not asked again for each of those that came together', async () => {
  let asked = 0;
  const transaction: Transaction = () => {
    asked++;
    return Promise.reject(new Error('away'));
  };
  const commit = createGroupCommit({
    ...deps,
    transaction,
    isUnavailable: (error) => (error as Error).message === 'away',
  });
  const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => commit(async () => undefined)));
  expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
  expect(asked).toBe(1);
});
