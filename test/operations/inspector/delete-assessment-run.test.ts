import { DeleteAssessmentRunCommand } from '@aws-sdk/client-inspector';
import { beforeAll, describe, expect, test } from 'vitest';
import { addFullRun } from '../../support/full-run.ts';
import { errorOf, rawRequest } from '../../support/raw-request.ts';
import { testReferences } from '../../support/references.ts';
import { rowCounts } from '../../support/row-counts.ts';
import { createTarget, createTemplate, startRun } from '../../support/scenario.ts';
import { describeSerialization } from '../../support/serialization.ts';
import { useServer } from '../../support/use-server.ts';

const server = useServer();
let template = '';
let kept = '';
beforeAll(async () => {
  template = await createTemplate(server().client(), await createTarget(server().client()));
  kept = (await addFullRun(server(), template, 'kept')).run;
});

describeSerialization('DeleteAssessmentRun', server);

describe('validation', () => {
  testReferences({
    operation: 'DeleteAssessmentRun',
    kind: 'run',
    server,
    own: () => kept,
    input: (assessmentRunArn) => ({ assessmentRunArn }),
  });
});

describe('behaviour', () => {
  const remove = (assessmentRunArn: string) =>
    server().client().send(new DeleteAssessmentRunCommand({ assessmentRunArn }));

  test('with it goes all that hangs on it, and nothing of another run', async () => {
    const before = await rowCounts(server());
    const { run, findings, exclusions } = await addFullRun(server(), template, 'goes');
    const full = await rowCounts(server());
    // The document that both runs refer to is stored once, and stays.
    expect(Number(full.evidence) - Number(before.evidence)).toBe(2);
    expect(Number(full.evidence_blobs) - Number(before.evidence_blobs)).toBe(1);
    await remove(run);
    expect(await rowCounts(server())).toEqual({ ...before, agents: full.agents, agent_tags: full.agent_tags });
    const missing = async (operation: string, member: string, arn: string | undefined) => {
      const { body } = await rawRequest(server(), operation, { [member]: [arn] });
      return body.failedItems;
    };
    const gone = { failureCode: 'ITEM_DOES_NOT_EXIST', retryable: false };
    expect(await missing('DescribeAssessmentRuns', 'assessmentRunArns', run)).toEqual({ [run]: gone });
    expect(await missing('DescribeFindings', 'findingArns', findings[0])).toEqual({ [String(findings[0])]: gone });
    expect(await missing('DescribeExclusions', 'exclusionArns', exclusions[0])).toEqual({
      [String(exclusions[0])]: gone,
    });
    for (const operation of ['DeleteAssessmentRun', 'StopAssessmentRun', 'ListExclusions', 'ListAssessmentRunAgents']) {
      expect(errorOf(await rawRequest(server(), operation, { assessmentRunArn: run }))).toBe(
        'NoSuchEntityException ASSESSMENT_RUN_DOES_NOT_EXIST',
      );
    }
  });

  test('one that is going is refused, existence being judged first', async () => {
    const run = await startRun(
      server().client(),
      await createTemplate(server().client(), await createTarget(server().client())),
    );
    const before = await rowCounts(server());
    await expect(remove(run)).rejects.toMatchObject({
      name: 'AssessmentRunInProgressException',
      assessmentRunArns: [run],
      assessmentRunArnsTruncated: false,
      canRetry: true,
    });
    expect(await rowCounts(server())).toEqual(before);
    await rawRequest(server(), 'StopAssessmentRun', { assessmentRunArn: run, stopAction: 'SKIP_EVALUATION' });
    await remove(run);
  });
});
