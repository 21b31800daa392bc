import { ListAssessmentRunAgentsCommand } from '@aws-sdk/client-inspector';
import { beforeAll, describe, expect, test } from 'vitest';
import { testPages } from '../../support/pages.ts';
import { errorOf, rawRequest } from '../../support/raw-request.ts';
import { testReferences } from '../../support/references.ts';
import {
  addHost,
  createTarget,
  createTemplate,
  given,
  idsOf,
  newId,
  scopeOf,
  startRun,
  withId,
} from '../../support/scenario.ts';
import { describeSerialization } from '../../support/serialization.ts';
import { startTestServer } from '../../support/test-server.ts';
import { useServer } from '../../support/use-server.ts';

const server = useServer();
const hosts: string[] = [];
let run = '';
beforeAll(async () => {
  const old = Date.now() - 3_600_000;
  for (const change of [{}, { seenAt: old }, { status: 'SHUTDOWN' as const }, {}, { seenAt: old }, {}, {}]) {
    hosts.push((await addHost(server(), change)).id);
  }
  run = await startRun(
    server().client(),
    await createTemplate(server().client(), await createTarget(server().client())),
  );
});
const list = async (input: Readonly<Record<string, unknown>>) => {
  const reply = await rawRequest(server(), 'ListAssessmentRunAgents', { assessmentRunArn: run, ...input });
  expect(reply.status, reply.text).toBe(200);
  return (reply.body.assessmentRunAgents as { agentId: string }[]).map(({ agentId }) => agentId);
};

describeSerialization('ListAssessmentRunAgents', server);

describe('validation', () => {
  testReferences({
    operation: 'ListAssessmentRunAgents',
    kind: 'run',
    server,
    own: () => run,
    input: (assessmentRunArn) => ({ assessmentRunArn }),
  });
  testPages({
    operation: 'ListAssessmentRunAgents',
    items: 'assessmentRunAgents',
    server,
    input: () => ({ assessmentRunArn: run }),
    otherInput: () => ({ assessmentRunArn: run, filter: { agentHealths: ['HEALTHY'], agentHealthCodes: [] } }),
  });
  test('form comes before existence', async () => {
    const input = { assessmentRunArn: withId(run, 2, newId()), nextToken: 'no' };
    expect(errorOf(await rawRequest(server(), 'ListAssessmentRunAgents', input))).toBe(
      'InvalidInputException INVALID_PAGINATION_TOKEN',
    );
  });
  test('a filter needs both its lists, but an empty one is none; --strict holds to the model', async () => {
    expect(await list({ filter: {} })).toEqual(hosts.toSorted());
    const half = { assessmentRunArn: run, filter: { agentHealths: [] } };
    expect(errorOf(await rawRequest(server(), 'ListAssessmentRunAgents', half))).toBe(
      'InvalidInputException INVALID_ATTRIBUTE',
    );
    const strict = await startTestServer({ jobs: false, strict: true });
    try {
      const empty = await rawRequest(strict, 'ListAssessmentRunAgents', { assessmentRunArn: run, filter: {} });
      expect(errorOf(empty)).toBe('InvalidInputException INVALID_ATTRIBUTE');
    } finally {
      await strict.stop();
    }
  });
});

describe('behaviour', () => {
  test('the hosts that the run was started with; one that comes later is not among them', async () => {
    await addHost(server());
    expect(await list({})).toEqual(hosts.toSorted());
  });
  test('while the run goes their health is that of now', async () => {
    const list = new ListAssessmentRunAgentsCommand({ assessmentRunArn: run });
    const { assessmentRunAgents } = await server().client().send(list);
    const byId = new Map(given(assessmentRunAgents).map((agent) => [agent.agentId, agent]));
    const health = hosts.map((id) => [byId.get(id)?.agentHealth, byId.get(id)?.agentHealthCode]);
    const [running, silent, shut] = [
      ['HEALTHY', 'RUNNING'],
      ['UNHEALTHY', 'UNHEALTHY'],
      ['UNHEALTHY', 'SHUTDOWN'],
    ];
    expect(health).toEqual([running, silent, shut, running, silent, running, running]);
    for (const agent of byId.values()) {
      expect(agent).toMatchObject({ assessmentRunArn: run, telemetryMetadata: [] });
      expect(agent.agentHealthDetails).toBeTruthy();
    }
  });
  test.each([
    [['HEALTHY'], [], [0, 3, 5, 6]],
    [['UNHEALTHY'], [], [1, 2, 4]],
    [['UNKNOWN'], [], []],
    [['HEALTHY', 'UNHEALTHY'], [], [0, 1, 2, 3, 4, 5, 6]],
    [[], ['SHUTDOWN', 'RUNNING'], [0, 2, 3, 5, 6]],
    [['UNHEALTHY'], ['SHUTDOWN', 'RUNNING'], [2]],
    [[], [], [0, 1, 2, 3, 4, 5, 6]],
  ])('health %j and code %j', async (agentHealths, agentHealthCodes, expected) => {
    const chosen = expected.map((at) => given(hosts[at]));
    expect(await list({ filter: { agentHealths, agentHealthCodes } })).toEqual(chosen.sort());
  });
  test('a page goes on where the last ended, though the host there has stopped matching', async () => {
    const filter = { agentHealths: ['HEALTHY'], agentHealthCodes: [] };
    const healthy = await list({ filter });
    const first = await rawRequest(server(), 'ListAssessmentRunAgents', {
      assessmentRunArn: run,
      filter,
      maxResults: 2,
    });
    const { store } = server().service;
    const last = given(healthy[1]);
    await store.agents.touch(await scopeOf(server()), last, 'SHUTDOWN', Date.now());
    expect(await list({ filter, maxResults: 2, nextToken: first.body.nextToken })).toEqual(healthy.slice(2));
    await store.agents.touch(await scopeOf(server()), last, 'IDLE', Date.now());
  });
  test('what a host sent is summed by kind of message', async () => {
    const [agent = ''] = hosts;
    const record = { agent, size: 20, collectedAt: 1, receivedAt: 1 };
    const put = (
      kind: 'osRelease' | 'packages',
      telemetry: { messageType: string; count: number; dataSize: number }[],
    ) =>
      scopeOf(server()).then((scope) =>
        server().service.store.evidence.put(
          scope,
          given(idsOf(run)[2]),
          { ...record, kind, digest: kind, telemetry },
          Buffer.from('x'),
        ),
      );
    await put('osRelease', [{ messageType: 'InspectorOperatingSystem', count: 1, dataSize: 20 }]);
    await put('packages', [{ messageType: 'InspectorPackageInfo', count: 474, dataSize: 2960 }]);
    const { body } = await rawRequest(server(), 'ListAssessmentRunAgents', { assessmentRunArn: run });
    const agents = body.assessmentRunAgents as { agentId: string; telemetryMetadata: object[] }[];
    const sent = agents.find(({ agentId }) => agentId === agent)?.telemetryMetadata;
    expect(sent).toEqual(
      expect.arrayContaining([
        { messageType: 'InspectorOperatingSystem', count: 1, dataSize: 20 },
        { messageType: 'InspectorPackageInfo', count: 474, dataSize: 2960 },
        { messageType: 'Total', count: 475, dataSize: 2980 },
      ]),
    );
    for (const { agentId, telemetryMetadata } of agents) if (agentId !== agent) expect(telemetryMetadata).toEqual([]);
  });
  test('once it has ended their health is what it was', async () => {
    await server().service.store.runAgents.setDelivered(
      await scopeOf(server()),
      given(idsOf(run)[2]),
      given(hosts[1]),
      1,
    );
    await rawRequest(server(), 'StopAssessmentRun', { assessmentRunArn: run, stopAction: 'SKIP_EVALUATION' });
    const { body } = await rawRequest(server(), 'ListAssessmentRunAgents', { assessmentRunArn: run });
    const agents = body.assessmentRunAgents as { agentId: string; agentHealth: string }[];
    for (const { agentId, agentHealth } of agents)
      expect(agentHealth).toBe(agentId === hosts[1] ? 'HEALTHY' : 'UNHEALTHY');
  });
});
