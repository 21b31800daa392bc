import { randomBytes } from 'node:crypto';
import {
  CreateAssessmentTargetCommand,
  CreateAssessmentTemplateCommand,
  type InspectorClient,
  ListRulesPackagesCommand,
  StartAssessmentRunCommand,
} from '@aws-sdk/client-inspector';
import type { Agent } from '../../packages/server/src/domain/agent.ts';
import type { Finding } from '../../packages/server/src/domain/finding.ts';
import { newAgentId, newResourceId } from '../../packages/server/src/domain/ids.ts';
import type { Run } from '../../packages/server/src/domain/run.ts';
import { type TestServer, testAccount } from './test-server.ts';

export const given = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error('A value that the test needs is not there');
  return value;
};
export const newId = (): string => newResourceId(randomBytes);

/** The id of this caller's account and region in the store. */
export const scopeOf = (server: TestServer, region = 'us-east-1', account = testAccount): Promise<number> =>
  server.service.store.scopes.idOf({ account, region });

let names = 0;
/** A name that nothing else in this test file has. */
export const newName = (): string => `name ${++names}`;

export async function createTarget(client: InspectorClient, resourceGroupArn?: string): Promise<string> {
  const { assessmentTargetArn } = await client.send(
    new CreateAssessmentTargetCommand({
      assessmentTargetName: newName(),
      ...(resourceGroupArn === undefined ? {} : { resourceGroupArn }),
    }),
  );
  return given(assessmentTargetArn);
}

export async function rulesPackages(client: InspectorClient): Promise<string[]> {
  return given((await client.send(new ListRulesPackagesCommand({ maxResults: 500 }))).rulesPackageArns);
}

export async function createTemplate(client: InspectorClient, assessmentTargetArn: string): Promise<string> {
  const { assessmentTemplateArn } = await client.send(
    new CreateAssessmentTemplateCommand({
      assessmentTargetArn,
      assessmentTemplateName: newName(),
      durationInSeconds: 180,
      rulesPackageArns: await rulesPackages(client),
    }),
  );
  return given(assessmentTemplateArn);
}

export async function startRun(client: InspectorClient, assessmentTemplateArn: string): Promise<string> {
  return given((await client.send(new StartAssessmentRunCommand({ assessmentTemplateArn }))).assessmentRunArn);
}

/** The ids of an ARN on the way down. */
export const idsOf = (arn: string): string[] => arn.match(/0-[0-9A-Za-z]{8}/g) ?? [];
/** An ARN with its `at`th id replaced. */
export const withId = (arn: string, at: number, id: string): string => arn.replace(given(idsOf(arn)[at]), id);

/** A host in the store, as enrolment would put it there, heard of just now. */
export async function addHost(server: TestServer, change: Partial<Agent> = {}, region?: string): Promise<Agent> {
  const now = Date.now();
  const agent: Agent = {
    id: newAgentId(randomBytes),
    publicKey: randomBytes(44),
    hostname: 'host.example',
    operatingSystem: 'Debian GNU/Linux 12 (bookworm)',
    kernelVersion: '6.1.0-1-amd64',
    agentVersion: '0.1.0',
    ipv4Address: '192.0.2.10',
    privileged: true,
    tags: [],
    status: 'IDLE',
    enrolledAt: now,
    seenAt: now,
    ...change,
  };
  await server.service.store.agents.insert(await scopeOf(server, region), agent);
  return agent;
}

/** A run of history, ended unless the change says otherwise. */
export function historicRun(change: Partial<Run> & Pick<Run, 'target' | 'template' | 'rulesPackages'>): Run {
  const createdAt = change.createdAt ?? Date.UTC(2020, 0, 1);
  const id = change.id ?? newId();
  return {
    id,
    name: `run ${id}`,
    state: 'COMPLETED',
    duration: 3600,
    userAttributes: [],
    createdAt,
    startedAt: createdAt,
    completedAt: createdAt,
    stateChangedAt: createdAt,
    dataCollected: true,
    findingCounts: {},
    stateChanges: [{ at: createdAt, state: 'COMPLETED' }],
    notifications: [],
    imported: true,
    ...change,
  };
}

export function someFinding(change: Partial<Finding> & Pick<Finding, 'target' | 'template' | 'run'>): Finding {
  const createdAt = change.createdAt ?? Date.UTC(2020, 0, 1);
  return {
    id: newId(),
    agent: 'i-0123456789abcdef0',
    autoScalingGroup: null,
    rulesPackage: 'arn:aws:inspector:us-east-1:316112463485:rulespackage/0-R01qwB5Q',
    rule: 'Disable root login over SSH',
    severity: 'Medium',
    numericSeverity: 6,
    document: {
      title: 'A title',
      description: 'A description',
      recommendation: 'A recommendation',
      assetAttributes: { schemaVersion: 1, agentId: 'i-0123456789abcdef0' },
      attributes: [],
      userAttributes: [],
    },
    verdict: null,
    createdAt,
    updatedAt: createdAt,
    ...change,
  };
}
