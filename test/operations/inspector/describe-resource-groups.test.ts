import { CreateResourceGroupCommand } from '@aws-sdk/client-inspector';
import { beforeAll } from 'vitest';
import { describeItems } from '../../support/described-items.ts';
import { given } from '../../support/scenario.ts';
import { describeSerialization } from '../../support/serialization.ts';
import { useServer } from '../../support/use-server.ts';

const server = useServer();
const groups: string[] = [];
beforeAll(async () => {
  for (const key of ['a', 'b', 'c']) {
    const create = new CreateResourceGroupCommand({ resourceGroupTags: [{ key }] });
    groups.push(given((await server().client().send(create)).resourceGroupArn));
  }
});

describeSerialization('DescribeResourceGroups', server);

describeItems({
  operation: 'DescribeResourceGroups',
  member: 'resourceGroupArns',
  items: 'resourceGroups',
  server,
  own: () => groups,
  strictMaximum: 10,
});
