import { type Kysely, sql } from 'kysely';
import type { Dialect } from '../database/dialect.ts';
import { type FindingDocument, packTerms } from './formats/finding-terms.ts';
import { packJson } from './formats/json.ts';

/** Rows that are in memory at once. */
const FINDINGS = 1000;
const EVALUATIONS = 20;
/** The list of findings: see finding-layout.ts. */
const LIST = 1;

/**
 * What findings are found by of their attributes stands with each of them, not in a row for each attribute; verdicts are
 * compressed. The blocks of the list of findings are made anew.
 */
export const findingTerms = {
  up: async (db: Kysely<unknown>, dialect: Dialect): Promise<void> => {
    const { types } = dialect;
    const bytes = sql.raw(types.bytes);
    const empty = sql.raw(dialect.name === 'sqlite' ? "x''" : "'\\x'::bytea");
    await sql`alter table findings add column terms ${bytes} not null default ${empty}`.execute(db);
    await fillTerms(db);
    await sql`drop table finding_attributes`.execute(db);
    await sql`drop index findings_severity_created_at_id`.execute(db);

    await sql`delete from list_block_columns where id / 32 in (select id from list_blocks where list = ${LIST})`.execute(
      db,
    );
    await sql`delete from list_blocks where list = ${LIST}`.execute(db);
    await sql`delete from list_changes where list = ${LIST}`.execute(db);
    await sql`insert into list_changes (list, scope, created_at, id)
      select ${sql.lit(LIST)}, scope, created_at, id from findings`.execute(db);

    await packVerdicts(db, dialect);
  },
};

async function fillTerms(db: Kysely<unknown>): Promise<void> {
  let [scope, id] = [0, ''];
  for (;;) {
    const { rows } = await sql<{ scope: number; id: string; document: string }>`select scope, id, document from findings
      where (scope, id) > (${scope}, ${id}) order by scope, id limit ${FINDINGS}`.execute(db);
    for (const row of rows) {
      const terms = packTerms(JSON.parse(row.document) as FindingDocument);
      await sql`update findings set terms = ${terms} where scope = ${row.scope} and id = ${row.id}`.execute(db);
      [scope, id] = [row.scope, row.id];
    }
    if (rows.length < FINDINGS) return;
  }
}

async function packVerdicts(db: Kysely<unknown>, { types, name }: Dialect): Promise<void> {
  const create = db.schema
    .createTable('evaluations_packed')
    .addColumn('scope', types.integer, (c) => c.notNull())
    .addColumn('run', types.text, (c) => c.notNull())
    .addColumn('agent', types.text, (c) => c.notNull())
    .addColumn('rules_package', types.text, (c) => c.notNull())
    .addColumn('verdicts', sql.raw(types.bytes), (c) => c.notNull())
    .addColumn('evaluated_at', types.integer, (c) => c.notNull())
    .addPrimaryKeyConstraint('evaluations_packed_key', ['scope', 'run', 'agent', 'rules_package']);
  await (name === 'sqlite' ? create.modifyEnd(sql`strict`) : create).execute();
  let last: Pick<Evaluation, 'scope' | 'run' | 'agent' | 'rules_package'> = {
    scope: 0,
    run: '',
    agent: '',
    rules_package: '',
  };
  for (;;) {
    const { rows } =
      await sql<Evaluation>`select scope, run, agent, rules_package, verdicts, evaluated_at from evaluations
      where (scope, run, agent, rules_package) > (${last.scope}, ${last.run}, ${last.agent}, ${last.rules_package})
      order by scope, run, agent, rules_package limit ${EVALUATIONS}`.execute(db);
    for (const row of rows) {
      const verdicts = packJson(JSON.parse(row.verdicts));
      await sql`insert into evaluations_packed (scope, run, agent, rules_package, verdicts, evaluated_at)
        values (${row.scope}, ${row.run}, ${row.agent}, ${row.rules_package}, ${verdicts}, ${row.evaluated_at})`.execute(
        db,
      );
      last = row;
    }
    if (rows.length < EVALUATIONS) break;
  }
  await db.schema.dropTable('evaluations').execute();
  await db.schema.alterTable('evaluations_packed').renameTo('evaluations').execute();
  await db.schema.createIndex('evaluations_evaluated_at').on('evaluations').column('evaluated_at').execute();
}

interface Evaluation {
  readonly scope: number;
  readonly run: string;
  readonly agent: string;
  readonly rules_package: string;
  /** JSON. */
  readonly verdicts: string;
  readonly evaluated_at: number;
}
