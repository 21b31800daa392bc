import { hostItem } from '../../engine/items/host-item.ts';
import { healthTime, UNHEALTHY_AFTER } from '../../engine/runs/agent-health.ts';
import { readPage } from '../page.ts';
import type { AssayOperation } from './operation.ts';
import { assayPage } from './page.ts';

export const listHosts: AssayOperation<'ListHosts', 'store' | 'tokens' | 'ago'> =
  ({ store, tokens, ago }) =>
  async (input, caller) => {
    const { health, hostnamePattern, operatingSystemPattern, tags } = input.filter ?? {};
    const page = assayPage(tokens, 'ListHosts', caller, input);
    const at = healthTime(ago);
    const filter = { hostnamePattern, operatingSystemPattern, tags, health, heardSince: at - UNHEALTHY_AFTER };
    const { rows, nextToken } = await readPage(
      page,
      (after, limit) => store.agents.list(caller.scope, filter, after, limit),
      ({ enrolledAt, id }) => ({ at: enrolledAt, id }),
    );
    return { hosts: rows.map((agent) => hostItem(caller, agent, at)), nextToken };
  };
