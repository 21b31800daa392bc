import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Dialect } from './dialect.ts';
import type { RunFilter, TimeRange } from './runs.ts';

/** A run filter as conditions on the table `runs`, all of which must hold. */
export function runConditions(filter: RunFilter, dialect: Dialect): RawBuilder<SqlBool>[] {
  const conditions: RawBuilder<SqlBool>[] = [];
  const anyOf = (column: string, values: readonly (string | number)[] | undefined): void => {
    if (values === undefined) return;
    conditions.push(values.length === 0 ? sql`1 = 0` : sql`${sql.ref(column)} in (${sql.join([...values])})`);
  };
  const between = (column: string, { begin, end }: TimeRange): void => {
    if (begin !== undefined) conditions.push(sql`${sql.ref(column)} >= ${begin}`);
    if (end !== undefined) conditions.push(sql`${sql.ref(column)} <= ${end}`);
  };
  anyOf('template', filter.templates);
  anyOf('state', filter.states);
  anyOf('rules_packages', filter.rulesPackages);
  if (filter.namePattern !== undefined) conditions.push(dialect.matches(sql.ref('name'), filter.namePattern));
  if (filter.minDuration !== undefined) conditions.push(sql`duration >= ${filter.minDuration}`);
  if (filter.maxDuration !== undefined) conditions.push(sql`duration <= ${filter.maxDuration}`);
  if (filter.started) between('started_at', filter.started);
  if (filter.completed) between('completed_at', filter.completed);
  if (filter.stateChanged) between('state_changed_at', filter.stateChanged);
  return conditions;
}
