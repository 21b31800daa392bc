import { DescribeCrossAccountAccessRoleCommand } from '@aws-sdk/client-inspector';
import { describe, expect, test } from 'vitest';
import { rawRequest } from '../../support/raw-request.ts';
import { describeSerialization } from '../../support/serialization.ts';
import { useServer } from '../../support/use-server.ts';

const server = useServer();

describeSerialization('DescribeCrossAccountAccessRole', server);

describe('behaviour', () => {
  test.each([
    ['us-east-1', 'aws'],
    ['cn-north-1', 'aws-cn'],
    ['us-gov-west-1', 'aws-us-gov'],
  ])('where none was registered in %s it is the original’s own role, not valid', async (region, partition) => {
    const { body } = await rawRequest(server(), 'DescribeCrossAccountAccessRole', {}, { region });
    expect(body).toEqual({
      roleArn: `arn:${partition}:iam::123456789012:role/aws-service-role/inspector.amazonaws.com/AWSServiceRoleForAmazonInspector`,
      valid: false,
      registeredAt: 0,
    });
  });
  test('the role that was registered, and when', async () => {
    const before = Date.now();
    const roleArn = 'arn:aws:iam::123456789012:role/inspector';
    await rawRequest(server(), 'RegisterCrossAccountAccessRole', { roleArn });
    const role = await server().client().send(new DescribeCrossAccountAccessRoleCommand({}));
    expect(role).toMatchObject({ roleArn, valid: true });
    expect(role.registeredAt?.getTime()).toBeGreaterThanOrEqual(before);
    expect(role.registeredAt?.getTime()).toBeLessThanOrEqual(Date.now());
  });
  test('other accounts do not see it', async () => {
    const key = await server().addKey('AKIDOTHER', '210987654321');
    const { body } = await rawRequest(server(), 'DescribeCrossAccountAccessRole', {}, { key });
    expect(body.valid).toBe(false);
    expect(body.roleArn).toContain('::210987654321:');
  });
});
