import type { Scope } from '@assay/model/arn.ts';
import type { Handle } from '../database/dialect.ts';

/** Accounts' regions as small integers. A scope never changes, so those seen are kept in memory. */
export function createScopes({ read, write }: Handle) {
  const known = new Map<string, number>();
  const named = new Map<number, Scope>();
  const find = async ({ account, region }: Scope): Promise<number | undefined> => {
    const row = await read
      .selectFrom('scopes')
      .select('id')
      .where('account', '=', account)
      .where('region', '=', region)
      .executeTakeFirst();
    return row?.id;
  };
  return {
    /** The scope's id; made when it is first seen. */
    idOf: async (scope: Scope): Promise<number> => {
      const name = `${scope.account}/${scope.region}`;
      const cached = known.get(name);
      if (cached !== undefined) return cached;
      let id = await find(scope);
      if (id === undefined) {
        const inserted = await write
          .insertInto('scopes')
          .values({ account: scope.account, region: scope.region } as never)
          .onConflict((conflict) => conflict.columns(['account', 'region']).doNothing())
          .returning('id')
          .executeTakeFirst();
        id = inserted?.id ?? (await find(scope));
        if (id === undefined) throw new Error(`The scope ${name} could not be written`);
        return id;
      }
      known.set(name, id);
      return id;
    },
    get: async (id: number): Promise<Scope> => {
      const cached = named.get(id);
      if (cached) return cached;
      const columns = ['account', 'region'] as const;
      const scope = await read.selectFrom('scopes').select(columns).where('id', '=', id).executeTakeFirstOrThrow();
      named.set(id, scope);
      return scope;
    },
  };
}
