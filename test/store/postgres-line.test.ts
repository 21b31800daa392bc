import { Client } from 'pg';
import { expect, test } from 'vitest';
import { openStore } from '../../packages/server/src/store/store.ts';
import { isUnavailable } from '../../packages/server/src/store/unavailable.ts';
import { closing, temporaryStore } from './open-temporary.ts';

/** What a transaction is told that met another. */
const conflict = (): Error => Object.assign(new Error('could not serialize access'), { code: '40001' });

test('transactions that met another are done one after another, each to its end', async () => {
  const store = closing(await openStore(await temporaryStore()), ({ close }) => close());
  let [begun, inside, most] = [0, 0, 0];
  const answers = await Promise.all(
    Array.from({ length: 12 }, async (_, index) => {
      let attempts = 0;
      return store.transaction(async ({ jobs }) => {
        begun++;
        if (++attempts === 1) throw conflict();
        most = Math.max(most, ++inside);
        await jobs.ask(1, `run ${index}`, 'collect', 1);
        inside--;
        if (attempts === 2) throw conflict();
        return index;
      });
    }),
  );
  expect(answers).toEqual(Array.from({ length: 12 }, (_, index) => index));
  expect([begun, most]).toEqual([36, 1]);
  expect(await store.jobs.claim('all', 2, 3, 100)).toHaveLength(12);
});

test('whoever waits behind one that waited too long is not kept for as long again', async () => {
  const location = await temporaryStore();
  const store = closing(await openStore(location), ({ close }) => close());
  const other = closing(new Client({ connectionString: 'url' in location ? location.url : '' }), (client) =>
    client.end(),
  );
  await other.connect();
  await other.query('begin');
  await other.query('lock table schema_version in exclusive mode');
  // Together longer than a test may take.
  const waiting = Array.from({ length: 40 }, () => {
    let attempts = 0;
    return store.transaction(async () => {
      if (++attempts === 1) throw conflict();
    });
  });
  const outcomes = await Promise.allSettled(waiting);
  expect(outcomes.map((each) => each.status === 'rejected' && isUnavailable(each.reason))).toEqual(
    Array(40).fill(true),
  );
  await other.query('rollback');
  let attempts = 0;
  await store.transaction(async () => {
    if (++attempts === 1) throw conflict();
  });
  expect(attempts).toBe(2);
});
