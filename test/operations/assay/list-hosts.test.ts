import { assayArn } from '@assay/model/assay/arn.ts';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Agent } from '../../../packages/server/src/domain/agent.ts';
import { testPages } from '../../support/pages.ts';
import { errorOf, rawRequest } from '../../support/raw-request.ts';
import { addHost } from '../../support/scenario.ts';
import { testAccount } from '../../support/test-server.ts';
import { useServer } from '../../support/use-server.ts';

const server = useServer();
const start = Date.UTC(2023, 0, 1);
/** Newest enrolment first. */
const hosts: Agent[] = [];
beforeAll(async () => {
  for (let at = 0; at < 6; at++) {
    hosts.push(
      await addHost(server(), {
        hostname: at === 5 ? 'h' : `web-${at}.example`,
        operatingSystem: at % 2 ? 'Alpine Linux v3.20' : 'Debian GNU/Linux 12 (bookworm)',
        tags: [{ key: 'role', value: at < 2 ? 'db' : 'web' }],
        status: at === 3 ? 'SHUTDOWN' : 'IDLE',
        ...(at === 4 ? { seenAt: start } : {}),
        // Two are enrolled in the same millisecond.
        enrolledAt: start + Math.min(at, 4),
      }),
    );
  }
  hosts.sort((a, b) => b.enrolledAt - a.enrolledAt || (a.id < b.id ? 1 : -1));
  await addHost(server(), {}, 'eu-west-1');
});

const listed = async (filter?: object): Promise<unknown[]> => {
  const { status, text, body } = await rawRequest(server(), 'ListHosts', { filter });
  expect(status, text).toBe(200);
  return (body.hosts as { agentId: string }[]).map(({ agentId }) => agentId);
};
const those = (wanted: (agent: Agent) => boolean) => hosts.filter(wanted).map(({ id }) => id);

testPages({
  operation: 'ListHosts',
  items: 'hosts',
  server,
  input: () => ({}),
  otherInput: () => ({ filter: { hostnamePattern: '*' } }),
});

describe('what is listed', () => {
  test('every host of the account and region, newest enrolment first, as DescribeHosts has it', async () => {
    expect(await listed()).toEqual(those(() => true));
    const { body } = await rawRequest(server(), 'ListHosts', { maxResults: 1 });
    const [host] = body.hosts as { hostArn: string; healthDetails: string }[];
    expect(host).toMatchObject({
      hostArn: assayArn({ account: testAccount, region: 'us-east-1' }, 'host', hosts[0]?.id ?? ''),
      agentId: hosts[0]?.id,
      operatingSystem: hosts[0]?.operatingSystem,
      enrolledAt: (hosts[0]?.enrolledAt ?? 0) / 1000,
      privileged: true,
    });
    const described = await rawRequest(server(), 'DescribeHosts', { hostArns: [host?.hostArn] });
    const { healthDetails: _, ...rest } = host ?? { healthDetails: '' };
    expect(described.body).toEqual({ hosts: [expect.objectContaining(rest)], failedItems: {} });
  });

  test.each<[string, object, (agent: Agent) => boolean]>([
    ['a pattern of the name', { hostnamePattern: 'web-*' }, ({ hostname }) => hostname.startsWith('web-')],
    ['a name in any case', { hostnamePattern: 'H' }, ({ hostname }) => hostname === 'h'],
    ['the system', { operatingSystemPattern: '*Linux v*' }, ({ operatingSystem }) => operatingSystem.includes('v3')],
    ['a tag', { tags: [{ key: 'role', value: 'db' }] }, ({ tags }) => tags[0]?.value === 'db'],
    ['a key with any value', { tags: [{ key: 'role' }] }, () => true],
    ['healthy', { health: 'HEALTHY' }, ({ status, seenAt }) => status === 'IDLE' && seenAt > start],
    ['unhealthy', { health: 'UNHEALTHY' }, ({ status, seenAt }) => status !== 'IDLE' || seenAt === start],
    [
      'all at once',
      { health: 'HEALTHY', hostnamePattern: '*.example', tags: [{ key: 'role', value: 'web' }] },
      ({ hostname, status, seenAt, tags }) =>
        hostname.endsWith('.example') && status === 'IDLE' && seenAt > start && tags[0]?.value === 'web',
    ],
  ])('by %s', async (_name, filter, wanted) => {
    expect(await listed(filter)).toEqual(those(wanted));
  });
});

test('DescribeHosts says why it has nothing of an ARN', async () => {
  const scope = { account: testAccount, region: 'us-east-1' };
  const gone = assayArn(scope, 'host', 'i-0');
  const arns = {
    [gone]: 'ITEM_DOES_NOT_EXIST',
    [assayArn({ ...scope, region: 'eu-west-1' }, 'host', hosts[0]?.id ?? '')]: 'ITEM_DOES_NOT_EXIST',
    [assayArn({ ...scope, account: '210987654321' }, 'host', 'i-0')]: 'ACCESS_DENIED',
    [assayArn(scope, 'key', 'AKID')]: 'INVALID_ARN',
    __proto__x: 'INVALID_ARN',
  };
  const { body } = await rawRequest(server(), 'DescribeHosts', { hostArns: Object.keys(arns) });
  const failed = Object.entries(body.failedItems as Record<string, { failureCode: string }>);
  expect(Object.fromEntries(failed.map(([arn, { failureCode }]) => [arn, failureCode]))).toEqual(arns);
  expect(body.hosts).toEqual([]);
});

test.each([
  [{ maxResults: 0 }, 'maxResults'],
  [{ filter: { health: 'WELL' } }, 'filter.health'],
  [{ filter: { tags: [] } }, 'filter.tags'],
  [{ filter: { tags: [{ value: 'x' }] } }, 'filter.tags[0].key'],
])('an input that breaks a constraint is refused with its place: %j', async (input, place) => {
  const reply = await rawRequest(server(), 'ListHosts', input);
  expect(errorOf(reply)).toBe('InvalidInputException INVALID_MEMBER');
  expect(String(reply.body.message).split(' ')[0]).toBe(place);
});
