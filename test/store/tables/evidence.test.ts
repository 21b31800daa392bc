import { expect, test } from 'vitest';
import { openStore, type Store } from '../../../packages/server/src/store/store.ts';
import { askStore } from '../../support/ask-store.ts';
import { closing, temporaryStore } from '../open-temporary.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

async function open(): Promise<{ store: Store; blobs: () => Promise<string[]>; put: typeof put }> {
  const location = await temporaryStore();
  const store = closing(await openStore(location), (opened) => opened.close());
  const put = (scope: number, run: string, agent: string, digest: string, kind = 'kernel'): Promise<void> =>
    store.transaction((tables) =>
      tables.evidence.put(
        scope,
        run,
        { agent, kind, digest, size: 1, telemetry: [], collectedAt: 1, receivedAt: 2 },
        bytes(`content of ${digest}`),
      ),
    );
  const blobs = async (): Promise<string[]> => {
    const [rows = []] = await askStore(location, 'select digest from evidence_blobs order by digest');
    return rows.map(({ digest }) => `${digest}`);
  };
  return { store, blobs, put };
}

test('a document that many hosts and runs have is kept once, and goes with the last of them', async () => {
  const { store, blobs, put } = await open();
  await put(1, 'run 1', 'i-1', 'same');
  await put(1, 'run 1', 'i-2', 'same');
  await put(1, 'run 2', 'i-1', 'same');
  await put(2, 'run 1', 'i-1', 'same');
  await put(1, 'run 1', 'i-1', 'own', 'sshd');
  expect(await blobs()).toEqual(['own', 'same']);
  const drop = (scope: number, run: string) => store.transaction((tables) => tables.evidence.delete(scope, { run }));

  await drop(1, 'run 1');
  expect(await blobs(), 'another run has it, and another account').toEqual(['same']);
  expect(await store.evidence.list(1, 'run 1')).toEqual([]);
  const [kept] = await store.evidence.load(1, 'run 2', 'i-1');
  expect(new TextDecoder().decode(kept?.content)).toBe('content of same');
  await drop(1, 'run 2');
  expect(await blobs(), 'another account still has it').toEqual(['same']);
  await drop(2, 'run 1');
  expect(await blobs()).toEqual([]);
});

test('runs of a template, or of a target, go together with all that only they have', async () => {
  const { store, blobs, put } = await open();
  const run = (id: string, template: string, target: string) => ({
    ...{ id, template, target, name: id, state: 'COMPLETED' as const, duration: 180, rulesPackages: 1 },
    ...{ userAttributes: [], createdAt: 1, startedAt: 1, completedAt: 1, stateChangedAt: 1, dataCollected: true },
    ...{ findingCounts: {}, stateChanges: [], notifications: [], imported: false },
  });
  await store.runs.insertMany(1, [run('a', 'T1', 'X'), run('b', 'T1', 'X'), run('c', 'T2', 'X'), run('d', 'T3', 'Y')]);
  for (const id of ['a', 'b', 'c', 'd']) {
    await put(1, id, 'i-1', `only ${id}`);
    await put(1, id, 'i-2', 'all');
  }
  await put(1, 'a', 'i-3', 'a and b');
  await put(1, 'b', 'i-3', 'a and b');
  await store.transaction((tables) => tables.evidence.delete(1, { template: 'T1' }));
  expect(await blobs()).toEqual(['all', 'only c', 'only d']);
  await store.transaction((tables) => tables.evidence.delete(1, { target: 'X' }));
  expect(await blobs()).toEqual(['all', 'only d']);
  expect((await store.evidence.list(1, 'd')).map(({ agent }) => agent)).toEqual(['i-1', 'i-2']);
});

test('the first document of a kind stays, and one that comes later leaves nothing behind', async () => {
  const { store, blobs, put } = await open();
  await put(1, 'run', 'i-1', 'first');
  await put(1, 'run', 'i-1', 'second');
  expect(await blobs()).toEqual(['first']);
  expect(await store.evidence.load(1, 'run', 'i-1')).toMatchObject([{ digest: 'first' }]);
});
