import { DescribeFindingsCommand } from '@aws-sdk/client-inspector';
import { beforeAll, expect, test } from 'vitest';
import { describeItems } from '../../support/described-items.ts';
import { addFullRun } from '../../support/full-run.ts';
import { rawRequest } from '../../support/raw-request.ts';
import { createTarget, createTemplate, given, idsOf, scopeOf, someFinding, startRun } from '../../support/scenario.ts';
import { describeSerialization } from '../../support/serialization.ts';
import { useServer } from '../../support/use-server.ts';

const server = useServer();
let template = '';
let run = '';
let findings: readonly string[] = [];
beforeAll(async () => {
  template = await createTemplate(server().client(), await createTarget(server().client()));
  ({ run, findings } = await addFullRun(server(), template, 'full'));
});

describeSerialization('DescribeFindings', server);

describeItems({
  operation: 'DescribeFindings',
  member: 'findingArns',
  items: 'findings',
  server,
  own: () => findings,
  strictMaximum: 10,
});

test('a finding is described member by member', async () => {
  const [target = '', templateId = '', runId = ''] = idsOf(run);
  const at = Date.UTC(2024, 1, 2, 3, 4, 5, 678);
  const stored = someFinding({
    target,
    template: templateId,
    run: runId,
    severity: 'High',
    numericSeverity: 9,
    createdAt: at,
    updatedAt: at + 1,
    document: {
      title: 'Título 😀',
      description: 'line\nbreak\0',
      recommendation: '',
      confidence: 10,
      indicatorOfCompromise: false,
      assetAttributes: { schemaVersion: 1, agentId: 'i-0123456789abcdef0', hostname: 'h', networkInterfaces: [{}] },
      attributes: [{ key: 'INSTANCE_ID', value: 'i-0123456789abcdef0' }],
      userAttributes: [{ key: 'no value' }],
    },
  });
  await server().service.store.findings.insertMany(await scopeOf(server()), [stored]);
  const arn = `${run}/finding/${stored.id}`;
  const { body } = await rawRequest(server(), 'DescribeFindings', { findingArns: [arn], locale: 'EN_US' });
  expect(body.findings).toEqual([
    {
      arn,
      schemaVersion: 1,
      service: 'Inspector',
      serviceAttributes: { schemaVersion: 1, assessmentRunArn: run, rulesPackageArn: stored.rulesPackage },
      assetType: 'ec2-instance',
      assetAttributes: stored.document.assetAttributes,
      id: stored.rule,
      title: 'Título 😀',
      description: 'line\nbreak\0',
      recommendation: '',
      severity: 'High',
      numericSeverity: 9,
      confidence: 10,
      indicatorOfCompromise: false,
      attributes: stored.document.attributes,
      userAttributes: [{ key: 'no value' }],
      createdAt: at / 1000,
      updatedAt: (at + 1) / 1000,
    },
  ]);
  const reply = await server()
    .client()
    .send(new DescribeFindingsCommand({ findingArns: [arn] }));
  expect(reply.findings?.[0]?.updatedAt?.getTime()).toBe(at + 1);
});

test('a finding of a run that is going is not there yet', async () => {
  const going = await startRun(
    server().client(),
    await createTemplate(server().client(), await createTarget(server().client())),
  );
  const [target = '', templateId = '', runId = ''] = idsOf(going);
  const stored = someFinding({ target, template: templateId, run: runId });
  await server().service.store.findings.insertMany(await scopeOf(server()), [stored]);
  const arn = `${going}/finding/${stored.id}`;
  const found = async () => (await rawRequest(server(), 'DescribeFindings', { findingArns: [arn] })).body;
  expect(await found()).toEqual({
    findings: [],
    failedItems: { [arn]: { failureCode: 'ITEM_DOES_NOT_EXIST', retryable: false } },
  });
  await rawRequest(server(), 'StopAssessmentRun', { assessmentRunArn: going, stopAction: 'SKIP_EVALUATION' });
  expect((await found()).findings).toMatchObject([{ arn: given(arn) }]);
});
