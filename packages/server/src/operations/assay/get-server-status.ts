import { UNHEALTHY_AFTER } from '../../engine/runs/agent-health.ts';
import { feedsStatus } from '../../feeds/feeds-status.ts';
import type { AssayOperation } from './operation.ts';

export const getServerStatus: AssayOperation<'GetServerStatus', 'store' | 'feeds' | 'facts' | 'now' | 'ago'> =
  ({ store, feeds: directory, facts, now, ago }) =>
  async (_input, { scope, account }) => {
    const at = now();
    const { digest, feeds } = feedsStatus(directory, at);
    const hosts = await store.agents.count(scope, ago(UNHEALTHY_AFTER));
    const names = (wanted: (feed: (typeof feeds)[number]) => boolean) => feeds.filter(wanted).map(({ name }) => name);
    return {
      account,
      version: facts.version,
      store: facts.store,
      ...(facts.startedAt === undefined ? {} : { startedAt: facts.startedAt / 1000 }),
      time: at / 1000,
      hosts: hosts.all,
      healthyHosts: hosts.healthy,
      runsInProgress: await store.runs.countGoing(scope),
      ...(digest === undefined ? {} : { feedsDigest: digest }),
      oldFeeds: names(({ old }) => old),
      failedFeeds: names(({ error }) => error !== undefined),
    };
  };
