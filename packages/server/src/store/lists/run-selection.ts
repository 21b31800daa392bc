import { type RawBuilder, type SqlBool, sql } from 'kysely';

/** One run, all of a template, or all of a target. */
export type RunSelection = { readonly run: string } | { readonly template: string } | { readonly target: string };

/** `column`, which holds a run's id, names a run of the selection. */
export function ofRuns(column: string, scope: number, which: RunSelection): RawBuilder<SqlBool> {
  if ('run' in which) return sql`${sql.ref(column)} = ${which.run}`;
  const [parent, id] = 'template' in which ? ['template', which.template] : ['target', which.target];
  return sql`${sql.ref(column)} in (select id from runs where scope = ${scope} and ${sql.ref(parent)} = ${id})`;
}
