import {
  CreateAssessmentTargetCommand,
  CreateResourceGroupCommand,
  DescribeAssessmentTargetsCommand,
} from '@aws-sdk/client-inspector';
import { beforeAll, describe, expect, test } from 'vitest';
import { errorOf, rawRequest } from '../../support/raw-request.ts';
import { testReferences } from '../../support/references.ts';
import { given, newId, newName, withId } from '../../support/scenario.ts';
import { describeSerialization } from '../../support/serialization.ts';
import { startTestServer } from '../../support/test-server.ts';
import { useServer } from '../../support/use-server.ts';

const server = useServer();
let group = '';
beforeAll(async () => {
  const create = new CreateResourceGroupCommand({ resourceGroupTags: [{ key: 'k', value: 'v' }] });
  group = given((await server().client().send(create)).resourceGroupArn);
});

const create = (assessmentTargetName: string, resourceGroupArn?: string) =>
  new CreateAssessmentTargetCommand({
    assessmentTargetName,
    ...(resourceGroupArn === undefined ? {} : { resourceGroupArn }),
  });

describeSerialization('CreateAssessmentTarget', server);

describe('validation', () => {
  testReferences({
    operation: 'CreateAssessmentTarget',
    kind: 'resourcegroup',
    server,
    own: () => group,
    input: (resourceGroupArn) => ({ assessmentTargetName: newName(), resourceGroupArn }),
  });

  test('shape comes before existence, existence before the name, the name before the limit', async () => {
    const small = await startTestServer({ jobs: false, limits: { targets: 1 } });
    try {
      const answer = async (assessmentTargetName: string, resourceGroupArn?: string) =>
        errorOf(await rawRequest(small, 'CreateAssessmentTarget', { assessmentTargetName, resourceGroupArn }));
      await small.client().send(create('taken'));
      const nowhere = withId(group, 0, newId());
      expect(await answer('', nowhere)).toBe('InvalidInputException INVALID_ASSESSMENT_TARGET_NAME');
      expect(await answer('taken', nowhere)).toBe('NoSuchEntityException RESOURCE_GROUP_DOES_NOT_EXIST');
      expect(await answer('taken')).toBe('InvalidInputException ASSESSMENT_TARGET_NAME_ALREADY_TAKEN');
      expect(await answer('free')).toBe('LimitExceededException ASSESSMENT_TARGET_LIMIT_EXCEEDED');
      // The limit is per account and region.
      await small.client('eu-west-1').send(create('free'));
      const key = await small.addKey('AKIDOTHER', '210987654321');
      await small.client('us-east-1', key).send(create('taken'));
    } finally {
      await small.stop();
    }
  });
});

describe('behaviour', () => {
  test('a target is described as it was made, with a group or for every host', async () => {
    const client = server().client();
    const [withGroup, every] = [newName(), newName()];
    const arns = [
      given((await client.send(create(withGroup, group))).assessmentTargetArn),
      given((await client.send(create(every))).assessmentTargetArn),
    ];
    expect(arns[0]).toMatch(/^arn:aws:inspector:us-east-1:123456789012:target\/0-[0-9A-Za-z]{8}$/);
    const described = await client.send(new DescribeAssessmentTargetsCommand({ assessmentTargetArns: arns }));
    expect(described.assessmentTargets).toMatchObject([
      { arn: arns[0], name: withGroup, resourceGroupArn: group },
      { name: every },
    ]);
    for (const target of given(described.assessmentTargets)) expect(target.updatedAt).toEqual(target.createdAt);
    expect(described.assessmentTargets?.[1]).not.toHaveProperty('resourceGroupArn');
  });

  test('a name is taken once an account and region, case and all', async () => {
    const name = newName();
    await server().client().send(create(name));
    await expect(server().client().send(create(name))).rejects.toMatchObject({
      name: 'InvalidInputException',
      errorCode: 'ASSESSMENT_TARGET_NAME_ALREADY_TAKEN',
      canRetry: false,
    });
    await server().client().send(create(name.toUpperCase()));
    await server()
      .client()
      .send(create(`${name} `));
    await server().client('eu-west-1').send(create(name));
  });

  test('of many at once with one name, one is made', async () => {
    const name = newName();
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => server().client().send(create(name))));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'rejected') {
        expect(result.reason).toMatchObject({ errorCode: 'ASSESSMENT_TARGET_NAME_ALREADY_TAKEN' });
      }
    }
  });
});
