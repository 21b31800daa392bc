import { type RawBuilder, type SqlBool, sql } from 'kysely';

/** One template, or all of a target. */
export type TemplateSelection = { readonly template: string } | { readonly target: string };

/** The column `template` names a template of the selection. Templates must still be there: delete them last. */
export const ofTemplates = (scope: number, which: TemplateSelection): RawBuilder<SqlBool> =>
  'template' in which
    ? sql`template = ${which.template}`
    : sql`template in (select id from templates where scope = ${scope} and target = ${which.target})`;
