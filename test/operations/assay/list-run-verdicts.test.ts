import { beforeAll, describe, expect, test } from 'vitest';
import { addFullRun, type FullRun } from '../../support/full-run.ts';
import { testPages } from '../../support/pages.ts';
import { errorOf, rawRequest } from '../../support/raw-request.ts';
import { createTarget, createTemplate } from '../../support/scenario.ts';
import { useServer } from '../../support/use-server.ts';

const server = useServer();
let full: FullRun;
beforeAll(async () => {
  const client = server().client();
  full = await addFullRun(server(), await createTemplate(client, await createTarget(client)), 'a run');
});

interface Verdict {
  readonly agentId: string;
  readonly ruleName: string;
  readonly rulesPackageArn: string;
  readonly outcome: string;
}
const list = async (filter: object): Promise<Verdict[]> => {
  const all: Verdict[] = [];
  let nextToken: unknown;
  do {
    const input = { assessmentRunArn: full.run, filter, maxResults: 7, nextToken };
    const { status, text, body } = await rawRequest(server(), 'ListRunVerdicts', input);
    expect(status, text).toBe(200);
    all.push(...(body.verdicts as Verdict[]));
    nextToken = body.nextToken;
  } while (nextToken !== undefined);
  return all;
};

describe('ListRunVerdicts', () => {
  testPages({
    operation: 'ListRunVerdicts',
    items: 'verdicts',
    server,
    input: () => ({ assessmentRunArn: full.run }),
    otherInput: () => ({ assessmentRunArn: full.run, filter: { outcomes: ['PASSED'] } }),
  });

  test('has as many of each outcome as the coverage of the run counts', async () => {
    const { body } = await rawRequest(server(), 'GetRunCoverage', { assessmentRunArn: full.run });
    const { passed, finding, notApplicable, notAssessed } = body.verdicts as Record<string, number>;
    const counted = Object.groupBy(await list({}), ({ outcome }) => outcome);
    const of = (outcome: string): number => counted[outcome]?.length ?? 0;
    expect([of('PASSED'), of('FINDING'), of('NOT_APPLICABLE'), of('NOT_ASSESSED')]).toEqual([
      ...[passed, finding, notApplicable, notAssessed],
    ]);
  });

  test('every part of a filter must match', async () => {
    const all = await list({});
    const [first] = all;
    expect(first).toBeDefined();
    const { agentId = '', ruleName = '', rulesPackageArn = '', outcome = '' } = first ?? {};
    for (const [filter, matches] of [
      [{ agentIds: [agentId] }, (each: Verdict) => each.agentId === agentId],
      [{ ruleNames: [ruleName] }, (each: Verdict) => each.ruleName === ruleName],
      [{ rulesPackageArns: [rulesPackageArn] }, (each: Verdict) => each.rulesPackageArn === rulesPackageArn],
      [{ outcomes: [outcome] }, (each: Verdict) => each.outcome === outcome],
      [
        { agentIds: [agentId], outcomes: [outcome] },
        (each: Verdict) => each.agentId === agentId && each.outcome === outcome,
      ],
    ] as const) {
      expect(await list(filter), JSON.stringify(filter)).toEqual(all.filter(matches));
    }
    expect(await list({ agentIds: ['i-none'] })).toEqual([]);
  });

  test('of a run that is not there is refused', async () => {
    const input = { assessmentRunArn: `${full.run.slice(0, -8)}zzzzzzzz` };
    expect(errorOf(await rawRequest(server(), 'ListRunVerdicts', input))).toBe(
      'NoSuchEntityException ASSESSMENT_RUN_DOES_NOT_EXIST',
    );
  });
});
