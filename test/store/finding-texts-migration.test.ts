/** A store of the version before findings' texts went together and verdicts left to findings what those say. */
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { Verdict } from '../../packages/server/src/domain/rules-package.ts';
import { openDatabase } from '../../packages/server/src/store/database/open-database.ts';
import { packJson } from '../../packages/server/src/store/database/packed-json.ts';
import { findingLayout } from '../../packages/server/src/store/lists/finding-layout.ts';
import { initial } from '../../packages/server/src/store/migrations/0001-initial.ts';
import { blockIds } from '../../packages/server/src/store/migrations/0002-block-ids.ts';
import { reportContent } from '../../packages/server/src/store/migrations/0003-report-content.ts';
import { findingTerms } from '../../packages/server/src/store/migrations/0004-finding-terms.ts';
import { settings } from '../../packages/server/src/store/migrations/0005-settings.ts';
import { runTelemetry } from '../../packages/server/src/store/migrations/0006-run-telemetry.ts';
import { openStore } from '../../packages/server/src/store/store.ts';
import { packTerms } from '../../packages/server/src/store/tables/finding-terms.ts';
import { checkSegments } from '../support/check-segments.ts';
import { given } from '../support/scenario.ts';
import { closing, temporaryStore } from './open-temporary.ts';

const before = [initial, blockIds, reportContent, findingTerms, settings, runTelemetry];
/** More findings than the migration holds in memory at once, of more hosts than evaluations. */
const HOSTS = 37;
const EACH = 30;
const RUNS = ['0-run00000', '0-run00001'];
const rulesPackage = 'arn:1';

const agentOf = (host: number): string => `i-${String(host).padStart(2, '0')}`;
/** Two findings of each rule, told apart by what they say alone. */
const findingOf = (run: number, host: number, at: number) => ({
  id: `0-${run}${String(host).padStart(3, '0')}${String(at).padStart(4, '0')}`,
  rule: `rule ${at >> 1}`,
  document: {
    title: `Finding ${at}`,
    description: at === 0 ? '' : `é said ${at} of ${host}\nin lines`,
    confidence: 10,
    given: at === 7 ? { service: 'Inspector' } : undefined,
    assetAttributes: { schemaVersion: 1, hostname: `host-${host}` },
    attributes: [{ key: 'CVE_ID', value: `CVE-${at}` }, { key: 'bare' }],
    userAttributes: at % 2 === 0 ? [{ key: 'team', value: '' }] : [],
  },
});
const verdictsOf = (run: number, host: number): Verdict[] => [
  { ruleId: 'another', outcome: 'PASSED', observations: [] },
  ...Array.from({ length: EACH }, (_, at): Verdict => {
    const { rule, document } = findingOf(run, host, at);
    const { title, description } = document;
    const details = { title, description, recommendation: 'r', severity: 'High' as const, attributes: [] };
    const observations = [{ source: `/etc/${at}`, observed: 'as it was' }];
    return { ruleId: rule, outcome: 'FINDING', observations, finding: { ...details, state: 'NO_FIX', packages: [] } };
  }),
];

test('findings say what they said and know their verdicts, which say the rest', async () => {
  const location = await temporaryStore({ bare: true });
  const { write: db, dialect, close } = await openDatabase(location);
  await db.transaction().execute(async (transaction) => {
    for (const { up } of before) await up(transaction as never, dialect);
    await sql`create table schema_version (version integer not null)`.execute(transaction);
    await sql`insert into schema_version values (${before.length})`.execute(transaction);
    await sql`insert into scopes (account, region) values ('123456789012', 'eu-west-1')`.execute(transaction);
    for (const [run, id] of RUNS.entries()) {
      for (let host = 0; host < HOSTS; host++) {
        for (let at = 0; at < EACH; at++) {
          const finding = findingOf(run, host, at);
          await sql`insert into findings (scope, id, target, template, run, agent, rules_package, rule, severity,
            numeric_severity, document, created_at, updated_at, terms) values (1, ${finding.id}, '0-target00', '0-templat0',
            ${id}, ${at === 9 ? null : agentOf(host)}, ${rulesPackage}, ${finding.rule}, 'High', 9,
            ${JSON.stringify(finding.document)}, ${host}, ${host + 1}, ${packTerms(finding.document)})`.execute(
            transaction,
          );
        }
        await sql`insert into list_changes (list, scope, created_at, id) select ${findingLayout.list}, scope, created_at, id
          from findings where run = ${id} and created_at = ${host}`.execute(transaction);
        // Verdicts of the second run have expired.
        if (run === 1) continue;
        await sql`insert into evaluations (scope, run, agent, rules_package, verdicts, evaluated_at)
          values (1, ${id}, ${agentOf(host)}, ${rulesPackage}, ${packJson(verdictsOf(run, host))}, ${host})`.execute(
          transaction,
        );
      }
    }
  });
  await close();

  const store = closing(await openStore(location), (opened) => opened.close());
  for (const [run, id] of RUNS.entries()) {
    const found = new Map((await store.findings.ofRun(1, id)).map((finding) => [finding.id, finding]));
    expect(found.size).toBe(HOSTS * EACH);
    for (let host = 0; host < HOSTS; host++) {
      for (let at = 0; at < EACH; at++) {
        const expected = findingOf(run, host, at);
        const finding = given(found.get(expected.id));
        expect(JSON.parse(JSON.stringify(finding.document))).toEqual(JSON.parse(JSON.stringify(expected.document)));
        expect([finding.rule, finding.createdAt, finding.updatedAt]).toEqual([expected.rule, host, host + 1]);
        expect(finding.verdict).toBe(run === 1 || at === 9 ? null : at + 1);
      }
    }
  }
  const evaluations = await store.evaluations.list(1, given(RUNS[0]));
  expect(evaluations).toHaveLength(HOSTS);
  for (const [host, { verdicts }] of evaluations.entries()) {
    expect(verdicts).toEqual(
      verdictsOf(0, host).map((verdict) =>
        verdict.outcome === 'FINDING'
          ? { ...verdict, finding: { severity: 'High', state: 'NO_FIX', packages: [] } }
          : verdict,
      ),
    );
  }

  const [run = ''] = RUNS;
  expect(
    await store.findings.list(1, { attributes: [{ key: 'CVE_ID', value: 'CVE-3' }] }, undefined, 999),
  ).toHaveLength(HOSTS * 2);
  while ((await store.transaction((tables) => tables.lists.compact(findingLayout.list, 1))) > 0);
  expect(await checkSegments(location, findingLayout, 1)).toBe(RUNS.length * HOSTS * EACH);
  // Nothing of a run stays behind it.
  await store.transaction((tables) => tables.findings.delete(1, { run }));
  const { write, close: closeAgain } = await openDatabase(location);
  const { rows } = await sql<{ run: string }>`select distinct run from finding_texts`.execute(write);
  await closeAgain();
  expect(rows).toEqual([{ run: RUNS[1] }]);
});
