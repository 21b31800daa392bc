import { beforeAll, expect, test } from 'vitest';
import { describeItems } from '../../support/described-items.ts';
import { addFullRun } from '../../support/full-run.ts';
import { rawRequest } from '../../support/raw-request.ts';
import { createTarget, createTemplate, given } from '../../support/scenario.ts';
import { describeSerialization } from '../../support/serialization.ts';
import { useServer } from '../../support/use-server.ts';

const server = useServer();
let exclusions: readonly string[] = [];
beforeAll(async () => {
  const template = await createTemplate(server().client(), await createTarget(server().client()));
  ({ exclusions } = await addFullRun(server(), template, 'full'));
});

describeSerialization('DescribeExclusions', server);

describeItems({
  operation: 'DescribeExclusions',
  member: 'exclusionArns',
  items: 'exclusions',
  server,
  own: () => exclusions,
  strictMaximum: 100,
});

test('an exclusion is described member by member, under its ARN', async () => {
  const arn = given(exclusions[0]);
  const { body } = await rawRequest(server(), 'DescribeExclusions', { exclusionArns: [arn], locale: 'EN_US' });
  const [host] = Object.values(body.exclusions as Record<string, { scopes: { value: string }[] }>);
  expect(body).toEqual({
    exclusions: {
      [arn]: {
        arn,
        title: 'Exclusion 1',
        description: 'A description',
        recommendation: 'A recommendation',
        scopes: [{ key: 'INSTANCE_ID', value: given(host?.scopes[0]).value }],
        attributes: [],
      },
    },
    failedItems: {},
  });
});
