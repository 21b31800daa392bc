import { expect, test } from 'vitest';
import { networkReachability } from '../../../packages/server/src/rules/network-reachability/index.ts';
import { listening, networkHost } from './network-host.ts';

const typeOf = (evidence: ReturnType<typeof networkHost>, port: number): string | undefined => {
  const found = networkReachability
    .evaluate(evidence, { at: 0 })
    .find(({ ruleId }) => ruleId.endsWith(`port reachable from internet - TCP ${port}`));
  return found?.outcome === 'FINDING'
    ? found.finding.attributes.find(({ key }) => key === 'RULE_TYPE')?.value
    : undefined;
};
const WITH = 'RecognizedPortWithListener';
const WITHOUT = 'RecognizedPortNoListener';

test.each([
  ['on every address', '0.0.0.0', {}, WITH],
  ['on another address', '127.0.0.1', {}, WITHOUT],
  ['on :: for both families', '::', { v6only: false }, WITH],
  ['on :: where nobody could tell', '::', {}, WITH],
  ['on :: for IPv6 alone', '::', { v6only: true }, WITHOUT],
  ['bound to the interface', '0.0.0.0', { device: 'eth0' }, WITH],
  ['bound to another interface', '0.0.0.0', { device: 'eth1' }, WITHOUT],
  ['in another network namespace', '0.0.0.0', { networkNamespace: 'net:[2]' }, WITHOUT],
])('a socket %s', (_, address, more, type) => {
  expect(typeOf(networkHost({ listeners: [listening(22, address, more)] }), 22)).toBe(type);
});

/** Port 80 is published by address translation, as Docker does. */
const published = [
  {
    family: 'IPv4' as const,
    variant: 'nft' as const,
    rules: `*nat
:PREROUTING ACCEPT [0:0]
-A PREROUTING -p tcp -m tcp --dport 80 -j DNAT --to-destination 198.18.0.20:8080
COMMIT
`,
  },
];
const sysctls = [{ name: 'net.ipv4.ip_forward', value: '1' }];
const container = (listeners: object[], namespaces?: { name: string; addresses: string[] }[]) => {
  const evidence = networkHost({ iptables: published, sysctls, listeners: listeners as never });
  const data = evidence.listeners?.data;
  return { ...evidence, listeners: { ...evidence.listeners, data: { ...data, namespaces } } } as typeof evidence;
};
const namespace = { name: 'net:[2]', addresses: ['198.18.0.20'] };
const inside = listening(8080, '0.0.0.0', { networkNamespace: 'net:[2]', process: { pid: 7, name: 'nginx' } });

test('what is published to a network namespace is as what listens there', () => {
  expect(typeOf(container([inside], [namespace]), 80)).toBe(WITH);
  expect(typeOf(container([], [namespace]), 80)).toBe(WITHOUT);
  expect(typeOf(container([inside], [{ ...namespace, addresses: ['198.18.0.99'] }]), 80)).toBe('RecognizedPortNoAgent');
  expect(typeOf(container([inside], [namespace, { ...namespace, name: 'net:[3]' }]), 80)).toBe('RecognizedPortNoAgent');
  expect(typeOf(container([listening(8080)]), 80)).toBe('RecognizedPortNoAgent');
});

test('what could not be seen of sockets is told with the verdict of the zone', () => {
  const [zone] = networkReachability.evaluate(container([inside], [namespace]), { at: 0 });
  expect(zone).toMatchObject({ outcome: 'PASSED', unseen: [expect.stringContaining('1 other network namespaces')] });
});
