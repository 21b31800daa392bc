import { expect, test } from 'vitest';
import { networkReachability } from '../../../packages/server/src/rules/network-reachability/index.ts';
import { networkHost } from './network-host.ts';

const markedDropped = [
  {
    chain: {
      ...{ family: 'inet', table: 'filter', name: 'input', handle: 1 },
      ...{ type: 'filter', hook: 'input', prio: 0, policy: 'accept' },
    },
  },
  {
    rule: {
      ...{ family: 'inet', table: 'filter', chain: 'input', handle: 2 },
      expr: [{ match: { op: '==', left: { meta: { key: 'mark' } }, right: 7 } }, { drop: null }],
    },
  },
];
const setMark = (value: number) => ({ mangle: { key: { meta: { key: 'mark' } }, value } });

/** A chain on ingress as nft lists it; some versions leave out on which device. */
const early = (expr: object, device: object = {}) => [
  {
    chain: {
      ...{ family: 'netdev', table: 'early', name: 'first', handle: 1 },
      ...{ type: 'filter', hook: 'ingress', prio: 0, policy: 'accept', ...device },
    },
  },
  { rule: { family: 'netdev', table: 'early', chain: 'first', handle: 2, expr: [expr] } },
];

function ssh(nftables: readonly object[]): string | undefined {
  const verdicts = networkReachability.evaluate(networkHost({ nftables }), { at: 0 });
  const found = verdicts.find(({ ruleId }) => ruleId === 'Recognized port reachable from internet - TCP 22');
  if (found?.outcome !== 'FINDING') return 'closed';
  return found.finding.attributes.find(({ key }) => key === 'VERDICT')?.value;
}

test.each([
  ['a mark set on this device, which later stops the packet', setMark(7), { dev: 'eth0' }, 'closed'],
  ['another mark set on this device', setMark(8), { dev: 'eth0' }, 'open'],
  ['a drop on another device', { drop: null }, { dev: 'eth1' }, 'open'],
  ['a drop on one of several devices', { drop: null }, { dev: ['eth1', 'eth0'] }, 'closed'],
  ['a drop, and the list does not say on which device', { drop: null }, {}, 'conditional'],
  ['a mark, and the list does not say on which device', setMark(7), {}, 'conditional'],
  ['a counter, and the list does not say on which device', { counter: { packets: 0, bytes: 0 } }, {}, 'open'],
])('on ingress: %s', (_, expr, device, expected) => {
  const later = expected === 'open' && !('mangle' in expr) ? [] : markedDropped;
  expect(ssh([...early(expr, device), ...later])).toBe(expected);
});
