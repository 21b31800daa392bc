// Over 300 lines: every statement about the hosts of runs, most of them a query each.
import { sql } from 'kysely';
import type { RunState } from '../../domain/run-machine.ts';
import type { Db, Handle } from '../database/dialect.ts';
import { preparedQuery } from '../database/prepared-query.ts';
import { type NewestOfHost, newestOfHosts } from '../lists/newest-of-hosts.ts';
import type { Position } from '../lists/position.ts';
import { ofRuns, type RunSelection } from '../lists/run-selection.ts';
import { dueAfter } from './host-life.ts';

export interface RunAgent {
  readonly run: string;
  readonly agent: string;
  readonly status: 'PENDING' | 'DELIVERED';
  readonly deliveredAt: number | null;
  /** Why the run does without this host, which is PENDING then. */
  readonly excluded: ExclusionReason | null;
  /** The agent as it was when it delivered. */
  readonly agentVersion: string | null;
  readonly privileged: boolean | null;
  /** Collection ended before it had sent everything; what it sent is judged. */
  readonly partial: boolean;
}

/** Two machines use its identity; it was removed; it was silent for so long that it left its targets. */
export type ExclusionReason = 'TWO_MACHINES' | 'REMOVED' | 'FORGOTTEN';

/** As the API has them: the first two are healthy. */
export type AgentCode = 'IDLE' | 'RUNNING' | 'SHUTDOWN' | 'UNHEALTHY';

/** A host of a run, and its agent: `said` and `seenAt` are null where there is none any more. */
export interface HeardRunAgent {
  readonly agent: string;
  readonly status: RunAgent['status'];
  readonly code: AgentCode;
  readonly said: 'IDLE' | 'RUNNING' | 'SHUTDOWN' | null;
  readonly seenAt: number | null;
  readonly contestedAt: number | null;
  readonly contestedBy: string | null;
  readonly visitEvery: number | null;
  readonly excluded: ExclusionReason | null;
  /** 1: see {@link RunAgent}. */
  readonly partial: number | null;
}

export interface RunAgentCounts {
  readonly hosts: number;
  readonly delivered: number;
  readonly partly: number;
  readonly excluded: number;
}

/** A run, and what one of its hosts delivered for it. */
export interface AgentRun {
  readonly id: string;
  readonly target: string;
  readonly template: string;
  readonly name: string;
  readonly state: RunState;
  readonly createdAt: number;
  readonly completedAt: number | null;
  /** rules_package_sets.id */
  readonly rulesPackages: number;
  readonly status: RunAgent['status'];
  /** 1: see {@link RunAgent}. */
  readonly partial: number | null;
  readonly deliveredAt: number | null;
  readonly excluded: ExclusionReason | null;
  readonly agentVersion: string | null;
  readonly privileged: number | null;
}

/** Not a parameter, so that a database knows it when it plans: there is an index of these rows alone. */
const pending = sql.lit('PENDING' as const);

const columns = [
  'run',
  'agent',
  'status',
  'delivered_at as deliveredAt',
  'excluded',
  'agent_version as agentVersion',
  'privileged',
  'partial',
] as const;

const beforeEvaluation: readonly RunState[] = [
  'CREATED',
  'START_DATA_COLLECTION_PENDING',
  'START_DATA_COLLECTION_IN_PROGRESS',
  'COLLECTING_DATA',
  'STOP_DATA_COLLECTION_PENDING',
  'DATA_COLLECTED',
  'START_EVALUATING_RULES_PENDING',
];

/** Hosts of runs, each with its run. */
const withRuns = (db: Db) =>
  db
    .selectFrom('run_agents')
    .innerJoin('runs', (join) =>
      join.onRef('runs.scope', '=', 'run_agents.scope').onRef('runs.id', '=', 'run_agents.run'),
    );

/** Asked by every heartbeat. */
const waitingFor = preparedQuery(
  (db, { scope, agent }: { readonly scope: number; readonly agent: string }) =>
    withRuns(db)
      .select([
        'run_agents.run as run',
        'runs.started_at as startedAt',
        'runs.duration as duration',
        'runs.rules_packages as rulesPackages',
      ])
      .where('run_agents.scope', '=', scope)
      .where('run_agents.agent', '=', agent)
      .where('run_agents.active', '=', 1)
      .where('run_agents.status', '=', 'PENDING')
      .where('run_agents.excluded', 'is', null)
      .where('runs.state', '=', 'COLLECTING_DATA'),
  { whileWriting: true },
);

interface Member {
  readonly scope: number;
  readonly run: string;
  readonly agent: string;
}

/** Asked by every document of evidence. */
const memberOf = preparedQuery(
  (db, { scope, run, agent }: Member) =>
    withRuns(db)
      .select([
        'run_agents.status as status',
        'run_agents.partial as partial',
        'run_agents.excluded as excluded',
        'run_agents.machine as machine',
        'run_agents.boot as boot',
        'runs.state as runState',
        'runs.rules_packages as rulesPackages',
      ])
      .where('run_agents.scope', '=', scope)
      .where('run_agents.run', '=', run)
      .where('run_agents.agent', '=', agent),
  { whileWriting: true },
);

export function createRunAgents(handle: Handle) {
  const { read, write } = handle;
  return {
    /** `excluded`: why the run does without these. */
    insertMany: async (
      scope: number,
      run: string,
      agents: readonly string[],
      excluded: ExclusionReason | null = null,
    ): Promise<void> => {
      for (let from = 0; from < agents.length; from += 1000) {
        const rows = agents.slice(from, from + 1000).map((agent) => ({
          scope,
          run,
          agent,
          active: 1,
          status: 'PENDING' as const,
          delivered_at: null,
          partial: null,
          excluded,
        }));
        await write.insertInto('run_agents').values(rows).execute();
      }
    },
    /** Gives a run the hosts of another as they stood there; it holds none of them. */
    copy: async (scope: number, from: string, to: string): Promise<void> => {
      const names = [
        'agent',
        'status',
        'delivered_at',
        'excluded',
        'machine',
        'boot',
        'agent_version',
        'privileged',
        'partial',
      ] as const;
      await write
        .insertInto('run_agents')
        .columns(['scope', 'run', 'active', ...names])
        .expression((eb) =>
          eb
            .selectFrom('run_agents')
            .select([
              sql<number>`${sql.lit(scope)}`.as('scope'),
              sql<string>`${to}`.as('run'),
              sql<number>`0`.as('active'),
              ...names,
            ])
            .where('scope', '=', scope)
            .where('run', '=', from),
        )
        .execute();
    },
    ofRun: async (scope: number, run: string): Promise<RunAgent[]> => {
      const rows = await read
        .selectFrom('run_agents')
        .select(columns)
        .where('scope', '=', scope)
        .where('run', '=', run)
        .orderBy('agent')
        .execute();
      return rows.map((row) => ({
        ...row,
        privileged: row.privileged === null ? null : row.privileged === 1,
        partial: row.partial === 1,
      }));
    },
    /** How many hosts a run has, and what became of them. `delivered` has those that delivered a part. */
    count: async (scope: number, run: string): Promise<RunAgentCounts> => {
      const row = await read
        .selectFrom('run_agents')
        .select(({ fn, eb }) => [
          fn.countAll<number | string>().as('hosts'),
          fn.count<number | string>(eb.case().when('status', '=', 'DELIVERED').then(1).end()).as('delivered'),
          fn.count<number | string>(eb.case().when('partial', '=', 1).then(1).end()).as('partly'),
          fn.count<number | string>('excluded').as('excluded'),
        ])
        .where('scope', '=', scope)
        .where('run', '=', run)
        .executeTakeFirstOrThrow();
      return {
        hosts: Number(row.hosts),
        delivered: Number(row.delivered),
        partly: Number(row.partly),
        excluded: Number(row.excluded),
      };
    },
    /**
     * A run's hosts in the order of their ids, with what was heard of them: those whose code (as the API names it) is
     * among `codes`. `heardSince`: who is silent since before is unhealthy; null once the run has ended, when all that
     * counts is who delivered.
     */
    page: async (
      scope: number,
      run: string,
      { heardSince, codes }: { readonly heardSince: number | null; readonly codes: readonly AgentCode[] },
      after: string | undefined,
      limit: number,
    ): Promise<HeardRunAgent[]> => {
      const delivered = sql`case when run_agents.status = 'DELIVERED' and run_agents.partial is null
        then 'IDLE' else 'UNHEALTHY' end`;
      const code =
        heardSince === null
          ? sql<AgentCode>`${delivered}`
          : sql<AgentCode>`case when agents.id is null then ${delivered}
              when agents.status = 'SHUTDOWN' then 'SHUTDOWN'
              when ${dueAfter('seen_at')} < ${heardSince} or ${dueAfter('contested_at')} >= ${heardSince} then 'UNHEALTHY'
              when run_agents.excluded is not null then 'UNHEALTHY'
              when run_agents.status = 'PENDING' then 'RUNNING'
              else agents.status end`;
      let query = read
        .selectFrom('run_agents')
        .leftJoin('agents', (join) =>
          join.onRef('agents.id', '=', 'run_agents.agent').onRef('agents.scope', '=', 'run_agents.scope'),
        )
        .select([
          'run_agents.agent as agent',
          'run_agents.status as status',
          'agents.status as said',
          'agents.seen_at as seenAt',
          'agents.contested_at as contestedAt',
          'agents.contested_by as contestedBy',
          'agents.visit_every as visitEvery',
          'run_agents.excluded as excluded',
          'run_agents.partial as partial',
          code.as('code'),
        ])
        .where('run_agents.scope', '=', scope)
        .where('run_agents.run', '=', run)
        .where(code, 'in', codes.length > 0 ? codes : [null]);
      if (after !== undefined) query = query.where('run_agents.agent', '>', after);
      return query.orderBy('run_agents.agent').limit(limit).execute();
    },
    /** Every host that a run which has not ended holds; their number is bounded by the limit of hosts in running assessments. */
    active: async (scope: number): Promise<{ agent: string; run: string }[]> =>
      read
        .selectFrom('run_agents')
        .select(['agent', 'run'])
        .where('scope', '=', scope)
        .where('active', '=', 1)
        .orderBy('agent')
        .execute(),
    /** Runs that collect now and still wait for this agent, with the end of their collection. */
    instructionsFor: (
      scope: number,
      agent: string,
    ): Promise<{ run: string; startedAt: number | null; duration: number; rulesPackages: number }[]> =>
      waitingFor(handle, { scope, agent }),
    /** Every run that collects now. Each has its job, and jobs are few. */
    collectingRuns: async (): Promise<{ scope: number; run: string }[]> =>
      read
        .selectFrom('jobs')
        .innerJoin('runs', (join) => join.onRef('runs.scope', '=', 'jobs.scope').onRef('runs.id', '=', 'jobs.subject'))
        .select(['jobs.scope as scope', 'jobs.subject as run'])
        .where('jobs.kind', '=', 'collect')
        .where('runs.state', '=', 'COLLECTING_DATA')
        .execute(),
    /** The hosts that a run still waits for. */
    pending: async (scope: number, run: string): Promise<string[]> => {
      const rows = await read
        .selectFrom('run_agents')
        .select('agent')
        .where('scope', '=', scope)
        .where('run', '=', run)
        .where('status', '=', pending)
        .where('excluded', 'is', null)
        .execute();
      return rows.map(({ agent }) => agent);
    },
    /** Hosts that a run still waits for and that have sent something. */
    partlyDelivered: async (scope: number, run: string, limit: number): Promise<string[]> => {
      const rows = await read
        .selectFrom('run_agents')
        .select('agent')
        .where('scope', '=', scope)
        .where('run', '=', run)
        .where('status', '=', pending)
        .where('excluded', 'is', null)
        .where((eb) =>
          eb.exists(
            eb
              .selectFrom('evidence')
              .select('evidence.kind')
              .whereRef('evidence.scope', '=', 'run_agents.scope')
              .whereRef('evidence.run', '=', 'run_agents.run')
              .whereRef('evidence.agent', '=', 'run_agents.agent'),
          ),
        )
        .limit(limit)
        .execute();
      return rows.map(({ agent }) => agent);
    },
    /** Whether a run waits for a host that still can deliver: neither shut down, nor silent since before a time. */
    awaitsAny: async (scope: number, run: string, heardSince: number): Promise<boolean> => {
      const row = await awaited(read, scope, run, heardSince).select('agents.id').limit(1).executeTakeFirst();
      return row !== undefined;
    },
    /**
     * When the host that has been silent the longest, of those that a run waits for and that still can deliver, was heard, or
     * has its next visit; undefined where there is none.
     */
    longestSilent: async (scope: number, run: string, heardSince: number): Promise<number | undefined> => {
      const row = await awaited(read, scope, run, heardSince)
        .select((eb) => eb.fn.min<number | null>(dueAfter('seen_at')).as('seenAt'))
        .executeTakeFirst();
      return row?.seenAt ?? undefined;
    },
    /** A host's part in a run, with what its run is at; undefined where it has none. */
    member: async (
      scope: number,
      run: string,
      agent: string,
    ): Promise<
      | {
          status: RunAgent['status'];
          partial: number | null;
          excluded: ExclusionReason | null;
          machine: string | null;
          boot: string | null;
          runState: RunState;
          rulesPackages: number;
        }
      | undefined
    > => (await memberOf(handle, { scope, run, agent }))[0],
    /** The machine and boot that a host's evidence in a run is from. */
    setSource: async (
      scope: number,
      run: string,
      agent: string,
      source: { readonly machine: string | null; readonly boot: string | null },
    ): Promise<void> => {
      await write
        .updateTable('run_agents')
        .set(source)
        .where('scope', '=', scope)
        .where('run', '=', run)
        .where('agent', '=', agent)
        .execute();
    },
    /** Lets the runs that are not being evaluated yet do without a host; which they are. */
    exclude: async (scope: number, agent: string, excluded: ExclusionReason): Promise<string[]> => {
      const rows = await write
        .updateTable('run_agents')
        .set({ excluded, status: 'PENDING', delivered_at: null, partial: null })
        .where('scope', '=', scope)
        .where('agent', '=', agent)
        .where('active', '=', 1)
        .where('excluded', 'is', null)
        .where((eb) =>
          eb.exists(
            eb
              .selectFrom('runs')
              .select('runs.id')
              .whereRef('runs.scope', '=', 'run_agents.scope')
              .whereRef('runs.id', '=', 'run_agents.run')
              .where('runs.state', 'in', beforeEvaluation),
          ),
        )
        .returning('run')
        .execute();
      return rows.map(({ run }) => run);
    },
    /** Of each host, the newest run that has ended, with one of these sets of rules packages, that it delivered for. */
    newestRuns: async (
      scope: number,
      agents: readonly string[],
      sets: readonly number[],
    ): Promise<{ agent: string; run: string; target: string; template: string; createdAt: number }[]> => {
      if (agents.length === 0 || sets.length === 0) return [];
      const ranked = withRuns(read)
        .select([
          'run_agents.agent as agent',
          'runs.id as run',
          'runs.target as target',
          'runs.template as template',
          'runs.created_at as createdAt',
          sql<number>`row_number() over (partition by run_agents.agent order by runs.created_at desc, runs.id desc)`.as(
            'rank',
          ),
        ])
        .where('run_agents.scope', '=', scope)
        .where('run_agents.agent', 'in', agents)
        .where('run_agents.status', '=', 'DELIVERED')
        .where('runs.completed_at', 'is not', null)
        .where('runs.rules_packages', 'in', sets);
      const rows = await read
        .selectFrom(ranked.as('ranked'))
        .select(['agent', 'run', 'target', 'template', 'createdAt'])
        .where('rank', '=', 1)
        .execute();
      return rows;
    },
    /** The runs that a host has a part in, newest first. */
    ofAgent: async (
      scope: number,
      agent: string,
      { ended = false }: { readonly ended?: boolean },
      after: Position | undefined,
      limit: number,
    ): Promise<AgentRun[]> => {
      let query = withRuns(read)
        .select(['runs.id as id', 'runs.target as target', 'runs.template as template', 'runs.name as name'])
        .select(['runs.state as state', 'runs.created_at as createdAt', 'runs.completed_at as completedAt'])
        .select([
          'runs.rules_packages as rulesPackages',
          'run_agents.status as status',
          'run_agents.partial as partial',
        ])
        .select(['run_agents.delivered_at as deliveredAt', 'run_agents.excluded as excluded'])
        .select(['run_agents.agent_version as agentVersion', 'run_agents.privileged as privileged'])
        .where('run_agents.scope', '=', scope)
        .where('run_agents.agent', '=', agent);
      if (ended) query = query.where('runs.completed_at', 'is not', null);
      if (after) query = query.where(sql<boolean>`(runs.created_at, runs.id) < (${after.at}, ${after.id})`);
      return query.orderBy('runs.created_at', 'desc').orderBy('runs.id', 'desc').limit(limit).execute();
    },
    /** See {@link newestOfHosts}. */
    newestOfHosts: (scope: number): Promise<NewestOfHost[]> => newestOfHosts(read, scope),
    /** `as`: what its agent is at that time. */
    setDelivered: async (
      scope: number,
      run: string,
      agent: string,
      now: number,
      as?: { readonly agentVersion: string; readonly privileged: boolean },
      { partial = false }: { readonly partial?: boolean } = {},
    ): Promise<void> => {
      await write
        .updateTable('run_agents')
        .set({
          status: 'DELIVERED',
          delivered_at: now,
          partial: partial ? 1 : null,
          ...(as && { agent_version: as.agentVersion, privileged: as.privileged ? 1 : 0 }),
        })
        .where('scope', '=', scope)
        .where('run', '=', run)
        .where('agent', '=', agent)
        .where('status', '=', 'PENDING')
        .execute();
    },
    /** The run has ended: its hosts are free for another. */
    release: async (scope: number, run: string): Promise<void> => {
      await write
        .updateTable('run_agents')
        .set({ active: 0 })
        .where('scope', '=', scope)
        .where('run', '=', run)
        .where('active', '=', 1)
        .execute();
    },
    delete: async (scope: number, which: RunSelection): Promise<void> => {
      await write
        .deleteFrom('run_agents')
        .where('scope', '=', scope)
        .where(ofRuns('run', scope, which))
        .execute();
    },
  };
}

const awaited = (read: Db, scope: number, run: string, heardSince: number) =>
  read
    .selectFrom('run_agents')
    .innerJoin('agents', 'agents.id', 'run_agents.agent')
    .where('run_agents.scope', '=', scope)
    .where('run_agents.run', '=', run)
    .where('run_agents.status', '=', pending)
    .where('run_agents.excluded', 'is', null)
    .where('agents.status', '<>', 'SHUTDOWN')
    .where(dueAfter('seen_at'), '>=', heardSince);
