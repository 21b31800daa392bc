import { DescribeRulesPackagesCommand } from '@aws-sdk/client-inspector';
import { beforeAll, expect, test } from 'vitest';
import { describeItems } from '../../support/described-items.ts';
import { rulesPackages } from '../../support/scenario.ts';
import { describeSerialization } from '../../support/serialization.ts';
import { useServer } from '../../support/use-server.ts';

const server = useServer();
let packages: string[] = [];
beforeAll(async () => {
  packages = await rulesPackages(server().client());
});

describeSerialization('DescribeRulesPackages', server);

describeItems({
  operation: 'DescribeRulesPackages',
  member: 'rulesPackageArns',
  items: 'rulesPackages',
  server,
  own: () => packages,
  strictMaximum: 10,
});

test('each says its name, version, provider and what it does, in the one language there is', async () => {
  const describePackages = new DescribeRulesPackagesCommand({ rulesPackageArns: packages, locale: 'EN_US' });
  const { rulesPackages: found } = await server().client().send(describePackages);
  expect(found?.map(({ name }) => name).sort()).toEqual([
    'CIS Operating System Security Configuration Benchmarks',
    'Common Vulnerabilities and Exposures',
    'Network Reachability',
    'Security Best Practices',
  ]);
  for (const { version, provider, description } of found ?? []) {
    expect(version).toMatch(/^\d+\.\d+/);
    expect(provider).toBeTruthy();
    expect(description?.length).toBeGreaterThan(20);
  }
});
