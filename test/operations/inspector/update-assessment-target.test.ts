import {
  CreateResourceGroupCommand,
  DescribeAssessmentTargetsCommand,
  PreviewAgentsCommand,
  UpdateAssessmentTargetCommand,
} from '@aws-sdk/client-inspector';
import { beforeAll, describe, expect, test } from 'vitest';
import { errorOf, rawRequest } from '../../support/raw-request.ts';
import { testReferences } from '../../support/references.ts';
import { addHost, createTarget, given, newId, newName, withId } from '../../support/scenario.ts';
import { describeSerialization } from '../../support/serialization.ts';
import { useServer } from '../../support/use-server.ts';

const server = useServer();
let target = '';
let group = '';
beforeAll(async () => {
  const create = new CreateResourceGroupCommand({ resourceGroupTags: [{ key: 'only', value: 'this' }] });
  group = given((await server().client().send(create)).resourceGroupArn);
  target = await createTarget(server().client());
});

const nameOf = async (arn: string) => {
  const described = await server()
    .client()
    .send(new DescribeAssessmentTargetsCommand({ assessmentTargetArns: [arn] }));
  return given(described.assessmentTargets?.[0]);
};

describeSerialization('UpdateAssessmentTarget', server);

describe('validation', () => {
  const input = (assessmentTargetArn: string, resourceGroupArn?: string) => ({
    assessmentTargetArn,
    assessmentTargetName: newName(),
    resourceGroupArn,
  });
  describe('of the target', () => {
    testReferences({
      operation: 'UpdateAssessmentTarget',
      kind: 'target',
      server,
      own: () => target,
      input: (arn) => input(arn),
    });
  });
  describe('of the group', () => {
    testReferences({
      operation: 'UpdateAssessmentTarget',
      kind: 'resourcegroup',
      server,
      own: () => group,
      input: (arn) => input(target, arn),
    });
  });
  test('form comes before existence', async () => {
    const body = { ...input(withId(target, 0, newId())), resourceGroupArn: 'nonsense' };
    expect(errorOf(await rawRequest(server(), 'UpdateAssessmentTarget', body))).toBe(
      'InvalidInputException INVALID_RESOURCE_GROUP_ARN',
    );
  });
});

describe('behaviour', () => {
  const update = (assessmentTargetArn: string, assessmentTargetName: string, resourceGroupArn?: string) =>
    server()
      .client()
      .send(
        new UpdateAssessmentTargetCommand({
          assessmentTargetArn,
          assessmentTargetName,
          ...(resourceGroupArn === undefined ? {} : { resourceGroupArn }),
        }),
      );

  test('the name and the group change, the time of the change with them, and nothing else', async () => {
    const arn = await createTarget(server().client());
    const before = await nameOf(arn);
    const name = newName();
    await update(arn, name, group);
    const after = await nameOf(arn);
    expect(after).toEqual({ ...before, name, resourceGroupArn: group, updatedAt: after.updatedAt });
    expect(given(after.updatedAt).getTime()).toBeGreaterThanOrEqual(given(before.updatedAt).getTime());
  });

  test("another target's name is taken, its own is not", async () => {
    const [one, other] = [await createTarget(server().client()), await createTarget(server().client())];
    const { name } = await nameOf(one);
    await update(one, given(name));
    await expect(update(other, given(name))).rejects.toMatchObject({
      name: 'InvalidInputException',
      errorCode: 'ASSESSMENT_TARGET_NAME_ALREADY_TAKEN',
    });
  });

  test('a group restricts the hosts, and its absence frees them again', async () => {
    const host = await addHost(server(), { tags: [{ key: 'only', value: 'this' }] });
    const other = await addHost(server());
    const arn = await createTarget(server().client());
    const hosts = async () => {
      const { agentPreviews } = await server()
        .client()
        .send(new PreviewAgentsCommand({ previewAgentsArn: arn, maxResults: 500 }));
      return given(agentPreviews).map(({ agentId }) => agentId);
    };
    expect(await hosts()).toEqual(expect.arrayContaining([host.id, other.id]));
    await update(arn, newName(), group);
    expect(await hosts()).toEqual([host.id]);
    await update(arn, newName());
    expect(await hosts()).toEqual(expect.arrayContaining([host.id, other.id]));
    expect(await nameOf(arn)).not.toHaveProperty('resourceGroupArn');
  });
});
