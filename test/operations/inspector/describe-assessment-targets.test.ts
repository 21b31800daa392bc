import { beforeAll } from 'vitest';
import { describeItems } from '../../support/described-items.ts';
import { createTarget } from '../../support/scenario.ts';
import { describeSerialization } from '../../support/serialization.ts';
import { useServer } from '../../support/use-server.ts';

const server = useServer();
const targets: string[] = [];
beforeAll(async () => {
  for (let at = 0; at < 3; at++) targets.push(await createTarget(server().client()));
});

describeSerialization('DescribeAssessmentTargets', server);

describeItems({
  operation: 'DescribeAssessmentTargets',
  member: 'assessmentTargetArns',
  items: 'assessmentTargets',
  server,
  own: () => targets,
  strictMaximum: 10,
});
