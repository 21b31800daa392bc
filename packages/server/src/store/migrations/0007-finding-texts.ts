import { type CreateTableBuilder, type Kysely, sql } from 'kysely';
import type { Dialect } from '../database/dialect.ts';
import type { FindingDocument } from './formats/finding-terms.ts';
import { packDocuments, type StoredVerdict, shortVerdicts } from './formats/finding-texts.ts';
import { packJson, unpackJson } from './formats/json.ts';

/** Rows that are in memory at once. */
const FINDINGS = 1000;
const EVALUATIONS = 20;

/**
 * What findings say beyond what they are found by stands compressed, several findings a row; verdicts do not say again
 * what their findings say, which refer to them.
 */
export const findingTexts = {
  up: async (db: Kysely<unknown>, { types, name }: Dialect): Promise<void> => {
    const strict = <T extends CreateTableBuilder<string, string>>(builder: T): T =>
      name === 'sqlite' ? (builder.modifyEnd(sql`strict`) as T) : builder;
    const bytes = sql.raw<string>(types.bytes);
    const texts = db.schema.createTable('finding_texts');
    await strict(
      (name === 'sqlite'
        ? texts.addColumn('id', types.integer, (c) => c.primaryKey().autoIncrement())
        : texts.addColumn('id', types.integer, (c) => c.primaryKey().generatedByDefaultAsIdentity())
      )
        .addColumn('scope', types.integer, (c) => c.notNull())
        .addColumn('run', types.text, (c) => c.notNull())
        .addColumn('texts', bytes, (c) => c.notNull()),
    ).execute();
    await strict(
      db.schema
        .createTable('findings_packed')
        .addColumn('scope', types.integer, (c) => c.notNull())
        .addColumn('id', types.text, (c) => c.notNull())
        .addColumn('target', types.text, (c) => c.notNull())
        .addColumn('template', types.text, (c) => c.notNull())
        .addColumn('run', types.text, (c) => c.notNull())
        .addColumn('agent', types.text)
        .addColumn('auto_scaling_group', types.text)
        .addColumn('rules_package', types.text, (c) => c.notNull())
        .addColumn('rule', types.text, (c) => c.notNull())
        .addColumn('severity', types.text, (c) => c.notNull())
        .addColumn('numeric_severity', types.double, (c) => c.notNull())
        .addColumn('attributes', types.text, (c) => c.notNull())
        .addColumn('user_attributes', types.text, (c) => c.notNull())
        .addColumn('terms', bytes, (c) => c.notNull())
        .addColumn('texts', types.integer, (c) => c.notNull())
        .addColumn('place', types.integer, (c) => c.notNull())
        .addColumn('verdict', types.integer)
        .addColumn('created_at', types.integer, (c) => c.notNull())
        .addColumn('updated_at', types.integer, (c) => c.notNull())
        .addPrimaryKeyConstraint('findings_packed_key', ['scope', 'id']),
    ).execute();
    await packFindings(db);
    await db.schema.dropTable('findings').execute();
    await db.schema.alterTable('findings_packed').renameTo('findings').execute();
    for (const columns of [
      ['created_at', 'id'],
      ['run', 'created_at', 'id'],
    ]) {
      await db.schema
        .createIndex(`findings_${columns.join('_')}`)
        .on('findings')
        .columns(['scope', ...columns])
        .execute();
    }
    await db.schema.createIndex('finding_texts_run').on('finding_texts').columns(['scope', 'run']).execute();
    await shortenVerdicts(db);
  },
};

/** A run's findings by host, so that the texts of a row are much alike. */
async function packFindings(db: Kysely<unknown>): Promise<void> {
  const verdictOf = verdictReader(db);
  let last: Pick<Old, 'scope' | 'run' | 'created_at' | 'id'> = { scope: 0, run: '', created_at: 0, id: '' };
  for (;;) {
    const { rows } = await sql<Old>`select * from findings
      where (scope, run, created_at, id) > (${last.scope}, ${last.run}, ${last.created_at}, ${last.id})
      order by scope, run, created_at, id limit ${FINDINGS}`.execute(db);
    for (const own of Map.groupBy(rows, ({ scope, run }) => `${scope} ${run}`).values()) {
      const parsed = own.map(({ document }) => JSON.parse(document) as FindingDocument);
      const { documents, texts } = packDocuments(parsed);
      const ids: number[] = [];
      for (const packed of texts) {
        const { rows: made } = await sql<{ id: number }>`insert into finding_texts (scope, run, texts)
          values (${own[0]?.scope}, ${own[0]?.run}, ${packed}) returning id`.execute(db);
        ids.push(made[0]?.id ?? 0);
      }
      for (const [at, row] of own.entries()) {
        const document = documents[at];
        if (!document) throw new Error(`The finding ${row.id} could not be packed`);
        const verdict = await verdictOf(row, parsed[at]?.description);
        await sql`insert into findings_packed (scope, id, target, template, run, agent, auto_scaling_group, rules_package,
          rule, severity, numeric_severity, attributes, user_attributes, terms, texts, place, verdict, created_at, updated_at)
          values (${row.scope}, ${row.id}, ${row.target}, ${row.template}, ${row.run}, ${row.agent}, ${row.auto_scaling_group},
          ${row.rules_package}, ${row.rule}, ${row.severity}, ${row.numeric_severity}, ${document.attributes},
          ${document.userAttributes}, ${document.terms}, ${ids[document.row] ?? 0}, ${document.place}, ${verdict},
          ${row.created_at}, ${row.updated_at})`.execute(db);
      }
    }
    const end = rows.at(-1);
    if (!end || rows.length < FINDINGS) return;
    last = end;
  }
}

/** Which verdict a finding was made of: both say the same of the same rule. Findings of a host come together. */
function verdictReader(db: Kysely<unknown>) {
  let known: { readonly key: string; readonly places: ReadonlyMap<string, number> } | undefined;
  return async ({ scope, run, agent, rules_package, rule }: Old, description = ''): Promise<number | null> => {
    if (agent === null) return null;
    const key = JSON.stringify([scope, run, agent, rules_package]);
    if (known?.key !== key) {
      const { rows } = await sql<Pick<Evaluation, 'verdicts'>>`select verdicts from evaluations where scope = ${scope}
        and run = ${run} and agent = ${agent} and rules_package = ${rules_package}`.execute(db);
      const verdicts = rows[0] ? (unpackJson(rows[0].verdicts) as StoredVerdict[]) : [];
      const places = verdicts.flatMap((verdict, place): [string, number][] =>
        verdict.outcome === 'FINDING' && verdict.finding
          ? [[`${verdict.ruleId}\n${verdict.finding.description}`, place]]
          : [],
      );
      known = { key, places: new Map(places) };
    }
    return known.places.get(`${rule}\n${description}`) ?? null;
  };
}

async function shortenVerdicts(db: Kysely<unknown>): Promise<void> {
  let last: Omit<Evaluation, 'verdicts'> = { scope: 0, run: '', agent: '', rules_package: '' };
  for (;;) {
    const { rows } = await sql<Evaluation>`select scope, run, agent, rules_package, verdicts from evaluations
      where (scope, run, agent, rules_package) > (${last.scope}, ${last.run}, ${last.agent}, ${last.rules_package})
      order by scope, run, agent, rules_package limit ${EVALUATIONS}`.execute(db);
    for (const { verdicts, ...row } of rows) {
      const kept = packJson(shortVerdicts(unpackJson(verdicts) as StoredVerdict[]));
      await sql`update evaluations set verdicts = ${kept} where scope = ${row.scope} and run = ${row.run}
        and agent = ${row.agent} and rules_package = ${row.rules_package}`.execute(db);
      last = row;
    }
    if (rows.length < EVALUATIONS) return;
  }
}

interface Evaluation {
  readonly scope: number;
  readonly run: string;
  readonly agent: string;
  readonly rules_package: string;
  readonly verdicts: Uint8Array;
}

interface Old {
  readonly scope: number;
  readonly id: string;
  readonly target: string;
  readonly template: string;
  readonly run: string;
  readonly agent: string | null;
  readonly auto_scaling_group: string | null;
  readonly rules_package: string;
  readonly rule: string;
  readonly severity: string;
  readonly numeric_severity: number;
  /** JSON. */
  readonly document: string;
  readonly created_at: number;
  readonly updated_at: number;
}
