/** A store of the version before findings were found by each of their packages. */
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { openDatabase } from '../../packages/server/src/store/database/open-database.ts';
import { packageTerms } from '../../packages/server/src/store/migrations/0014-package-terms.ts';
import { packTerms } from '../../packages/server/src/store/migrations/formats/finding-terms.ts';
import { openStore } from '../../packages/server/src/store/store.ts';
import { newId, someFinding } from '../support/scenario.ts';
import { closing, temporaryStore } from './open-temporary.ts';

test('its findings of several packages are found by each of them', async () => {
  const location = await temporaryStore();
  const before = await openStore(location);
  const scope = await before.scopes.idOf({ account: '123456789012', region: 'eu-west-1' });
  const [target, template, run] = [newId(), newId(), newId()];
  const findings = ['libcurl4, curl', 'curl', 'bash, and 3 more'].map((value, at) => {
    const attributes = [
      { key: 'CVE_ID', value: 'CVE-1' },
      { key: 'package_name', value },
    ];
    return someFinding({ target, template, run, createdAt: at, document: { attributes, userAttributes: [] } });
  });
  await before.findings.insertMany(scope, findings);
  await before.close();

  const old = await openDatabase(location);
  for (const { id, document } of findings) {
    const terms = packTerms(document as Parameters<typeof packTerms>[0]);
    await sql`update findings set terms = ${terms} where scope = ${scope} and id = ${id}`.execute(old.write);
  }
  await old.write.transaction().execute((transaction) => packageTerms.up(transaction as never));
  await old.close();

  const store = closing(await openStore(location), (opened) => opened.close());
  const found = async (name: string): Promise<unknown[]> =>
    (await store.findings.list(scope, { package: name }, undefined, 10)).map(({ id }) =>
      findings.findIndex((each) => each.id === id),
    );
  expect(await found('curl')).toEqual([1, 0]);
  expect(await found('libcurl4')).toEqual([0]);
  expect(await found('bash')).toEqual([2]);
  expect(await found('and 3 more')).toEqual([]);
});
