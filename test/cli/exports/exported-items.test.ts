/** What exports are made of, from what a server answers. */
import { expect, test } from 'vitest';
import type { Client } from '../../../packages/server/src/cli/client/client.ts';
import type { Exported } from '../../../packages/server/src/cli/exports/exported.ts';
import { exportedItems } from '../../../packages/server/src/cli/exports/exported-items.ts';

const run = 'arn:aws:inspector:us-east-1:123456789012:target/0-aaaaaaaa/template/0-bbbbbbbb/run/0-cccccccc';
const agentId = 'i-0123456789abcdef0';
const summary = (at: number, agent: string, hostname: string) => ({
  findingArn: `${run}/finding/0-0000000${at}`,
  assessmentRunArn: run,
  agentId: agent,
  hostname,
  rulesPackageArn: 'arn:aws:inspector:us-east-1:316112463485:rulespackage/0-gEjTy7T7',
  ruleName: 'CVE-2026-0001',
  title: 'A title',
  severity: 'High',
  createdAt: 1,
});
const findings = [
  summary(1, agentId, 'web-1'),
  summary(2, '', 'old-1'),
  summary(3, '', ''),
  ...Array.from({ length: 6 }, (_, at) => summary(at + 4, agentId, 'web-1')),
];

/** A server with these findings; counts how often each operation is called, and how much is described at once. */
function fakeServer() {
  const calls: string[] = [];
  const answers: Readonly<Record<string, (input: Readonly<Record<string, readonly string[]>>) => object>> = {
    SearchFindings: () => ({ findings }),
    DescribeFindings: ({ findingArns = [] }) => ({
      // One was deleted meanwhile.
      findings: findingArns.flatMap((arn) =>
        arn.endsWith('9') ? [] : [{ arn, attributes: [], userAttributes: [], createdAt: 1, updatedAt: 2 }],
      ),
    }),
    DescribeHosts: ({ hostArns = [] }) => ({
      hosts: hostArns.map((hostArn) => ({ hostArn, agentId, hostname: 'now', operatingSystem: 'Ubuntu 22.04.4 LTS' })),
    }),
    DescribeRulesPackages: ({ rulesPackageArns = [] }) => ({
      rulesPackages: rulesPackageArns.map((arn) => ({ arn, name: 'Vulnerabilities' })),
    }),
    DescribeAssessmentRuns: () => ({ assessmentRuns: [{ completedAt: 3 }] }),
    ListExclusions: () => ({ exclusionArns: [`${run}/exclusion/0-00000001`, `${run}/exclusion/0-00000002`] }),
    DescribeExclusions: ({ exclusionArns = [] }) => ({
      exclusions: Object.fromEntries(
        exclusionArns.map((arn) => {
          const value = arn.endsWith('1') ? agentId : 'i-0000000000000000f';
          const description = 'not compared for CVE-2026-0002, CVE-2026-0003';
          const texts = { title: 'Not covered', description, recommendation: 'Look' };
          return [arn, { arn, ...texts, scopes: [{ key: 'INSTANCE_ID', value }] }];
        }),
      ),
    }),
  };
  const call = async (operation: string, input: object): Promise<never> => {
    calls.push(operation);
    return answers[operation]?.(input as Readonly<Record<string, readonly string[]>>) as never;
  };
  const scope = async () => ({ account: '123456789012', region: 'us-east-1' });
  const client: Partial<Client> = { scope, assay: call as Client['assay'], inspector: call as Client['inspector'] };
  return { calls, client: client as Client };
}

async function all(filter: Parameters<typeof exportedItems>[1]) {
  const { calls, client } = fakeServer();
  const items: Exported[] = [];
  for await (const item of exportedItems(client, filter, { limit: 100, onMore: () => undefined })) items.push(item);
  return { calls, items };
}

test('findings, each with its host as it was found, and then what their runs did not assess', async () => {
  const { calls, items } = await all({});
  expect(items.map(({ kind }) => kind)).toEqual([...Array(8).fill('finding'), 'exclusion', 'exclusion']);
  expect(items[0]).toMatchObject({
    host: { agentId, hostname: 'web-1', operatingSystem: 'Ubuntu 22.04.4 LTS' },
    rulesPackage: 'Vulnerabilities',
    vulnerability: { id: 'CVE-2026-0001' },
  });
  expect(items.at(-2)).toMatchObject({
    vulnerabilities: ['CVE-2026-0002', 'CVE-2026-0003'],
    createdAt: '1970-01-01T00:00:03.000Z',
  });
  // Each is asked for once.
  expect(calls.filter((name) => name === 'DescribeRulesPackages')).toHaveLength(1);
});

test('hosts that history does not name are not taken for one another', async () => {
  const { items } = await all({});
  const hosts = items.flatMap((item) => (item.kind === 'finding' ? [item.host] : []));
  expect(hosts[1]).toEqual({ arn: 'urn:assay:host:old-1', agentId: '', hostname: 'old-1' });
  expect(hosts[2]).toEqual({ arn: `${run}/finding/0-00000003#host`, agentId: '', hostname: 'unknown' });
});

test('of other hosts than those asked for no exclusion is told', async () => {
  const { items } = await all({ hostArns: [`arn:aws:assay:us-east-1:123456789012:host/${agentId}`] });
  expect(items.filter(({ kind }) => kind === 'exclusion').map(({ arn }) => arn)).toEqual([
    `${run}/exclusion/0-00000001`,
  ]);
});
