import { sql } from 'kysely';
import type { KeptVerdict } from '../../domain/kept-verdict.ts';
import type { Handle } from '../database/dialect.ts';
import { packJson, unpackJson } from '../database/packed-json.ts';
import { ofRuns, type RunSelection } from '../lists/run-selection.ts';

/** One rules package judged for one host of one run. */
export interface Evaluation {
  readonly agent: string;
  /** The rules package's ARN. */
  readonly rulesPackage: string;
  readonly verdicts: readonly KeptVerdict[];
  /** Milliseconds since the epoch. */
  readonly evaluatedAt: number;
}

/** With its verdicts as {@link packJson} gives them. */
export type PackedEvaluation = Omit<Evaluation, 'verdicts'> & { readonly verdicts: Uint8Array };

export function createEvaluations({ read, write }: Handle) {
  const insertPacked = async (scope: number, run: string, evaluation: PackedEvaluation): Promise<boolean> => {
    const { numInsertedOrUpdatedRows } = await write
      .insertInto('evaluations')
      .values({
        scope,
        run,
        agent: evaluation.agent,
        rules_package: evaluation.rulesPackage,
        verdicts: evaluation.verdicts,
        evaluated_at: evaluation.evaluatedAt,
      })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    return (numInsertedOrUpdatedRows ?? 0n) > 0n;
  };
  return {
    /** False when this host's package was judged before: what it said then stays. */
    insertPacked,
    insert: (scope: number, run: string, evaluation: Evaluation): Promise<boolean> =>
      insertPacked(scope, run, { ...evaluation, verdicts: packJson(evaluation.verdicts) }),
    /** Which hosts and packages of a run have been judged. */
    done: async (scope: number, run: string): Promise<{ agent: string; rulesPackage: string }[]> =>
      read
        .selectFrom('evaluations')
        .select(['agent', 'rules_package as rulesPackage'])
        .where('scope', '=', scope)
        .where('run', '=', run)
        .execute(),
    /** On how many hosts of a run each package, by its ARN, has been judged. */
    countByPackage: async (scope: number, run: string): Promise<ReadonlyMap<string, number>> => {
      const rows = await read
        .selectFrom('evaluations')
        .select(({ fn }) => ['rules_package as rulesPackage', fn.countAll<number | string>().as('count')])
        .where('scope', '=', scope)
        .where('run', '=', run)
        .groupBy('rules_package')
        .execute();
      return new Map(rows.map(({ rulesPackage, count }) => [rulesPackage, Number(count)]));
    },
    list: async (scope: number, run: string, agent?: string): Promise<Evaluation[]> => {
      let query = read.selectFrom('evaluations').selectAll().where('scope', '=', scope).where('run', '=', run);
      if (agent !== undefined) query = query.where('agent', '=', agent);
      const rows = await query.orderBy('agent').orderBy('rules_package').execute();
      return rows.map((row) => ({
        agent: row.agent,
        rulesPackage: row.rules_package,
        verdicts: unpackJson(row.verdicts) as KeptVerdict[],
        evaluatedAt: row.evaluated_at,
      }));
    },
    /** Those of some hosts of a run, by host and package. */
    ofAgents: async (
      scope: number,
      run: string,
      agents: readonly string[],
    ): Promise<Pick<Evaluation, 'agent' | 'rulesPackage' | 'verdicts'>[]> => {
      const rows = await read
        .selectFrom('evaluations')
        .select(['agent', 'rules_package', 'verdicts'])
        .where('scope', '=', scope)
        .where('run', '=', run)
        .where('agent', 'in', agents)
        .orderBy('agent')
        .orderBy('rules_package')
        .execute();
      return rows.map(({ agent, rules_package: rulesPackage, verdicts }) => ({
        agent,
        rulesPackage,
        verdicts: unpackJson(verdicts) as KeptVerdict[],
      }));
    },
    /** Those of hosts and rules packages of any runs, in no order. */
    ofHosts: async (
      scope: number,
      keys: readonly { readonly run: string; readonly agent: string; readonly rulesPackage: string }[],
    ): Promise<(Pick<Evaluation, 'agent' | 'rulesPackage' | 'verdicts'> & { readonly run: string })[]> => {
      if (keys.length === 0) return [];
      const wanted = keys.map(({ run, agent, rulesPackage }) => sql`(${run}, ${agent}, ${rulesPackage})`);
      const rows = await read
        .selectFrom('evaluations')
        .select(['run', 'agent', 'rules_package', 'verdicts'])
        .where('scope', '=', scope)
        .where(sql<boolean>`(run, agent, rules_package) in (values ${sql.join(wanted)})`)
        .execute();
      return rows.map(({ run, agent, rules_package: rulesPackage, verdicts }) => ({
        ...{ run, agent, rulesPackage },
        verdicts: unpackJson(verdicts) as KeptVerdict[],
      }));
    },
    /** Deletes verdicts from before a time, at most so many; returns how many. */
    expire: async (before: number, limit: number): Promise<number> => {
      const { numDeletedRows } = await write
        .deleteFrom('evaluations')
        .where(
          sql<boolean>`(scope, run, agent, rules_package) in (
            select scope, run, agent, rules_package from evaluations
            where evaluated_at < ${before} order by evaluated_at limit ${limit})`,
        )
        .executeTakeFirst();
      return Number(numDeletedRows);
    },
    delete: async (scope: number, which: RunSelection): Promise<void> => {
      await write
        .deleteFrom('evaluations')
        .where('scope', '=', scope)
        .where(ofRuns('run', scope, which))
        .execute();
    },
  };
}
