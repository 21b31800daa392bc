import type { Scope } from '@assay/model/arn.ts';
import type { Handle } from '../database/dialect.ts';

/** The id of scopes that have none: no row is in it, so that reads find nothing there. */
export const NO_SCOPE = -1;

const nameOf = ({ account, region }: Scope): string => `${account}/${region}`;

/** Accounts' regions as small integers. A scope never changes, so those seen are kept in memory. */
export function createScopes({ read, write }: Handle) {
  const known = new Map<string, number>();
  const named = new Map<number, Scope>();
  const look = async ({ account, region }: Scope): Promise<number | undefined> => {
    const row = await read
      .selectFrom('scopes')
      .select('id')
      .where('account', '=', account)
      .where('region', '=', region)
      .executeTakeFirst();
    return row?.id;
  };
  const find = async (scope: Scope): Promise<number | undefined> => {
    const name = nameOf(scope);
    const id = known.get(name) ?? (await look(scope));
    if (id !== undefined) known.set(name, id);
    return id;
  };
  return {
    /** The scope's id, or {@link NO_SCOPE} where nothing was ever written in it. */
    find: async (scope: Scope): Promise<number> => (await find(scope)) ?? NO_SCOPE,
    /** The scope's id; made when it is first seen. */
    idOf: async (scope: Scope): Promise<number> => {
      const before = await find(scope);
      if (before !== undefined) return before;
      const inserted = await write
        .insertInto('scopes')
        .values({ account: scope.account, region: scope.region } as never)
        .onConflict((conflict) => conflict.columns(['account', 'region']).doNothing())
        .returning('id')
        .executeTakeFirst();
      const id = inserted?.id ?? (await look(scope));
      if (id === undefined) throw new Error(`The scope ${nameOf(scope)} could not be written`);
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
