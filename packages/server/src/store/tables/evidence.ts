// Over 300 lines: every statement about the two tables of evidence, most of them a query each.
import { sql } from 'kysely';
import type { TelemetryMessages } from '../../domain/telemetry.ts';
import type { Handle } from '../database/dialect.ts';
import { preparedQuery, reusedStatement } from '../database/prepared-query.ts';
import { ofRuns, type RunSelection } from '../lists/run-selection.ts';
import { telemetryShard } from './telemetry-shard.ts';

/** One document of evidence as it is kept. Times in milliseconds since the epoch. */
export interface EvidenceRecord {
  readonly agent: string;
  readonly kind: string;
  /** Hex SHA-256 of the document. */
  readonly digest: string;
  /** Bytes before compression. */
  readonly size: number;
  /** What it counts as in the API's telemetry metadata. */
  readonly telemetry: readonly TelemetryMessages[];
  readonly collectedAt: number;
  readonly receivedAt: number;
}

const columns = [
  'evidence.agent as agent',
  'evidence.kind as kind',
  'evidence.digest as digest',
  'evidence.size as size',
  'evidence.telemetry as telemetry',
  'evidence.collected_at as collectedAt',
  'evidence.received_at as receivedAt',
] as const;

interface Arrived {
  readonly scope: number;
  readonly run: string;
  readonly agent: string;
  readonly kind: string;
  readonly digest: string;
  readonly size: number;
  readonly telemetry: string;
  readonly collected_at: number;
  readonly received_at: number;
}

/** Returns a row where there was none of this kind. */
const insertDocument = reusedStatement((db, values: Arrived) =>
  db
    .insertInto('evidence')
    .values(values)
    .onConflict((conflict) => conflict.doNothing())
    .returning('digest'),
);

interface Counted {
  readonly scope: number;
  readonly run: string;
  readonly shard: number;
  readonly message_type: string;
  readonly count: number;
  readonly data_size: number;
}

const countMessages = reusedStatement((db, values: Counted) =>
  db
    .insertInto('run_telemetry')
    .values(values)
    .onConflict((conflict) =>
      conflict.columns(['scope', 'run', 'shard', 'message_type']).doUpdateSet({
        count: sql`run_telemetry.count + excluded.count`,
        data_size: sql`run_telemetry.data_size + excluded.data_size`,
      }),
    ),
);

const insertContent = reusedStatement(
  (
    db,
    values: {
      readonly digest: string;
      readonly content: Uint8Array;
    },
  ) =>
    db
      .insertInto('evidence_blobs')
      .values(values)
      .onConflict((conflict) => conflict.doNothing()),
);

/** Asked with every page of a run's hosts, of which each has up to nine documents. */
const telemetryOfAgents = preparedQuery(
  (db, { scope, run, agents }: { readonly scope: number; readonly run: string; readonly agents: string }, { among }) =>
    db
      .selectFrom('evidence')
      .select(['agent', 'telemetry'])
      .where('scope', '=', scope)
      .where('run', '=', run)
      .where(among(sql.ref('agent'), agents, 'texts'))
      .orderBy('agent')
      .orderBy('kind'),
);

/** When a host last sent a document of the kind of a row, in whatever run. */
const newestOfItsKind = sql<number>`(select max(newer.received_at) from evidence newer
  where newer.scope = evidence.scope and newer.agent = evidence.agent and newer.kind = evidence.kind)`;

export function createEvidence(handle: Handle) {
  const { read, write, dialect } = handle;
  return {
    /** Keeps a document: one of each kind a host and run, the first that arrives. `content` is gzip-compressed. */
    put: async (scope: number, run: string, record: EvidenceRecord, content: Uint8Array): Promise<void> => {
      const { agent, kind, digest, size, collectedAt: collected_at, receivedAt: received_at } = record;
      const telemetry = JSON.stringify(record.telemetry);
      const own = { scope, run, agent, kind, digest, size, telemetry, collected_at, received_at };
      const fresh = await insertDocument(handle, own);
      // Content that no row refers to would never be deleted.
      if (fresh.length === 0) return;
      const shard = telemetryShard(agent);
      for (const { messageType: message_type, count, dataSize: data_size } of record.telemetry) {
        await countMessages(handle, { scope, run, shard, message_type, count, data_size });
      }
      // What is there already must not be deleted, as nobody's, before this row is seen to refer to it.
      const { rows: there } = await sql`select digest from evidence_blobs where digest = ${digest}
        ${dialect.locking('for key share')}`.execute(write);
      if (there.length > 0) return;
      await insertContent(handle, { digest, content });
    },
    /** Takes back what a host sent in a run, so that it can send it again, from another boot. */
    discard: async (scope: number, run: string, agent: string): Promise<void> => {
      const ofHost = sql<boolean>`scope = ${scope} and run = ${run} and agent = ${agent}`;
      const sent = await write.selectFrom('evidence').select('telemetry').where(ofHost).execute();
      const shard = telemetryShard(agent);
      for (const { messageType: message_type, count, dataSize } of sent.flatMap(
        ({ telemetry }) => JSON.parse(telemetry) as TelemetryMessages[],
      )) {
        await countMessages(handle, { scope, run, shard, message_type, count: -count, data_size: -dataSize });
      }
      await write
        .deleteFrom('evidence_blobs')
        .where(sql<boolean>`digest in (select digest from evidence where ${ofHost})`)
        .where(
          sql<boolean>`not exists (select 1 from evidence
            where evidence.digest = evidence_blobs.digest and not (${ofHost}))`,
        )
        .execute();
      await write.deleteFrom('evidence').where(ofHost).execute();
    },
    /** What all documents of a run count as: several rows a type. */
    telemetryOf: async (scope: number, run: string): Promise<TelemetryMessages[]> =>
      read
        .selectFrom('run_telemetry')
        .select(['message_type as messageType', 'count', 'data_size as dataSize'])
        .where('scope', '=', scope)
        .where('run', '=', run)
        .orderBy('message_type')
        .execute(),
    /** What the documents of some of a run's hosts count as, by host. */
    telemetryOfAgents: async (
      scope: number,
      run: string,
      agents: readonly string[],
    ): Promise<ReadonlyMap<string, readonly TelemetryMessages[]>> => {
      const rows = await telemetryOfAgents(handle, { scope, run, agents: dialect.listOf(agents) });
      const sent = new Map<string, TelemetryMessages[]>();
      for (const { agent, telemetry } of rows) {
        const own = sent.get(agent) ?? [];
        own.push(...(JSON.parse(telemetry) as TelemetryMessages[]));
        sent.set(agent, own);
      }
      return sent;
    },
    /** What arrived in a run, of some of its hosts or of all, without its contents. */
    list: async (scope: number, run: string, agents?: readonly string[]): Promise<EvidenceRecord[]> => {
      let query = read.selectFrom('evidence').select(columns).where('scope', '=', scope).where('run', '=', run);
      if (agents) query = agents.length === 0 ? query.where('agent', 'is', null) : query.where('agent', 'in', agents);
      return (await query.orderBy('agent').orderBy('kind').execute()).map(decode);
    },
    /** One host's documents with their contents. */
    load: async (scope: number, run: string, agent: string): Promise<(EvidenceRecord & { content: Uint8Array })[]> => {
      const rows = await read
        .selectFrom('evidence')
        .innerJoin('evidence_blobs', 'evidence_blobs.digest', 'evidence.digest')
        .select([...columns, 'evidence_blobs.content as content'])
        .where('evidence.scope', '=', scope)
        .where('evidence.run', '=', run)
        .where('evidence.agent', '=', agent)
        .execute();
      return rows.map(decode);
    },
    /** The last document of a kind that each of the hosts sent, in whatever run. */
    latest: async (
      scope: number,
      kind: string,
      agents: readonly string[],
    ): Promise<{ agent: string; content: Uint8Array }[]> => {
      if (agents.length === 0) return [];
      return read
        .selectFrom('evidence')
        .innerJoin('evidence_blobs', 'evidence_blobs.digest', 'evidence.digest')
        .select(['evidence.agent as agent', 'evidence_blobs.content as content'])
        .where('evidence.scope', '=', scope)
        .where('evidence.kind', '=', kind)
        .where('evidence.agent', 'in', agents)
        .where('evidence.received_at', '=', newestOfItsKind)
        .execute();
    },
    /** The digest of the last document of each kind that each of the hosts sent, in whatever run, by `HOST KIND`. */
    latestDigests: async (
      scope: number,
      kinds: readonly string[],
      agents: readonly string[],
    ): Promise<ReadonlyMap<string, string>> => {
      if (agents.length === 0) return new Map();
      const rows = await read
        .selectFrom('evidence')
        .select(['agent', 'kind', 'digest'])
        .where('scope', '=', scope)
        .where('kind', 'in', kinds)
        .where('agent', 'in', agents)
        .where('received_at', '=', newestOfItsKind)
        .execute();
      return new Map(rows.map(({ agent, kind, digest }) => [`${agent} ${kind}`, digest]));
    },
    /** Contents of documents by their digests, as far as they are kept still. */
    contents: async (digests: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> => {
      if (digests.length === 0) return new Map();
      const rows = await read
        .selectFrom('evidence_blobs')
        .select(['digest', 'content'])
        .where('digest', 'in', digests)
        .execute();
      return new Map(rows.map(({ digest, content }) => [digest, content]));
    },
    /**
     * Of each of the hosts, the newest run that has its evidence of a kind still. A run over another's evidence counts as that
     * one, and the later of both comes first.
     */
    newestRuns: async (
      scope: number,
      agents: readonly string[],
      kind: string,
    ): Promise<{ agent: string; run: string }[]> => {
      if (agents.length === 0) return [];
      const rows = await read
        .selectFrom('evidence')
        .innerJoin('evidence_blobs', 'evidence_blobs.digest', 'evidence.digest')
        .innerJoin('runs', (join) =>
          join.onRef('runs.scope', '=', 'evidence.scope').onRef('runs.id', '=', 'evidence.run'),
        )
        .select(['evidence.agent as agent', 'evidence.run as run'])
        .where('evidence.scope', '=', scope)
        .where('evidence.kind', '=', kind)
        .where('evidence.agent', 'in', agents)
        .orderBy('evidence.received_at', 'desc')
        .orderBy('runs.created_at', 'desc')
        .execute();
      return [...new Map(rows.toReversed().map((row) => [row.agent, row])).values()];
    },
    /** Runs that an agent sent something for, the newest first. */
    runsOf: async (scope: number, agent: string, most: number): Promise<string[]> => {
      const rows = await read
        .selectFrom('evidence')
        .select(['run', (eb) => eb.fn.max('received_at').as('at')])
        .where('scope', '=', scope)
        .where('agent', '=', agent)
        .groupBy('run')
        .orderBy('at', 'desc')
        .limit(most)
        .execute();
      return rows.map(({ run }) => run);
    },
    /** How many of a run's documents there were, and of how many the contents are still kept. */
    countKept: async (scope: number, run: string): Promise<{ documents: number; kept: number }> => {
      const row = await read
        .selectFrom('evidence')
        .leftJoin('evidence_blobs', 'evidence_blobs.digest', 'evidence.digest')
        .select((eb) => [
          eb.fn.countAll<number>().as('documents'),
          eb.fn.count<number>('evidence_blobs.digest').as('kept'),
        ])
        .where('evidence.scope', '=', scope)
        .where('evidence.run', '=', run)
        .executeTakeFirstOrThrow();
      return { documents: Number(row.documents), kept: Number(row.kept) };
    },
    /** Gives a run the documents of another: the contents are kept once. They stay as old as they are. */
    copy: async (scope: number, from: string, to: string): Promise<void> => {
      const names = ['agent', 'kind', 'digest', 'size', 'telemetry', 'collected_at', 'received_at'] as const;
      await write
        .insertInto('evidence')
        .columns(['scope', 'run', ...names])
        .expression((eb) =>
          eb
            .selectFrom('evidence')
            .select([sql<number>`${sql.lit(scope)}`.as('scope'), sql<string>`${to}`.as('run'), ...names])
            .where('scope', '=', scope)
            .where('run', '=', from),
        )
        .execute();
      const sums = ['shard', 'message_type', 'count', 'data_size'] as const;
      await write
        .insertInto('run_telemetry')
        .columns(['scope', 'run', ...sums])
        .expression((eb) =>
          eb
            .selectFrom('run_telemetry')
            .select([sql<number>`${sql.lit(scope)}`.as('scope'), sql<string>`${to}`.as('run'), ...sums])
            .where('scope', '=', scope)
            .where('run', '=', from),
        )
        .execute();
    },
    /**
     * Deletes documents whose every copy was received before a time, save those of runs that go on; the rows stay, and
     * say what there was. Looks at so many after a digest; returns the last it looked at, undefined at the end.
     */
    expire: async (
      before: number,
      after: string,
      limit: number,
    ): Promise<{ last: string | undefined; deleted: number }> => {
      const looked = await write
        .selectFrom('evidence_blobs')
        .select('digest')
        .where('digest', '>', after)
        .orderBy('digest')
        .limit(limit)
        .execute();
      const last = looked.at(-1)?.digest;
      if (last === undefined) return { last: undefined, deleted: 0 };
      const { numDeletedRows } = await write
        .deleteFrom('evidence_blobs')
        .where('digest', '>', after)
        .where('digest', '<=', last)
        .where(
          sql<boolean>`not exists (select 1 from evidence e left join runs r on r.scope = e.scope and r.id = e.run
            where e.digest = evidence_blobs.digest
            and (e.received_at >= ${before} or (r.id is not null and r.completed_at is null)))`,
        )
        .executeTakeFirst();
      return { last: looked.length < limit ? undefined : last, deleted: Number(numDeletedRows) };
    },
    /** Deletes runs' evidence, and the documents that no other run refers to. */
    delete: async (scope: number, which: RunSelection): Promise<void> => {
      const ofThese = sql<boolean>`scope = ${scope} and ${ofRuns('run', scope, which)}`;
      await write
        .deleteFrom('evidence_blobs')
        .where(sql<boolean>`digest in (select digest from evidence where ${ofThese})`)
        .where(
          sql<boolean>`not exists (select 1 from evidence
            where evidence.digest = evidence_blobs.digest and not (${ofThese}))`,
        )
        .execute();
      await write.deleteFrom('evidence').where(ofThese).execute();
      await write.deleteFrom('run_telemetry').where(ofThese).execute();
    },
  };
}

const decode = <R extends { readonly telemetry: string }>(row: R) => ({
  ...row,
  telemetry: JSON.parse(row.telemetry) as TelemetryMessages[],
});
