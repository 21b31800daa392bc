import { PreviewAgentsCommand } from '@aws-sdk/client-inspector';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Agent } from '../../../packages/server/src/domain/agent.ts';
import { testPages } from '../../support/pages.ts';
import { errorOf, rawRequest } from '../../support/raw-request.ts';
import { testReferences } from '../../support/references.ts';
import { addHost, createTarget, newId, withId } from '../../support/scenario.ts';
import { describeSerialization } from '../../support/serialization.ts';
import { useServer } from '../../support/use-server.ts';

const server = useServer();
const start = Date.UTC(2023, 0, 1);
/** Newest enrolment first. */
const hosts: Agent[] = [];
let every = '';
let web = '';
beforeAll(async () => {
  for (let at = 0; at < 7; at++) {
    const tags = [
      { key: 'role', value: at % 2 ? 'web' : 'Web' },
      ...(at % 3 ? [] : [{ key: 'third', value: String(at) }]),
    ];
    // Two are enrolled in the same millisecond.
    hosts.push(await addHost(server(), { hostname: `host ${at}`, tags, enrolledAt: start + Math.min(at, 5) }));
  }
  hosts.sort((a, b) => b.enrolledAt - a.enrolledAt || (a.id < b.id ? 1 : -1));
  await addHost(server(), {}, 'eu-west-1');
  every = await createTarget(server().client());
  web = await targetOf([{ key: 'role', value: 'web' }]);
});
async function targetOf(resourceGroupTags: readonly object[]): Promise<string> {
  const { body } = await rawRequest(server(), 'CreateResourceGroup', { resourceGroupTags });
  return createTarget(server().client(), String(body.resourceGroupArn));
}
const previewed = async (previewAgentsArn: string) => {
  const reply = await server()
    .client()
    .send(new PreviewAgentsCommand({ previewAgentsArn, maxResults: 500 }));
  return reply.agentPreviews?.map(({ agentId }) => agentId);
};
const those = (wanted: (agent: Agent) => boolean) => hosts.filter(wanted).map(({ id }) => id);
const carries = ({ tags }: Agent, key: string, value?: string) =>
  tags.some((tag) => tag.key === key && (value === undefined || tag.value === value));

describeSerialization('PreviewAgents', server);

describe('validation', () => {
  testReferences({
    operation: 'PreviewAgents',
    kind: 'target',
    server,
    own: () => every,
    input: (previewAgentsArn) => ({ previewAgentsArn }),
  });
  testPages({
    operation: 'PreviewAgents',
    items: 'agentPreviews',
    server,
    input: () => ({ previewAgentsArn: every }),
    otherInput: () => ({ previewAgentsArn: web }),
  });
  test('form comes before existence', async () => {
    const input = { previewAgentsArn: withId(every, 0, newId()), maxResults: 0 };
    expect(errorOf(await rawRequest(server(), 'PreviewAgents', input))).toBe(
      'InvalidInputException INVALID_MAX_RESULTS',
    );
  });
});

describe('behaviour', () => {
  test('without a group every host of this region, newest first', async () => {
    expect(await previewed(every)).toEqual(those(() => true));
  });
  test('with a group those that carry any of its tags, case and all', async () => {
    expect(await previewed(web)).toEqual(those((host) => carries(host, 'role', 'web')));
    const either = await targetOf([
      { key: 'role', value: 'web' },
      { key: 'third', value: '6' },
      { key: 'none', value: 'x' },
    ]);
    expect(await previewed(either)).toEqual(
      those((host) => carries(host, 'role', 'web') || carries(host, 'third', '6')),
    );
    expect(await previewed(await targetOf([{ key: 'third' }]))).toEqual(those((host) => carries(host, 'third')));
    expect(await previewed(await targetOf([{ key: 'third', value: '%' }]))).toEqual([]);
  });
  test('a host is previewed as it described itself, with its health', async () => {
    const tags = [{ key: 'health', value: 'x' }];
    const old = Date.now() - 3_600_000;
    const full = { tags, enrolledAt: start + 100, hostname: 'ünï', ipv4Address: '192.0.2.1' };
    const healthy = await addHost(server(), full);
    const silent = await addHost(server(), {
      tags,
      enrolledAt: start + 99,
      seenAt: old,
      ipv4Address: null,
      kernelVersion: null,
    });
    const shut = await addHost(server(), { tags, enrolledAt: start + 98, status: 'SHUTDOWN' });
    const { body } = await rawRequest(server(), 'PreviewAgents', { previewAgentsArn: await targetOf(tags) });
    const common = { operatingSystem: healthy.operatingSystem, agentVersion: '0.1.0' };
    expect(body.agentPreviews).toEqual([
      {
        ...common,
        agentId: healthy.id,
        hostname: 'ünï',
        agentHealth: 'HEALTHY',
        kernelVersion: '6.1.0-1-amd64',
        ipv4Address: '192.0.2.1',
      },
      { ...common, agentId: silent.id, hostname: 'host.example', agentHealth: 'UNHEALTHY' },
      {
        ...common,
        agentId: shut.id,
        hostname: 'host.example',
        agentHealth: 'UNHEALTHY',
        kernelVersion: '6.1.0-1-amd64',
        ipv4Address: '192.0.2.10',
      },
    ]);
  });
});
