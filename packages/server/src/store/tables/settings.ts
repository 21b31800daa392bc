import type { Handle } from '../database/dialect.ts';

/** What is true of a store as a whole, by name. */
export function createSettings({ read, write }: Handle) {
  const find = async (name: string): Promise<string | undefined> =>
    (await read.selectFrom('settings').select('value').where('name', '=', name).executeTakeFirst())?.value;
  return {
    find,
    /** Sets a value that has none yet, and returns the one that holds: this one, or that of whoever was first. */
    settle: async (name: string, value: string): Promise<string> => {
      const known = await find(name);
      if (known !== undefined) return known;
      await write
        .insertInto('settings')
        .values({ name, value })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      return (await find(name)) ?? value;
    },
    /** Sets a value, whatever was there. */
    put: async (name: string, value: string): Promise<void> => {
      await write
        .insertInto('settings')
        .values({ name, value })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
        .execute();
    },
  };
}
