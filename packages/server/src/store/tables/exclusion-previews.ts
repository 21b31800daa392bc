import type { ExclusionDocument } from '../../domain/exclusions.ts';
import type { Handle } from '../database/dialect.ts';
import { ofTemplates, type TemplateSelection } from '../lists/template-selection.ts';

export interface ExclusionPreview {
  readonly token: string;
  readonly template: string;
  /** Null while it is being worked out. */
  readonly exclusions: readonly ExclusionDocument[] | null;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

export function createExclusionPreviews({ read, write }: Handle) {
  return {
    insert: async (scope: number, token: string, template: string, createdAt: number): Promise<void> => {
      await write
        .insertInto('exclusion_previews')
        .values({ scope, token, template, exclusions: null, created_at: createdAt })
        .execute();
    },
    find: async (scope: number, token: string): Promise<ExclusionPreview | undefined> => {
      const row = await read
        .selectFrom('exclusion_previews')
        .select(['token', 'template', 'exclusions', 'created_at as createdAt'])
        .where('scope', '=', scope)
        .where('token', '=', token)
        .executeTakeFirst();
      return (
        row && {
          ...row,
          exclusions: row.exclusions === null ? null : (JSON.parse(row.exclusions) as ExclusionDocument[]),
        }
      );
    },
    /** True while one of the template's is being worked out. */
    inProgress: async (scope: number, template: string): Promise<boolean> => {
      const row = await read
        .selectFrom('exclusion_previews')
        .select('token')
        .where('scope', '=', scope)
        .where('template', '=', template)
        .where('exclusions', 'is', null)
        .executeTakeFirst();
      return row !== undefined;
    },
    complete: async (scope: number, token: string, exclusions: readonly ExclusionDocument[]): Promise<void> => {
      await write
        .updateTable('exclusion_previews')
        .set({ exclusions: JSON.stringify(exclusions) })
        .where('scope', '=', scope)
        .where('token', '=', token)
        .execute();
    },
    /** Forgets a template's previews that were asked for before a time. */
    deleteOlder: async (scope: number, template: string, before: number): Promise<void> => {
      await write
        .deleteFrom('exclusion_previews')
        .where('scope', '=', scope)
        .where('template', '=', template)
        .where('created_at', '<', before)
        .execute();
    },
    deleteOfTemplates: async (scope: number, which: TemplateSelection): Promise<void> => {
      await write
        .deleteFrom('exclusion_previews')
        .where('scope', '=', scope)
        .where(ofTemplates(scope, which))
        .execute();
    },
  };
}
