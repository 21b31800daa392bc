import { execFile } from 'node:child_process';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { NewerStoreError } from '../../packages/server/src/store/migrate.ts';
import { openStore } from '../../packages/server/src/store/store.ts';
import { closing, temporaryFile } from './open-temporary.ts';

const run = promisify(execFile);

async function made(): Promise<DatabaseSync> {
  const file = temporaryFile();
  await (await openStore({ file })).close();
  return closing(new DatabaseSync(file), (database) => database.close());
}

const schemaOf = (database: DatabaseSync): string =>
  database
    .prepare("select sql from sqlite_master where sql is not null and name not like 'sqlite_%' order by tbl_name, name")
    .all()
    .map(({ sql }) => `${sql};\n`)
    .join('');

test('an empty file becomes the schema of the snapshot: whoever changes one sees the other', async () => {
  await expect(schemaOf(await made())).toMatchFileSnapshot('./schema.sql');
});

test('every table is strict: a text is never kept as a number, nor the other way round', async () => {
  const tables = (await made()).prepare("select name, strict from pragma_table_list where schema = 'main'").all();
  const lax = tables.filter(({ name, strict }) => strict !== 1 && !`${name}`.startsWith('sqlite_'));
  expect(lax.map(({ name }) => name)).toEqual(['schema_version']);
  expect(tables.length).toBeGreaterThan(15);
});

test('opened again, everything is as it was', async () => {
  const file = temporaryFile();
  const first = await openStore({ file });
  const scope = await first.scopes.idOf({ account: '123456789012', region: 'eu-west-1' });
  await first.close();
  const second = closing(await openStore({ file }), (store) => store.close());
  expect(await second.scopes.get(scope)).toEqual({ account: '123456789012', region: 'eu-west-1' });
});

test('a store of a newer version is refused, and left as it is', async () => {
  const file = temporaryFile();
  await (await openStore({ file })).close();
  const newer = new DatabaseSync(file);
  newer.exec('update schema_version set version = 99');
  const before = schemaOf(newer);
  await expect(openStore({ file })).rejects.toThrow(NewerStoreError);
  await expect(openStore({ file })).rejects.toThrow(/version 99.*Run a newer Assay/);
  expect(schemaOf(newer)).toBe(before);
  expect(newer.prepare('select version from schema_version').all()).toEqual([{ version: 99 }]);
  newer.close();
});

test('processes that open an empty store at once all get it whole', async () => {
  const file = temporaryFile();
  const module = fileURLToPath(new URL('../../packages/server/src/store/store.ts', import.meta.url));
  const script = `
    import { openStore } from ${JSON.stringify(module)};
    const store = await openStore({ file: ${JSON.stringify(file)} });
    console.log(await store.scopes.idOf({ account: '123456789012', region: 'eu-west-1' }));
    await store.close();`;
  const open = async (): Promise<string> =>
    (await run(process.execPath, ['--input-type=module', '-e', script])).stdout.trim();
  expect(await Promise.all([open(), open(), open()])).toEqual(['1', '1', '1']);
});
