// Over 300 lines: every statement about agents and their tags, most of them a query each.

import { type RawBuilder, sql } from 'kysely';
import type { Agent } from '../../domain/agent.ts';
import type { HostLife } from '../../domain/host-life.ts';
import type { Tag } from '../../domain/tag.ts';
import type { Handle } from '../database/dialect.ts';
import { preparedQuery } from '../database/prepared-query.ts';
import type { Position } from '../lists/position.ts';
import { decodeLife, dueAfter, encodeLife, type LifeRow } from './host-life.ts';
import type { RunAgent } from './run-agents.ts';

/** That an agent was heard, and when. */
export interface Heard {
  /** scopes.id */
  readonly scope: number;
  readonly agent: string;
  readonly status: Agent['status'];
  readonly seenAt: number;
}

/** What a list of hosts is asked for: every given part must match. */
export interface AgentFilter {
  /** Wildcard patterns: see domain/wildcard.ts. */
  readonly hostnamePattern?: string | undefined;
  readonly operatingSystemPattern?: string | undefined;
  /** Any of them; one without a value matches every value of its key. */
  readonly tags?: readonly Tag[] | undefined;
  readonly health?: 'HEALTHY' | 'UNHEALTHY' | undefined;
  /** A healthy agent was heard since then: milliseconds since the epoch. */
  readonly heardSince: number;
}

/** How many agents one statement notes: few sizes, so that each is prepared once. */
const HEARD_SIZES = [1, 8, 64, 512] as const;

/** Asked for by every request of an agent. */
const findById = preparedQuery(
  (db, { id }: { readonly id: string }) => db.selectFrom('agents').selectAll().where('id', '=', id),
  { whileWriting: true },
);

export function createAgents(handle: Handle) {
  const { read, write, dialect } = handle;
  const writeTags = async (scope: number, agent: Pick<Agent, 'id' | 'tags'>): Promise<void> => {
    await write.deleteFrom('agent_tags').where('scope', '=', scope).where('agent', '=', agent.id).execute();
    if (agent.tags.length === 0) return;
    await write
      .insertInto('agent_tags')
      .values(agent.tags.map(({ key, value }) => ({ scope, agent: agent.id, key, value })))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  };
  return {
    insert: async (scope: number, agent: Agent): Promise<void> => {
      await write
        .insertInto('agents')
        .values({ ...encode(agent), ...encodeLife(agent), scope, id: agent.id, enrolled_at: agent.enrolledAt })
        .execute();
      await writeTags(scope, agent);
    },
    /** With the scope that it belongs to. */
    find: async (id: string): Promise<(Agent & { readonly scope: number }) | undefined> => {
      const [row] = await findById(handle, { id });
      return row && { ...decode(row), scope: row.scope };
    },
    findMany: async (scope: number, ids: readonly string[]): Promise<Agent[]> => {
      if (ids.length === 0) return [];
      const rows = await read
        .selectFrom('agents')
        .selectAll()
        .where('scope', '=', scope)
        .where('id', 'in', ids)
        .execute();
      return rows.map(decode);
    },
    /** Every host of a name, the newest enrolment first; case does not matter. */
    named: async (scope: number, hostname: string): Promise<Agent[]> => {
      const rows = await read
        .selectFrom('agents')
        .selectAll()
        .where('scope', '=', scope)
        .where(sql<boolean>`lower(hostname) = ${hostname.toLowerCase()}`)
        .orderBy('enrolled_at', 'desc')
        .orderBy('id', 'desc')
        .execute();
      return rows.map(decode);
    },
    /** A run's hosts that have, or have not, delivered their evidence. */
    ofRun: async (scope: number, run: string, status: RunAgent['status']): Promise<Agent[]> => {
      const rows = await read
        .selectFrom('run_agents')
        .innerJoin('agents', 'agents.id', 'run_agents.agent')
        .selectAll('agents')
        .where('run_agents.scope', '=', scope)
        .where('run_agents.run', '=', run)
        .where('run_agents.status', '=', status)
        .orderBy('agents.id')
        .execute();
      return rows.map(decode);
    },
    /** Of a scope, the hosts of one machine that were not removed. */
    ofMachine: async (scope: number, machine: string): Promise<Agent[]> => {
      const rows = await read
        .selectFrom('agents')
        .selectAll()
        .where('scope', '=', scope)
        .where('machine', '=', machine)
        .where('removed_at', 'is', null)
        .orderBy('id')
        .execute();
      return rows.map(decode);
    },
    /** Hosts of the whole store whose speaker took over from another since, and when: in milliseconds since the epoch. */
    claimedSince: async (since: number): Promise<{ id: string; claimedAt: number }[]> => {
      const rows = await read
        .selectFrom('agents')
        .select(['id', 'claimed_at'])
        .where('claimed_at', '>=', since)
        .execute();
      return rows.map(({ id, claimed_at }) => ({ id, claimedAt: Number(claimed_at) }));
    },
    /** The host that a key enrolled with a token. */
    enrolledBy: async (token: string, publicKey: Uint8Array): Promise<Agent | undefined> => {
      const rows = await read.selectFrom('agents').selectAll().where('enrolled_with', '=', token).execute();
      return rows.map(decode).find((agent) => Buffer.from(agent.publicKey).equals(publicKey));
    },
    /** Changes what is given of a host's life, and its tags where they are given. */
    change: async (
      scope: number,
      id: string,
      { tags, ...life }: Partial<HostLife> & { readonly tags?: Agent['tags'] },
    ): Promise<void> => {
      const columns = { ...encodeLife(life), ...(tags && { tags: JSON.stringify(tags) }) };
      if (Object.keys(columns).length === 0) return;
      await write.updateTable('agents').set(columns).where('scope', '=', scope).where('id', '=', id).execute();
      if (tags) await writeTags(scope, { id, tags });
    },
    /** A machine that enrolled anew takes its old place: another key, and all that it says of itself. */
    replace: async (scope: number, agent: Agent): Promise<void> => {
      await write
        .updateTable('agents')
        .set({ ...encode(agent), ...encodeLife(agent) })
        .where('scope', '=', scope)
        .where('id', '=', agent.id)
        .execute();
      await writeTags(scope, agent);
    },
    /** Writes what a heartbeat said; tags only where they changed. */
    update: async (scope: number, agent: Agent, tagsChanged: boolean): Promise<void> => {
      await write
        .updateTable('agents')
        .set(encode(agent))
        .where('scope', '=', scope)
        .where('id', '=', agent.id)
        .execute();
      if (tagsChanged) await writeTags(scope, agent);
    },
    touch: async (scope: number, id: string, status: Agent['status'], seenAt: number): Promise<void> => {
      await write
        .updateTable('agents')
        .set({ status, seen_at: seenAt })
        .where('scope', '=', scope)
        .where('id', '=', id)
        .execute();
    },
    /**
     * Notes many agents, those of a scope and status as heard when the first of them was; never as heard earlier than
     * they were already.
     */
    noteHeard: async (heard: readonly Heard[]): Promise<void> => {
      for (const alike of Object.values(Object.groupBy(heard, ({ scope, status }) => `${scope}/${status}`))) {
        for (const some of inSizes(alike ?? [])) {
          const [{ scope, status }] = some;
          const seenAt = Math.min(...some.map((each) => each.seenAt));
          await write
            .updateTable('agents')
            .set({ status, seen_at: seenAt })
            .where('scope', '=', scope)
            .where(
              'id',
              'in',
              some.map(({ agent }) => agent),
            )
            .where('seen_at', '<=', seenAt)
            .execute();
        }
      }
    },
    /**
     * Hosts that carry any of the tags (null: every host), newest enrolment first. A tag without a value matches every
     * value of its key. Without those that were removed; with `heardSince`, without those that left their targets, or will
     * because they have been silent since before then.
     */
    listMatching: async (
      scope: number,
      tags: readonly Tag[] | null,
      after: Position | undefined,
      limit: number,
      { heardSince, forgotten = true }: { readonly heardSince?: number; readonly forgotten?: boolean } = {},
    ): Promise<Agent[]> => {
      let query = read.selectFrom('agents').selectAll().where('scope', '=', scope).where('removed_at', 'is', null);
      if (heardSince !== undefined) query = query.where('seen_at', '>=', heardSince);
      if (!forgotten) query = query.where('forgotten_at', 'is', null);
      if (tags) query = query.where(hasAnyTag(scope, tags));
      if (after) query = query.where((eb) => eb(eb.refTuple('enrolled_at', 'id'), '<', eb.tuple(after.at, after.id)));
      const rows = await query.orderBy('enrolled_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
      return rows.map(decode);
    },
    /** All hosts that were not removed, and those of them that were heard since and are not shut down. */
    count: async (scope: number, heardSince: number): Promise<{ all: number; healthy: number }> => {
      const healthy = sql<number>`case when status <> 'SHUTDOWN' and ${dueAfter('seen_at')} >= ${heardSince} then 1 else 0 end`;
      const row = await read
        .selectFrom('agents')
        .select((eb) => [eb.fn.countAll<number>().as('all'), eb.fn.sum<number | null>(healthy).as('healthy')])
        .where('scope', '=', scope)
        .where('removed_at', 'is', null)
        .executeTakeFirstOrThrow();
      return { all: Number(row.all), healthy: Number(row.healthy ?? 0) };
    },
    /** Hosts of the whole store, or of one scope, in the order of their ids, after one of them. */
    everywhere: async (after: string, limit: number, only?: number): Promise<{ scope: number; id: string }[]> => {
      let query = read
        .selectFrom('agents')
        .select(['scope', 'id'])
        .where('removed_at', 'is', null)
        .where('id', '>', after);
      if (only !== undefined) query = query.where('scope', '=', only);
      const rows = await query.orderBy('id').limit(limit).execute();
      return rows.map(({ scope, id }) => ({ scope: Number(scope), id }));
    },
    /** The ids of hosts that were not removed. */
    enrolled: async (scope: number): Promise<string[]> => {
      const rows = await read
        .selectFrom('agents')
        .select('id')
        .where('scope', '=', scope)
        .where('removed_at', 'is', null)
        .execute();
      return rows.map(({ id }) => id);
    },
    /** What the hosts of the whole store run, each system once, as their agents report it. */
    operatingSystems: async (): Promise<string[]> => {
      const rows = await read
        .selectFrom('agents')
        .select('operating_system')
        .where('removed_at', 'is', null)
        .distinct()
        .orderBy('operating_system')
        .execute();
      return rows.map((row) => row.operating_system);
    },
    /** Hosts that match, newest enrolment first. */
    list: async (
      scope: number,
      { hostnamePattern, operatingSystemPattern, tags, health, heardSince }: AgentFilter,
      after: Position | undefined,
      limit: number,
    ): Promise<Agent[]> => {
      let query = read.selectFrom('agents').selectAll().where('scope', '=', scope).where('removed_at', 'is', null);
      if (hostnamePattern !== undefined) {
        // Host names have no case.
        query = query.where(dialect.matches(sql`lower(hostname)`, hostnamePattern.toLowerCase()));
      }
      if (operatingSystemPattern !== undefined) {
        query = query.where(dialect.matches(sql.ref('operating_system'), operatingSystemPattern));
      }
      if (tags) query = query.where(hasAnyTag(scope, tags));
      if (health === 'HEALTHY') {
        query = query
          .where('status', '!=', 'SHUTDOWN')
          .where(dueAfter('seen_at'), '>=', heardSince)
          .where((eb) => eb.or([eb('contested_at', 'is', null), eb(dueAfter('contested_at'), '<', heardSince)]));
      }
      if (health === 'UNHEALTHY') {
        query = query.where((eb) =>
          eb.or([
            eb('status', '=', 'SHUTDOWN'),
            eb(dueAfter('seen_at'), '<', heardSince),
            eb(dueAfter('contested_at'), '>=', heardSince),
          ]),
        );
      }
      if (after) query = query.where((eb) => eb(eb.refTuple('enrolled_at', 'id'), '<', eb.tuple(after.at, after.id)));
      const rows = await query.orderBy('enrolled_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
      return rows.map(decode);
    },
  };
}

function hasAnyTag(scope: number, tags: readonly Tag[]): RawBuilder<boolean> {
  const any = tags.map(({ key, value }) =>
    value === undefined ? sql`(t.key = ${key})` : sql`(t.key = ${key} and t.value = ${value})`,
  );
  return sql<boolean>`exists (select 1 from agent_tags t
    where t.scope = ${scope} and t.agent = agents.id and (${sql.join(any, sql` or `)}))`;
}

/** In lists of the sizes above, the last filled up by repeating its first. */
function inSizes(heard: readonly Heard[]): [Heard, ...Heard[]][] {
  const lists: [Heard, ...Heard[]][] = [];
  for (let from = 0; from < heard.length; ) {
    const left = heard.length - from;
    const size = HEARD_SIZES.find((each) => each >= left) ?? 512;
    const [first, ...others] = heard.slice(from, from + size);
    if (!first) break;
    lists.push([first, ...others, ...Array<Heard>(size - 1 - others.length).fill(first)]);
    from += size;
  }
  return lists;
}

const encode = (agent: Agent) => ({
  public_key: agent.publicKey,
  hostname: agent.hostname,
  operating_system: agent.operatingSystem,
  kernel_version: agent.kernelVersion,
  agent_version: agent.agentVersion,
  ipv4_address: agent.ipv4Address,
  privileged: agent.privileged ? 1 : 0,
  tags: JSON.stringify(agent.tags),
  status: agent.status,
  seen_at: agent.seenAt,
  collects: agent.collects ? JSON.stringify(agent.collects) : null,
});

const decode = (row: ReturnType<typeof encode> & LifeRow & { id: string; enrolled_at: number }) => ({
  id: row.id,
  publicKey: row.public_key,
  hostname: row.hostname,
  operatingSystem: row.operating_system,
  kernelVersion: row.kernel_version,
  agentVersion: row.agent_version,
  ipv4Address: row.ipv4_address,
  privileged: row.privileged === 1,
  tags: JSON.parse(row.tags) as Agent['tags'],
  status: row.status,
  enrolledAt: row.enrolled_at,
  seenAt: row.seen_at,
  collects: row.collects === null ? null : (JSON.parse(row.collects) as string[]),
  ...decodeLife(row),
});
