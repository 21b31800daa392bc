import { removeHost as remove } from '../../engine/hosts/remove-host.ts';
import { hostItem } from '../../engine/items/host-item.ts';
import type { AssayOperation } from './operation.ts';
import { doesNotExist, requireId } from './resources.ts';

export const removeHost: AssayOperation<'RemoveHost', 'store' | 'now' | 'wakeJobs'> =
  ({ store, now, wakeJobs }) =>
  async ({ hostArn }, caller) => {
    const id = requireId(caller, 'host', hostArn);
    const at = now();
    const removed = await remove(store, caller.scope, id, at);
    const [host] = await store.agents.findMany(caller.scope, [id]);
    if (!host) throw doesNotExist('host', hostArn);
    if (removed) wakeJobs();
    return { host: hostItem(caller, host, at), removedBefore: !removed };
  };
