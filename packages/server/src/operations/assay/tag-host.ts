import { tagHost as tag } from '../../engine/hosts/tag-host.ts';
import { hostItem } from '../../engine/items/host-item.ts';
import { healthTime } from '../../engine/runs/agent-health.ts';
import { invalidInput } from './errors.ts';
import type { AssayOperation } from './operation.ts';
import { doesNotExist, requireId } from './resources.ts';

/** Of one host, as of one description. */
const MAX_TAGS = 50;

export const tagHost: AssayOperation<'TagHost', 'store' | 'ago'> =
  ({ store, ago }) =>
  async ({ hostArn, fix = [], hide = [], release = [] }, caller) => {
    const id = requireId(caller, 'host', hostArn);
    const keys = [...fix.map(({ key }) => key), ...hide, ...release];
    const twice = keys.find((key, at) => keys.indexOf(key) !== at);
    if (twice !== undefined) throw invalidInput('INVALID_MEMBER', `The tag ${twice} is named twice`);
    const [before] = await store.agents.findMany(caller.scope, [id]);
    const others = before?.fixedTags?.filter(({ key }) => !keys.includes(key)) ?? [];
    if (others.length + fix.length + hide.length > MAX_TAGS) {
      throw invalidInput('INVALID_MEMBER', `At most ${MAX_TAGS} tags of a host can be fixed`);
    }
    const host = await tag(store, caller.scope, id, { fix, hide, release });
    if (!host) throw doesNotExist('host', hostArn);
    return { host: hostItem(caller, host, healthTime(ago)) };
  };
