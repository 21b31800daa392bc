import { expect, test } from 'vitest';
import { openStore } from '../../../packages/server/src/store/store.ts';
import { agentOf } from '../../support/accuracy/agent-of.ts';
import { closing, temporaryStore } from '../open-temporary.ts';

async function fleet() {
  const store = closing(await openStore(await temporaryStore()), (each) => each.close());
  const [first, second] = [
    await store.scopes.idOf({ account: '123456789012', region: 'us-east-1' }),
    await store.scopes.idOf({ account: '210987654321', region: 'us-east-1' }),
  ];
  const add = (scope: number, id: string, operatingSystem: string): Promise<void> =>
    store.agents.insert(scope, { ...agentOf(id), publicKey: new Uint8Array(44), operatingSystem });
  await add(first, 'i-1', 'Debian GNU/Linux 12 (bookworm)');
  await add(second, 'i-2', 'Debian GNU/Linux 12 (bookworm)');
  await add(first, 'i-3', 'Alpine Linux v3.24');
  await add(first, 'i-4', 'Ubuntu 24.04 LTS');
  await store.agents.change(first, 'i-4', { removedAt: 1 });
  return { agents: store.agents, first, second };
}

test('what all hosts run, each system once, but for hosts that were removed', async () => {
  const { agents } = await fleet();
  expect((await agents.operatingSystems()).toSorted()).toEqual([
    'Alpine Linux v3.24',
    'Debian GNU/Linux 12 (bookworm)',
  ]);
});

test('the hosts of every account, page by page, but for those that were removed', async () => {
  const { agents, first, second } = await fleet();
  expect(await agents.everywhere('', 2)).toEqual([
    { scope: first, id: 'i-1' },
    { scope: second, id: 'i-2' },
  ]);
  expect(await agents.everywhere('i-2', 2)).toEqual([{ scope: first, id: 'i-3' }]);
  expect(await agents.everywhere('i-3', 2)).toEqual([]);
});
