import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { networkReachability } from '../../../packages/server/src/rules/network-reachability/index.ts';
import { attributeTable } from '../../../packages/server/src/rules/network-reachability/original-table.ts';
import { listening, networkHost } from './network-host.ts';

const OWN = ['VERDICT', 'PROBE', 'PROBED_FROM'];
const input = [
  {
    chain: {
      ...{ family: 'inet', table: 'filter', name: 'input', handle: 1 },
      ...{ type: 'filter', hook: 'input', prio: 0, policy: 'drop' },
    },
  },
  { chain: { family: 'inet', table: 'filter', name: 'services', handle: 2 } },
  {
    rule: {
      ...{ family: 'inet', table: 'filter', chain: 'input', handle: 3 },
      expr: [{ jump: { target: 'services' } }],
    },
  },
  { rule: { family: 'inet', table: 'filter', chain: 'services', handle: 4, expr: [{ accept: null }] } },
];

const zones = (['Internet', 'PeeredVPC', 'VGW'] as const).map((routeType) => ({
  name: routeType.toLowerCase(),
  routeType,
  networks: ['203.0.113.0/24'],
  interfaces: ['eth0'],
}));
const verdicts = networkReachability.evaluate(
  networkHost({ nftables: input, listeners: [listening(22), listening(9999)] }),
  { at: 0, zones },
);
const found = verdicts.flatMap((verdict) => (verdict.outcome === 'FINDING' ? [verdict] : []));
const attributesOn = (ruleId: string) =>
  Object.fromEntries(
    found.find((each) => each.ruleId === ruleId)?.finding.attributes.map(({ key, value }) => [key, value]) ?? [],
  );

test('a finding has the attributes that the table gives its type, in the order of the table', () => {
  const order = [...Object.keys(attributeTable), ...OWN];
  const types = new Set<string>();
  for (const { finding } of found) {
    const keys = finding.attributes.map(({ key }) => key);
    expect(keys).toEqual(order.filter((key) => keys.includes(key)));
    const type = finding.attributes.find(({ key }) => key === 'RULE_TYPE')?.value ?? '';
    types.add(type);
    const absent = Object.entries(attributeTable).flatMap(([key, cells]) =>
      (cells as Readonly<Record<string, string>>)[type] === 'absent' ? [key] : [],
    );
    expect(keys.filter((key) => absent.includes(key))).toEqual([]);
  }
  expect([...types].sort()).toEqual([
    'NetworkExposure',
    'RecognizedPortNoListener',
    'RecognizedPortWithListener',
    'UnrecognizedPortWithListener',
  ]);
});

test('the values are what stands on a host for what a cloud has', () => {
  expect(attributesOn('Recognized port reachable from internet - TCP 22')).toEqual({
    VPC: '198.18.0.0/24',
    ENI: 'eth0',
    ACL: 'inet filter/input, policy drop',
    SECURITY_GROUP: 'inet filter/services handle 4',
    IGW: '198.18.0.1',
    REACHABILITY_TYPE: 'Internet',
    RULE_TYPE: 'RecognizedPortWithListener',
    PROTOCOL: 'TCP',
    PORT: '22',
    PORT_GROUP_NAME: 'SSH',
    VERDICT: 'open',
  });
  const peered = attributesOn('Recognized port reachable from peeredvpc - TCP 22');
  expect(peered).toMatchObject({ VPC_PEERING_CONNECTION: '198.18.0.1' });
  expect(peered).not.toHaveProperty('IGW');
  expect(attributesOn('Unrecognized port reachable from vgw - TCP 9999')).toMatchObject({ VGW: '198.18.0.1' });
});

test('the page says the same of each attribute', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/network-reachability.md'), 'utf8');
  const [, table = ''] = page.split('| attribute | value | evidenced for |');
  const [rows = ''] = table.split('\n\n');
  const told = [...rows.matchAll(/^\| `([A-Z_]+)` \| [^|]+ \| ([^|]+) \|$/gm)].map(([, key, evidenced]) => [
    key,
    evidenced?.trim(),
  ]);
  const expected = Object.entries(attributeTable).map(([key, cells]) => {
    const evidenced = Object.entries(cells).flatMap(([type, cell]) => (cell === 'evidenced' ? [type] : []));
    return [key, evidenced.join(', ') || '–'];
  });
  expect(told).toEqual(expected);
});
