import { assayArn } from '@assay/model/assay/arn.ts';
import type { Store, Tables } from '../../store/store.ts';
import { type ServerEvent, tellServerEvent } from '../notify/tell-server-event.ts';
import { type Ago, agentHealth, healthTime, UNHEALTHY_AFTER } from '../runs/agent-health.ts';
import { restUpkeep } from './give-up.ts';
import type { JobKind } from './job.ts';
import { SCHEDULING } from './lanes.ts';

/** How often conditions are looked at, in milliseconds. */
const LOOK_EVERY = 10_000;
/** Looks that are further apart are a beginning: hosts have had no time to be heard since. */
const INTERRUPTED = 60_000;
/** Hosts of one transaction. */
const BATCH = 200;

/** Knowledge that grew old: a feed, or SCAP content. */
export interface OldKnowledge {
  readonly name: string;
  /** What it is and how old, as members of the message. */
  readonly detail: Readonly<Record<string, string>>;
}

/** What there is of one kind of knowledge on this server, by name. */
export interface KnowledgeAges {
  readonly event: 'FEED_OLD' | 'CONTENT_OLD';
  /** Undefined where it cannot be read. */
  readonly look: (
    now: number,
  ) => { readonly names: readonly string[]; readonly old: readonly OldKnowledge[] } | undefined;
}

export interface ConditionDeps {
  readonly store: Pick<Store, 'topics' | 'toldConditions' | 'transaction'>;
  readonly now: () => number;
  readonly ago: Ago;
  readonly knowledge: readonly KnowledgeAges[];
  readonly wakeJobs: () => void;
}

/** Tells topics of hosts that fell silent and of knowledge that grew old, each once. */
export function watchConditions(deps: ConditionDeps): JobKind {
  const { store, now, wakeJobs } = deps;
  let since = 0;
  let looked = Number.NEGATIVE_INFINITY;
  return {
    kind: 'conditions',
    lane: SCHEDULING,
    upkeep: true,
    giveUp: restUpkeep,
    run: async (_, stop) => {
      const at = now();
      if (Math.abs(at - looked) > INTERRUPTED) since = at;
      looked = at;
      const told = Map.groupBy(await store.topics.withEvents(), ({ scope }) => scope);
      for (const [scope, topics] of told) {
        if (stop.aborted) break;
        const wanting = (event: ServerEvent['event']) => topics.filter(({ events }) => events.includes(event));
        const forHosts = wanting('HOST_SILENT');
        if (forHosts.length > 0 && at - since >= UNHEALTHY_AFTER) {
          await tellOfHosts(deps, scope, Math.min(...forHosts.map(({ mappedAt }) => mappedAt)), stop);
        }
        for (const kind of deps.knowledge) if (wanting(kind.event).length > 0) await tellOfKnowledge(deps, scope, kind);
      }
      if (told.size > 0) wakeJobs();
      return { done: false, notBefore: at + LOOK_EVERY };
    },
  };
}

/** Hosts that were silent before anyone asked are left out: what falls silent is told, not what is. */
async function tellOfHosts(
  { store, now, ago }: ConditionDeps,
  scope: number,
  askedAt: number,
  stop: AbortSignal,
): Promise<void> {
  const span = { from: askedAt - UNHEALTHY_AFTER, before: healthTime(ago) - UNHEALTHY_AFTER };
  for (let found = BATCH; found === BATCH && !stop.aborted; ) {
    found = await store.transaction(async (tables) => {
      const hosts = await tables.toldConditions.silentHosts(scope, 'HOST_SILENT', span, BATCH);
      if (hosts.length === 0) return 0;
      const name = await tables.scopes.get(scope);
      for (const { id, hostname, status, seenAt } of hosts) {
        const detail = {
          host: assayArn(name, 'host', id),
          agentId: id,
          hostname,
          lastHeardAt: new Date(seenAt).toISOString(),
          reason: agentHealth({ status, seenAt }, now()).detail,
          time: new Date(now()).toISOString(),
        };
        await tellServerEvent(tables, scope, { event: 'HOST_SILENT', about: [id, String(seenAt)], detail }, now());
        await tables.toldConditions.put(scope, { event: 'HOST_SILENT', subject: id }, seenAt);
      }
      return hosts.length;
    });
  }
}

async function tellOfKnowledge({ store, now }: ConditionDeps, scope: number, kind: KnowledgeAges): Promise<void> {
  const { event } = kind;
  const seen = kind.look(now());
  if (!seen) return;
  for (const name of seen.names) {
    const key = { event, subject: name };
    const old = seen.old.find((each) => each.name === name);
    const known = (await store.toldConditions.find(scope, key)) !== undefined;
    if (known === (old !== undefined)) continue;
    await store.transaction(async (tables: Tables) => {
      if (!old) return tables.toldConditions.delete(scope, key);
      // Another server was first.
      if ((await tables.toldConditions.find(scope, key)) !== undefined) return undefined;
      const at = now();
      const detail = { ...old.detail, time: new Date(at).toISOString() };
      await tellServerEvent(tables, scope, { event, about: [name, String(at)], detail }, at);
      return tables.toldConditions.put(scope, key, at);
    });
  }
}
