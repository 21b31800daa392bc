import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { RunState } from '../../domain/run-machine.ts';
import type { Dialect } from '../database/dialect.ts';

/** Every given part must match; within a list any value may. Ranges are inclusive, times in milliseconds. */
export interface RunFilter {
  readonly templates?: readonly string[] | undefined;
  readonly namePattern?: string | undefined;
  readonly states?: readonly RunState[] | undefined;
  readonly minDuration?: number | undefined;
  readonly maxDuration?: number | undefined;
  /** rules_package_sets.id. */
  readonly rulesPackages?: readonly number[] | undefined;
  readonly started?: TimeRange | undefined;
  readonly completed?: TimeRange | undefined;
  readonly stateChanged?: TimeRange | undefined;
}

export interface TimeRange {
  readonly begin?: number | undefined;
  readonly end?: number | undefined;
}

/** A run filter as conditions on the table `runs`, all of which must hold. */
export function runConditions(filter: RunFilter, dialect: Dialect): RawBuilder<SqlBool>[] {
  const conditions: RawBuilder<SqlBool>[] = [];
  const anyOf = (
    column: string,
    values: readonly string[] | readonly number[] | undefined,
    of: 'integers' | 'texts',
  ): void => {
    if (values) conditions.push(dialect.among(sql.ref(column), dialect.listOf(values), of));
  };
  const between = (column: string, { begin, end }: TimeRange): void => {
    if (begin !== undefined) conditions.push(sql`${sql.ref(column)} >= ${begin}`);
    if (end !== undefined) conditions.push(sql`${sql.ref(column)} <= ${end}`);
  };
  anyOf('template', filter.templates, 'texts');
  anyOf('state', filter.states, 'texts');
  anyOf('rules_packages', filter.rulesPackages, 'integers');
  if (filter.namePattern !== undefined) conditions.push(dialect.matches(sql.ref('name'), filter.namePattern));
  if (filter.minDuration !== undefined) conditions.push(sql`duration >= ${filter.minDuration}`);
  if (filter.maxDuration !== undefined) conditions.push(sql`duration <= ${filter.maxDuration}`);
  if (filter.started) between('started_at', filter.started);
  if (filter.completed) between('completed_at', filter.completed);
  if (filter.stateChanged) between('state_changed_at', filter.stateChanged);
  return conditions;
}
