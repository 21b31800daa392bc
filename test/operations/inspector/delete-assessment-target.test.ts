import { DeleteAssessmentTargetCommand } from '@aws-sdk/client-inspector';
import { beforeAll, describe, expect, test } from 'vitest';
import { addFullRun } from '../../support/full-run.ts';
import { errorOf, rawRequest } from '../../support/raw-request.ts';
import { testReferences } from '../../support/references.ts';
import { rowCounts } from '../../support/row-counts.ts';
import { createTarget, createTemplate, startRun } from '../../support/scenario.ts';
import { describeSerialization } from '../../support/serialization.ts';
import { useServer } from '../../support/use-server.ts';

const server = useServer();
let kept = '';
beforeAll(async () => {
  const client = server().client();
  kept = await createTarget(client);
  await addFullRun(server(), await createTemplate(client, kept), 'of another target');
});

describeSerialization('DeleteAssessmentTarget', server);

describe('validation', () => {
  testReferences({
    operation: 'DeleteAssessmentTarget',
    kind: 'target',
    server,
    own: () => kept,
    input: (assessmentTargetArn) => ({ assessmentTargetArn }),
  });
});

describe('behaviour', () => {
  const remove = (assessmentTargetArn: string) =>
    server().client().send(new DeleteAssessmentTargetCommand({ assessmentTargetArn }));

  test('with it goes all that hangs on it, and nothing else', async () => {
    const client = server().client();
    const before = await rowCounts(server());
    const target = await createTarget(client);
    for (const name of ['first', 'second']) await addFullRun(server(), await createTemplate(client, target), name);
    const full = await rowCounts(server());
    for (const table of [
      'templates',
      'runs',
      'run_agents',
      'findings',
      'exclusions',
      'evidence',
      'evidence_blobs',
      'evaluations',
      'jobs',
    ]) {
      expect(`${table} ${Number(full[table]) > Number(before[table])}`).toBe(`${table} true`);
    }
    await remove(target);
    // The hosts themselves stay.
    expect(await rowCounts(server())).toEqual({ ...before, agents: full.agents, agent_tags: full.agent_tags });
    expect(errorOf(await rawRequest(server(), 'DeleteAssessmentTarget', { assessmentTargetArn: target }))).toBe(
      'NoSuchEntityException ASSESSMENT_TARGET_DOES_NOT_EXIST',
    );
  });

  test('while runs are going it is refused with up to ten of them, and nothing is deleted', async () => {
    const client = server().client();
    // A group that no host carries: hosts can be in one run at a time.
    const group = await rawRequest(server(), 'CreateResourceGroup', { resourceGroupTags: [{ key: 'nobody' }] });
    const target = await createTarget(client, String(group.body.resourceGroupArn));
    const runs: string[] = [];
    for (let at = 0; at < 11; at++) runs.unshift(await startRun(client, await createTemplate(client, target)));
    const before = await rowCounts(server());
    await expect(remove(target)).rejects.toMatchObject({
      name: 'AssessmentRunInProgressException',
      assessmentRunArns: runs.slice(0, 10),
      assessmentRunArnsTruncated: true,
      canRetry: true,
    });
    expect(await rowCounts(server())).toEqual(before);
    for (const assessmentRunArn of runs) {
      await rawRequest(server(), 'StopAssessmentRun', { assessmentRunArn, stopAction: 'SKIP_EVALUATION' });
    }
    await remove(target);
  });

  test('its name is free again', async () => {
    const create = () => rawRequest(server(), 'CreateAssessmentTarget', { assessmentTargetName: 'again' });
    const { body } = await create();
    await remove(String(body.assessmentTargetArn));
    expect((await create()).status).toBe(200);
  });
});
