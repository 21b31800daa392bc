import { expect, test } from 'vitest';
import { gatherFindings } from '../../../packages/server/src/engine/reports/gather-findings.ts';

type Sources = Parameters<typeof gatherFindings>[1];
const PACKAGE = { arn: 'arn', name: 'Network Reachability' };
/** Hosts and packages as far as grouping asks for them. */
const sources = {
  verdicts: { observationsOf: () => [] },
  hosts: { of: (agent: string) => agent, count: () => undefined },
  packages: { of: () => PACKAGE, count: () => undefined, all: () => [PACKAGE] },
} as unknown as Sources;

async function* reachable(...found: readonly (readonly [agent: string, port: string, service: string])[]) {
  for (const [agent, port, service] of found) {
    yield {
      ...{ id: `${agent} ${port}`, agent, rulesPackage: 'arn', verdict: 0, severity: 'Medium' },
      rule: `Recognized port reachable from internet - TCP ${port}`,
      document: {
        title: `On instance ${agent}, TCP port ${port} which is associated with '${service}' is reachable from the internet`,
        attributes: [{ key: 'PORT_GROUP_NAME', value: service }],
      },
    } as never;
  }
}

test('a port that is reachable on several hosts is one group without their names, beside those of its service', async () => {
  const groups = await gatherFindings(
    reachable(
      ['i-1', '9200', 'Elasticsearch'],
      ['i-1', '22', 'SSH'],
      ['i-2', '22', 'SSH'],
      ['i-2', '9300', 'Elasticsearch'],
    ),
    sources,
  );
  expect(groups.map(({ title, hosts }) => [title, hosts])).toEqual([
    ["On instance i-1, TCP port 9200 which is associated with 'Elasticsearch' is reachable from the internet", 1],
    ["On instance i-2, TCP port 9300 which is associated with 'Elasticsearch' is reachable from the internet", 1],
    ["TCP port 22 which is associated with 'SSH' is reachable from the internet", 2],
  ]);
});
