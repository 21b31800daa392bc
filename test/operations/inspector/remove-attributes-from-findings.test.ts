import { DescribeFindingsCommand, RemoveAttributesFromFindingsCommand } from '@aws-sdk/client-inspector';
import { beforeEach, describe, expect, test } from 'vitest';
import { addFullRun } from '../../support/full-run.ts';
import { rawRequest } from '../../support/raw-request.ts';
import { createTarget, createTemplate, given, newId } from '../../support/scenario.ts';
import { describeSerialization } from '../../support/serialization.ts';
import { useServer } from '../../support/use-server.ts';

const server = useServer();
let findings: readonly string[] = [];
beforeEach(async () => {
  const template = await createTemplate(server().client(), await createTarget(server().client()));
  ({ findings } = await addFullRun(server(), template, newId()));
});
async function described(arn: string) {
  const answer = await server()
    .client()
    .send(new DescribeFindingsCommand({ findingArns: [arn] }));
  return given(given(answer.findings)[0]);
}
const remove = (findingArns: readonly string[], attributeKeys: readonly string[]) =>
  server()
    .client()
    .send(
      new RemoveAttributesFromFindingsCommand({ findingArns: [...findingArns], attributeKeys: [...attributeKeys] }),
    );

describeSerialization('RemoveAttributesFromFindings', server);

describe('behaviour', () => {
  test('keys that are there go, whatever their value; the system’s attributes stay', async () => {
    const [first = '', second = '', third = ''] = findings;
    await rawRequest(server(), 'AddAttributesToFindings', { findingArns: [first], attributes: [{ key: 'kept' }] });
    expect((await remove([first, second], ['team', 'INSTANCE_ID', 'nobody has it'])).failedItems).toEqual({});
    const { userAttributes, attributes } = await described(first);
    expect(userAttributes).toEqual([{ key: 'kept' }]);
    expect(attributes?.map(({ key }) => key)).toEqual(['INSTANCE_ID']);
    expect((await described(second)).userAttributes).toEqual([]);
    expect((await described(third)).userAttributes).toEqual([{ key: 'team', value: 'blue' }]);
  });

  test('filters of ListFindings see it at once', async () => {
    const run = given(findings[0]).replace(/\/finding\/.*/, '');
    await remove(findings.slice(0, 1), ['team']);
    const filter = { userAttributes: [{ key: 'team' }] };
    const { body } = await rawRequest(server(), 'ListFindings', { assessmentRunArns: [run], filter });
    expect(body.findingArns).toEqual(findings.slice(1).toReversed());
  });

  test('a key that is not there, or no key, moves nothing; a key twice is as once', async () => {
    const arn = given(findings[0]);
    const before = await described(arn);
    await remove([arn], ['Team', 'tea']);
    await remove([arn], []);
    expect(await described(arn)).toEqual(before);
    await remove([arn], ['team', 'team']);
    const after = await described(arn);
    expect(after.userAttributes).toEqual([]);
    expect(given(after.updatedAt).getTime()).toBeGreaterThan(given(before.updatedAt).getTime());
  });

  test('what cannot be changed fails by itself, and the rest is changed', async () => {
    const [first = '', second = ''] = findings;
    const foreign = first.replace('123456789012', '210987654321');
    const { failedItems } = await remove([foreign, first, 'nonsense', second.replace(/[^/]*$/, newId())], ['team']);
    expect(Object.values(given(failedItems)).map(({ failureCode }) => failureCode)).toEqual([
      'ACCESS_DENIED',
      'INVALID_ARN',
      'ITEM_DOES_NOT_EXIST',
    ]);
    expect((await described(first)).userAttributes).toEqual([]);
  });
});
