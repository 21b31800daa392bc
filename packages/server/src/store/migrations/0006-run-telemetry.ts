import { type CreateTableBuilder, type Kysely, sql } from 'kysely';
import type { Dialect } from '../database/dialect.ts';

/** Rows of evidence that are read at once. */
const PAGE = 2000;

/** A part of a run's sums. */
interface TelemetryRow {
  readonly scope: number;
  readonly run: string;
  readonly shard: number;
  readonly messageType: string;
  readonly count: number;
  readonly dataSize: number;
}

type Row = { scope: number; run: string; agent: string; kind: string; telemetry: string };

/** What the evidence of a run counts as, summed: see schema.ts. */
export const runTelemetry = {
  up: async (db: Kysely<unknown>, { types, name: dialect }: Dialect): Promise<void> => {
    let create = db.schema.createTable('run_telemetry') as CreateTableBuilder<string, string>;
    for (const [column, type] of [
      ['scope', types.integer],
      ['run', types.text],
      ['shard', types.integer],
      ['message_type', types.text],
      ['count', types.integer],
      ['data_size', types.integer],
    ] as const) {
      create = create.addColumn(column, type, (c) => c.notNull());
    }
    const keyed = create.addPrimaryKeyConstraint('run_telemetry_key', ['scope', 'run', 'shard', 'message_type']);
    await (dialect === 'sqlite' ? keyed.modifyEnd(sql`strict`) : keyed).execute();
    await sumUp(db);
  },
};

async function sumUp(db: Kysely<unknown>): Promise<void> {
  let last: Row | undefined;
  let sums = new Map<string, TelemetryRow>();
  const write = async (): Promise<void> => {
    for (const { scope, run, shard, messageType, count, dataSize } of sums.values()) {
      await sql`insert into run_telemetry (scope, run, shard, message_type, count, data_size)
        values (${scope}, ${run}, ${shard}, ${messageType}, ${count}, ${dataSize})`.execute(db);
    }
    sums = new Map();
  };
  for (;;) {
    const after = last
      ? sql`where (scope, run, agent, kind) > (${last.scope}, ${last.run}, ${last.agent}, ${last.kind})`
      : sql``;
    const { rows } = await sql<Row>`select scope, run, agent, kind, telemetry from evidence ${after}
      order by scope, run, agent, kind limit ${sql.lit(PAGE)}`.execute(db);
    for (const row of rows) {
      if (last && (last.scope !== row.scope || last.run !== row.run)) await write();
      last = row;
      const shard = row.agent.charCodeAt(row.agent.length - 1) % 16;
      for (const { messageType, count, dataSize } of JSON.parse(row.telemetry) as TelemetryRow[]) {
        const name = `${shard}/${messageType}`;
        const sum = sums.get(name) ?? { scope: row.scope, run: row.run, shard, messageType, count: 0, dataSize: 0 };
        sums.set(name, { ...sum, count: sum.count + count, dataSize: sum.dataSize + dataSize });
      }
    }
    if (rows.length < PAGE) break;
  }
  await write();
}
