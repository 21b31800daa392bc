/** A store of the version before findings carried what they are found by. */
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { Verdict } from '../../packages/server/src/domain/rules-package.ts';
import { openDatabase } from '../../packages/server/src/store/database/open-database.ts';
import { findingLayout } from '../../packages/server/src/store/lists/finding-layout.ts';
import { initial } from '../../packages/server/src/store/migrations/0001-initial.ts';
import { blockIds } from '../../packages/server/src/store/migrations/0002-block-ids.ts';
import { reportContent } from '../../packages/server/src/store/migrations/0003-report-content.ts';
import { openStore } from '../../packages/server/src/store/store.ts';
import { checkSegments } from '../support/check-segments.ts';
import { closing, temporaryStore } from './open-temporary.ts';

/** More than the migration holds in memory at once. */
const FINDINGS = 1003;
const HOSTS = 23;
const idOf = (at: number): string => `0-f${String(at).padStart(7, '0')}`;
const documentOf = (at: number) => ({
  title: `Finding ${at}`,
  attributes: [{ key: 'CVE_ID', value: `CVE-${at}` }],
  userAttributes: at % 500 === 0 ? [{ key: 'team' }] : [],
});
const verdict: Verdict = { ruleId: 'a rule', outcome: 'NOT_APPLICABLE', reason: 'Because é', observations: [] };

test('its findings are found by their attributes, its verdicts are read, and its lists are whole', async () => {
  const location = await temporaryStore({ bare: true });
  const { write: db, dialect, close } = await openDatabase(location);
  await db.transaction().execute(async (transaction) => {
    for (const { up } of [initial, blockIds, reportContent]) await up(transaction as never, dialect);
    await sql`create table schema_version (version integer not null)`.execute(transaction);
    await sql`insert into schema_version values (3)`.execute(transaction);
    await sql`insert into scopes (account, region) values ('123456789012', 'eu-west-1')`.execute(transaction);
    for (let at = 0; at < FINDINGS; at++) {
      await sql`insert into findings (scope, id, target, template, run, agent, rules_package, rule, severity,
        numeric_severity, document, created_at, updated_at) values (1, ${idOf(at)}, '0-target00', '0-templat0',
        '0-run00000', 'i-1', 'arn:1', 'a rule', 'High', 9, ${JSON.stringify(documentOf(at))}, ${at}, ${at})`.execute(
        transaction,
      );
      await sql`insert into finding_attributes (scope, finding, owner, key, value)
        values (1, ${idOf(at)}, 'system', 'CVE_ID', ${`CVE-${at}`})`.execute(transaction);
    }
    for (let host = 0; host < HOSTS; host++) {
      await sql`insert into evaluations (scope, run, agent, rules_package, verdicts, evaluated_at)
        values (1, '0-run00000', ${`i-${String(host).padStart(2, '0')}`}, 'arn:1', ${JSON.stringify([verdict])}, ${host})`.execute(
        transaction,
      );
    }
    // A segment and a change of the list as they were.
    await sql`insert into list_blocks (id, list, scope, last_at, last_id, count)
      values (7, ${findingLayout.list}, 1, 0, 'x', 1)`.execute(transaction);
    await sql`insert into list_block_columns (id, data) values (224, ${Buffer.from('old')})`.execute(transaction);
    await sql`insert into list_changes (list, scope, created_at, id)
      values (${findingLayout.list}, 1, 3, ${idOf(3)})`.execute(transaction);
  });
  await close();

  const store = closing(await openStore(location), (opened) => opened.close());
  const named = async (filter: Parameters<typeof store.findings.list>[1]): Promise<string[]> =>
    (await store.findings.list(1, filter, undefined, 2000)).map(({ id }) => id);
  const check = async (): Promise<void> => {
    expect(await named({ attributes: [{ key: 'CVE_ID', value: 'CVE-1001' }] })).toEqual([idOf(1001)]);
    expect(await named({ userAttributes: [{ key: 'team' }] })).toEqual([idOf(1000), idOf(500), idOf(0)]);
    expect(await named({ severities: ['High'] })).toHaveLength(FINDINGS);
  };
  await check();
  while ((await store.transaction((tables) => tables.lists.compact(findingLayout.list, 1))) > 0);
  await check();
  expect(await checkSegments(location, findingLayout, 1)).toBe(FINDINGS);

  const evaluations = await store.evaluations.list(1, '0-run00000');
  expect(evaluations.map(({ evaluatedAt }) => evaluatedAt)).toEqual(Array.from({ length: HOSTS }, (_, host) => host));
  expect(evaluations.every(({ verdicts }) => JSON.stringify(verdicts) === JSON.stringify([verdict]))).toBe(true);
});
