import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { openDatabase } from '../../packages/server/src/store/database/open-database.ts';
import type { StoreLocation } from '../../packages/server/src/store/database/store-location.ts';
import { type Migration, migrate, NewerStoreError } from '../../packages/server/src/store/migrate.ts';
import { openStore } from '../../packages/server/src/store/store.ts';
import { askStore, tablesOf } from '../support/ask-store.ts';
import { schemaText } from '../support/schema-text.ts';
import { storeKind } from '../support/test-store.ts';
import { closing, temporaryStore } from './open-temporary.ts';

const run = promisify(execFile);
const bare = (): Promise<StoreLocation> => temporaryStore({ bare: true });

async function made(): Promise<StoreLocation> {
  const location = await bare();
  await (await openStore(location)).close();
  return location;
}

const open = async (location: StoreLocation) => closing(await openDatabase(location), (database) => database.close());

test('an empty store becomes the schema of the snapshot: whoever changes one sees the other', async () => {
  const snapshot = { sqlite: './schema.sql', postgres: './schema.postgres.sql' }[storeKind];
  await expect(await schemaText(await made())).toMatchFileSnapshot(snapshot);
});

test.runIf(storeKind === 'sqlite')(
  'every table is strict: a text is never kept as a number, nor the other way round',
  async () => {
    const [tables = []] = await askStore(
      await made(),
      "select name, strict from pragma_table_list where schema = 'main'",
    );
    const lax = tables.filter(({ name, strict }) => strict !== 1 && !`${name}`.startsWith('sqlite_'));
    expect(lax.map(({ name }) => name)).toEqual(['schema_version']);
    expect(tables.length).toBeGreaterThan(15);
  },
);

test.runIf(storeKind === 'postgres')(
  'every text compares by its bytes, in a database that sorts as people do',
  async () => {
    const [[database] = [], texts = []] = await askStore(
      await made(),
      `select 'a' < 'B' as "sortsAsPeopleDo"`,
      `select column_name as name, collation_name as collation from information_schema.columns
       where table_schema = 'public' and data_type = 'text'`,
    );
    expect(database).toEqual({ sortsAsPeopleDo: true });
    expect(texts.length).toBeGreaterThan(50);
    expect(texts.filter(({ collation }) => collation !== 'C')).toEqual([]);
  },
);

test('opened again, everything is as it was', async () => {
  const location = await bare();
  const first = await openStore(location);
  const scope = await first.scopes.idOf({ account: '123456789012', region: 'eu-west-1' });
  await first.close();
  const second = closing(await openStore(location), (store) => store.close());
  expect(await second.scopes.get(scope)).toEqual({ account: '123456789012', region: 'eu-west-1' });
});

test('a store of a newer version is refused, and left as it is', async () => {
  const location = await made();
  await sql`update schema_version set version = 99`.execute((await open(location)).write);
  const before = await schemaText(location);
  await expect(openStore(location)).rejects.toThrow(NewerStoreError);
  await expect(openStore(location)).rejects.toThrow(/version 99.*Run a newer Assay/);
  expect(await schemaText(location)).toBe(before);
  expect(await askStore(location, 'select version from schema_version')).toEqual([[{ version: 99 }]]);
});

test('a migration that fails leaves nothing behind, and those before it stay; the next program goes on from there', async () => {
  const location = await bare();
  const { write, dialect } = await open(location);
  const makes = (table: string): Migration => ({
    up: async (db) => db.schema.createTable(table).addColumn('id', 'integer').execute(),
  });
  const broken: Migration = {
    up: async (db) => {
      await makes('half').up(db, dialect);
      await sql`insert into half (id) values (1)`.execute(db);
      throw new Error('in the middle of it');
    },
  };
  const state = async () => ({
    tables: (await tablesOf(location)).map(({ name }) => name).sort(),
    version: (await askStore(location, 'select version from schema_version'))[0],
  });
  await expect(migrate(write, dialect, [makes('first'), broken])).rejects.toThrow('in the middle of it');
  expect(await state()).toEqual({ tables: ['first', 'schema_version'], version: [{ version: 1 }] });
  await migrate(write, dialect, [makes('first'), makes('half'), makes('third')]);
  expect(await state()).toEqual({ tables: ['first', 'half', 'schema_version', 'third'], version: [{ version: 3 }] });
});

test('processes that open an empty store at once all get it whole', async () => {
  const location = await bare();
  const module = fileURLToPath(new URL('../../packages/server/src/store/store.ts', import.meta.url));
  const script = `
    import { openStore } from ${JSON.stringify(module)};
    const store = await openStore(${JSON.stringify(location)});
    console.log(await store.scopes.idOf({ account: '123456789012', region: 'eu-west-1' }));
    await store.close();`;
  const open = async (): Promise<string> =>
    (await run(process.execPath, ['--input-type=module', '-e', script])).stdout.trim();
  const ids = await Promise.all([open(), open(), open()]);
  expect(new Set(ids).size, `${ids}`).toBe(1);
  expect(await schemaText(location)).toBe(await schemaText(await made()));
});
