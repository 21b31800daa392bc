import { describe, expect, test } from 'vitest';
import { errorOf, rawRequest } from '../../support/raw-request.ts';
import { describeSerialization } from '../../support/serialization.ts';
import { useServer } from '../../support/use-server.ts';

const server = useServer();
const register = (roleArn: string, region = 'us-east-1') =>
  rawRequest(server(), 'RegisterCrossAccountAccessRole', { roleArn }, { region });
const registered = async (region = 'us-east-1') =>
  (await rawRequest(server(), 'DescribeCrossAccountAccessRole', {}, { region })).body;

describeSerialization('RegisterCrossAccountAccessRole', server);

describe('validation', () => {
  test.each([
    'role',
    'arn:aws:iam::123456789012:user/me',
    'arn:aws:iam::12345678901:role/short',
    'arn:aws:iam:us-east-1:123456789012:role/regional',
    'arn:aws:iam::123456789012:role/',
    'arn:aws:iam::123456789012:role/a b',
    'arn:aws:iam::123456789012:role/a\n',
    'arn:aws:inspector:us-east-1:123456789012:target/0-aaaaaaaa',
  ])('%j is INVALID_IAM_ROLE_ARN', async (arn) => {
    expect(errorOf(await register(arn))).toBe('InvalidInputException INVALID_IAM_ROLE_ARN');
    expect((await registered()).valid).toBe(false);
  });
});

describe('behaviour', () => {
  test('the role is kept, the last that was registered, region by region', async () => {
    const [first, second] = ['arn:aws:iam::123456789012:role/a', 'arn:aws-cn:iam::210987654321:role/path/b'];
    expect((await register(first)).text).toBe('{}');
    expect(await registered()).toMatchObject({ roleArn: first, valid: true });
    await register(second);
    expect(await registered()).toMatchObject({ roleArn: second, valid: true });
    expect((await registered('eu-west-1')).valid).toBe(false);
  });
});
