import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { newResourceId } from '../../../packages/server/src/domain/ids.ts';
import type { HostJudgement } from '../../../packages/server/src/engine/judging/judge-host.ts';
import { packJudgement } from '../../../packages/server/src/engine/judging/pack-judgement.ts';
import { writeJudgement } from '../../../packages/server/src/engine/judging/write-judgement.ts';
import { openStore } from '../../../packages/server/src/store/store.ts';
import { closing, temporaryStore } from '../../store/open-temporary.ts';
import { historicRun } from '../../support/scenario.ts';

test('a finding whose id another one has gets the next that is free: none is lost', async () => {
  const store = closing(await openStore(await temporaryStore()), (opened) => opened.close());
  const scope = await store.scopes.idOf({ account: '123456789012', region: 'eu-west-1' });
  const under = { at: 0, versions: {} };
  const parents = { target: newResourceId(randomBytes), template: newResourceId(randomBytes) };
  const run = historicRun({
    ...parents,
    rulesPackages: 1,
    state: 'EVALUATING_RULES',
    completedAt: null,
    imported: false,
    knowledge: under,
  });
  await store.runs.importMany(scope, [run]);
  const judgement = (names: readonly string[]): HostJudgement => ({
    verdicts: [],
    findings: names.map((rule, verdict) => ({
      verdict,
      rule,
      severity: 'High',
      numericSeverity: 9,
      document: {
        schemaVersion: 1,
        title: rule,
        description: '',
        recommendation: '',
        confidence: 10,
        indicatorOfCompromise: false,
        assetAttributes: {
          schemaVersion: 1,
          agentId: 'i-1',
          hostname: 'h',
          ipv4Addresses: [],
          tags: [],
          networkInterfaces: [],
        },
        attributes: [],
      },
    })),
    exclusions: [],
  });
  // The ids of the first host, and at first those of the second, begin at 0-00000000; then at 0-00000100.
  const draws = [0, 0, 1].map((hundreds) => Uint8Array.of(0, 0, 0, 0, 0, hundreds, 0, 0, 0, 0, 0, 0));
  const random = () => draws.shift() ?? new Uint8Array();
  for (const [agent, names] of [
    ['i-1', ['a', 'b']],
    ['i-2', ['c', 'd', 'e']],
  ] as const) {
    const judged = {
      agent: { id: agent },
      rulesPackage: 'arn:1',
      judgement: packJudgement(judgement(names), []),
      under,
    };
    await store.transaction((tables) => writeJudgement(tables, scope, run, judged, 1, random));
  }
  const written = await store.findings.ofRun(scope, run.id);
  expect(written.map(({ agent, rule, id }) => `${agent} ${rule} ${id}`)).toEqual([
    'i-1 a 0-00000000',
    'i-1 b 0-00000001',
    'i-2 c 0-00000100',
    'i-2 d 0-00000101',
    'i-2 e 0-00000002',
  ]);
});
