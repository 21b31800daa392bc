import { CreateResourceGroupCommand, DescribeResourceGroupsCommand } from '@aws-sdk/client-inspector';
import { describe, expect, test } from 'vitest';
import { errorOf, rawRequest } from '../../support/raw-request.ts';
import { given } from '../../support/scenario.ts';
import { describeSerialization } from '../../support/serialization.ts';
import { useServer } from '../../support/use-server.ts';

const server = useServer();

describeSerialization('CreateResourceGroup', server);

describe('validation', () => {
  const refusal = async (resourceGroupTags: unknown) =>
    errorOf(await rawRequest(server(), 'CreateResourceGroup', { resourceGroupTags }));

  test('the same key and value twice is INVALID_TAG', async () => {
    const twice = [
      { key: 'a', value: 'b' },
      { key: 'a', value: 'b' },
    ];
    expect(await refusal(twice)).toBe('InvalidInputException INVALID_TAG');
    expect(await refusal([{ key: 'a' }, { key: 'a', value: null }])).toBe('InvalidInputException INVALID_TAG');
  });
  test('NUL is no character of a tag', async () => {
    expect(await refusal([{ key: 'a\0' }])).toBe('InvalidInputException INVALID_RESOURCE_GROUP_TAG_KEY');
    expect(await refusal([{ key: 'a', value: '\0' }])).toBe('InvalidInputException INVALID_RESOURCE_GROUP_TAG_VALUE');
  });
});

describe('behaviour', () => {
  test('a group keeps its tags as they were given', async () => {
    const client = server().client();
    const resourceGroupTags = [
      { key: 'Name', value: 'web' },
      { key: 'Name', value: 'Web' },
      { key: 'anything, without a value' },
      { key: 'ключ 😀', value: "'; drop table runs --" },
    ];
    const before = Date.now();
    const { resourceGroupArn } = await client.send(new CreateResourceGroupCommand({ resourceGroupTags }));
    expect(resourceGroupArn).toMatch(/^arn:aws:inspector:us-east-1:123456789012:resourcegroup\/0-[0-9A-Za-z]{8}$/);
    const described = await client.send(
      new DescribeResourceGroupsCommand({ resourceGroupArns: [given(resourceGroupArn)] }),
    );
    const [group] = given(described.resourceGroups);
    expect(group?.tags).toEqual(resourceGroupTags);
    expect(given(group?.createdAt).getTime()).toBeGreaterThanOrEqual(before);
  });
  test('the same tags again are another group', async () => {
    const create = new CreateResourceGroupCommand({ resourceGroupTags: [{ key: 'k', value: 'v' }] });
    const client = server().client();
    const [first, second] = [await client.send(create), await client.send(create)];
    expect(first.resourceGroupArn).not.toBe(second.resourceGroupArn);
  });
  test.each([
    ['cn-north-1', 'arn:aws-cn:inspector:cn-north-1:'],
    ['us-gov-west-1', 'arn:aws-us-gov:inspector:us-gov-west-1:'],
    ['mars-central-7', 'arn:aws:inspector:mars-central-7:'],
  ])('in %s its ARN is of that region', async (region, prefix) => {
    const create = new CreateResourceGroupCommand({ resourceGroupTags: [{ key: 'k' }] });
    expect((await server().client(region).send(create)).resourceGroupArn?.startsWith(prefix)).toBe(true);
  });
});
