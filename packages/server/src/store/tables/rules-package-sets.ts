import type { Handle } from '../database/dialect.ts';

/** Distinct lists of rules packages, in the order given. A set never changes, so those seen are kept in memory. */
export function createRulesPackageSets({ read, write }: Handle, known: Map<number, readonly string[]> = new Map()) {
  const find = async (text: string): Promise<number | undefined> =>
    (await read.selectFrom('rules_package_sets').select('id').where('arns', '=', text).executeTakeFirst())?.id;
  return {
    /** The set's id; made when it is first seen. Call it in the transaction that uses the id. */
    idOf: async (arns: readonly string[]): Promise<number> => {
      const text = JSON.stringify(arns);
      const found = await find(text);
      if (found !== undefined) return found;
      const inserted = await write
        .insertInto('rules_package_sets')
        .values({ arns: text } as never)
        .onConflict((conflict) => conflict.column('arns').doNothing())
        .returning('id')
        .executeTakeFirst();
      const id = inserted?.id ?? (await find(text));
      if (id === undefined) throw new Error('A set of rules packages could not be written');
      if (inserted && arns.length > 0) {
        await write
          .insertInto('rules_package_set_members')
          .values([...new Set(arns)].map((arn) => ({ rules_package_set: id, arn })))
          .execute();
      }
      return id;
    },
    /** The ARNs of each of the sets. */
    arnsOf: async (ids: readonly number[]): Promise<ReadonlyMap<number, readonly string[]>> => {
      const missing = [...new Set(ids)].filter((id) => !known.has(id));
      if (missing.length > 0) {
        const rows = await read.selectFrom('rules_package_sets').selectAll().where('id', 'in', missing).execute();
        for (const row of rows) known.set(row.id, JSON.parse(row.arns) as string[]);
      }
      return new Map([...new Set(ids)].map((id) => [id, known.get(id) ?? []]));
    },
    /** The sets that contain at least one of the ARNs. */
    containing: async (arns: readonly string[]): Promise<number[]> => {
      const rows = await read
        .selectFrom('rules_package_set_members')
        .select('rules_package_set as id')
        .distinct()
        .where('arn', 'in', arns)
        .execute();
      return rows.map((row) => row.id);
    },
  };
}
