import { DeleteAssessmentTemplateCommand } from '@aws-sdk/client-inspector';
import { beforeAll, describe, expect, test } from 'vitest';
import { addFullRun } from '../../support/full-run.ts';
import { errorOf, rawRequest } from '../../support/raw-request.ts';
import { testReferences } from '../../support/references.ts';
import { rowCounts } from '../../support/row-counts.ts';
import { createTarget, createTemplate, startRun } from '../../support/scenario.ts';
import { describeSerialization } from '../../support/serialization.ts';
import { useServer } from '../../support/use-server.ts';

const server = useServer();
let target = '';
let kept = '';
beforeAll(async () => {
  target = await createTarget(server().client());
  kept = await createTemplate(server().client(), target);
  await addFullRun(server(), kept, 'of another template');
});

describeSerialization('DeleteAssessmentTemplate', server);

describe('validation', () => {
  testReferences({
    operation: 'DeleteAssessmentTemplate',
    kind: 'template',
    server,
    own: () => kept,
    input: (assessmentTemplateArn) => ({ assessmentTemplateArn }),
  });
});

describe('behaviour', () => {
  const remove = (assessmentTemplateArn: string) =>
    server().client().send(new DeleteAssessmentTemplateCommand({ assessmentTemplateArn }));

  test('with it go its runs and all that hangs on them, and nothing else', async () => {
    const before = await rowCounts(server());
    const template = await createTemplate(server().client(), target);
    for (const name of ['first', 'second']) await addFullRun(server(), template, name);
    const full = await rowCounts(server());
    await remove(template);
    expect(await rowCounts(server())).toEqual({ ...before, agents: full.agents, agent_tags: full.agent_tags });
    const again = await rawRequest(server(), 'DeleteAssessmentTemplate', { assessmentTemplateArn: template });
    expect(errorOf(again)).toBe('NoSuchEntityException ASSESSMENT_TEMPLATE_DOES_NOT_EXIST');
  });

  test('while a run is going it is refused, until the run is stopped', async () => {
    const client = server().client();
    const group = await rawRequest(server(), 'CreateResourceGroup', { resourceGroupTags: [{ key: 'nobody' }] });
    const template = await createTemplate(client, await createTarget(client, String(group.body.resourceGroupArn)));
    const runs = [await startRun(client, template), await startRun(client, template)];
    const before = await rowCounts(server());
    await expect(remove(template)).rejects.toMatchObject({
      name: 'AssessmentRunInProgressException',
      assessmentRunArns: runs.toReversed(),
      assessmentRunArnsTruncated: false,
    });
    expect(await rowCounts(server())).toEqual(before);
    for (const assessmentRunArn of runs) {
      await rawRequest(server(), 'StopAssessmentRun', { assessmentRunArn, stopAction: 'SKIP_EVALUATION' });
    }
    await remove(template);
  });
});
