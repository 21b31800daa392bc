import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EvidenceData } from '@assay/model/evidence/kinds.ts';
import { describe, expect, test } from 'vitest';
import { parseAddress } from '../../../packages/server/src/rules/network-reachability/addresses.ts';
import { firstPacket, worldOf } from '../../../packages/server/src/rules/network-reachability/exposure.ts';
import { type Arrived, travel } from '../../../packages/server/src/rules/network-reachability/journey.ts';
import { socketsOf } from '../../../packages/server/src/rules/network-reachability/listeners.ts';
import { unionPorts } from '../../../packages/server/src/rules/network-reachability/port-classes.ts';
import {
  ALL_PORTS,
  contains,
  intersect,
  subtract,
} from '../../../packages/server/src/rules/network-reachability/ranges.ts';
import { readFirewall } from '../../../packages/server/src/rules/network-reachability/read-firewall.ts';
import { hostNetwork } from '../../../packages/server/src/rules/network-reachability/surroundings.ts';
import { wayOf } from '../../../packages/server/src/rules/network-reachability/way.ts';
import { testFolder } from '../../feeds/fixture-files.ts';
import { sharedFile, skipNote } from '../../support/shared-data.ts';
import { unpackXz } from '../../support/unpacked-xz.ts';
import { host } from '../security-best-practices/hosts.ts';

const { file: folder, absent } = sharedFile('data/network');

/** The sockets of the recorded host. */
const sockets: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 22],
  ['0.0.0.0', 23],
  ['0.0.0.0', 80],
  ['127.0.0.1', 443],
  ['10.20.0.10', 5432],
  ['0.0.0.0', 3306],
  ['::', 8080],
  ['203.0.113.10', 9200],
  ['0.0.0.0', 25565],
  ['::', 8443],
  ['0.0.0.0', 65100],
  ['0.0.0.0', 9999],
  ['10.20.0.10', 6379],
];

const listeners: EvidenceData<'listeners'>['listeners'] = sockets.map(([address, port]) => ({
  protocol: 'TCP',
  family: address.includes(':') ? 'IPv6' : 'IPv4',
  address,
  port,
}));

const device = (name: string, address: string) => ({
  name,
  loopback: false,
  up: true,
  addresses: [{ family: 'IPv4' as const, address, prefixLength: 24 }],
});

describe.skipIf(absent)(`the recorded host${skipNote(absent)}`, () => {
  const evidence = host({
    interfaces: { interfaces: [device('rxv0', '203.0.113.10'), device('rxp0', '10.20.0.10')] },
    routes: {
      routes: [
        {
          family: 'IPv4',
          type: 'unicast',
          destination: 'default',
          table: 'main',
          gateway: '203.0.113.1',
          device: 'rxv0',
        },
        { family: 'IPv4', type: 'unicast', destination: '203.0.113.0/24', table: 'main', device: 'rxv0' },
        { family: 'IPv4', type: 'unicast', destination: '10.20.0.0/24', table: 'main', device: 'rxp0' },
      ],
      rules: [],
    },
    sysctls: { sysctls: [] },
    firewall:
      absent === undefined
        ? { nftables: readFileSync(join(folder, 'rules.json'), 'utf8'), iptables: [] }
        : { iptables: [] },
    listeners: { listeners },
  });

  test.each([
    ['203.0.113.1', 'rxv0'],
    ['198.51.100.7', 'rxv0'],
    ['10.20.0.5', 'rxp0'],
  ])('is as the scan from %s found it, port by port', async (source, by) => {
    const unpacked = join(testFolder(), 'scan.json');
    await unpackXz(join(folder, `connect_scan_${source}.json.xz`), unpacked);
    const scan = JSON.parse(readFileSync(unpacked, 'utf8')) as { open: number[]; closed: number[] };
    const firewall = readFirewall(evidence);
    if (!firewall.ok) throw new Error(firewall.why);
    const network = hostNetwork(evidence);
    const world = worldOf(network, firewall.ruleset);
    const arriving = network.interfaces.find(({ name }) => name === by);
    const destination = arriving?.addresses[0];
    const from = parseAddress(source);
    if (!arriving || !destination || !from) throw new Error('no such interface');
    const packet = firstPacket('tcp', destination, arriving, from.value);
    const { chains, ports } = world.ruleset;
    const arrived = travel(
      { chains, around: network, ports, budget: world.budget, trace: false },
      world.ruleset,
      network,
      packet,
    );
    const rangesOf = (states: Arrived['local']) => ports.rangesOf(unionPorts(states.map((state) => state.ports)));
    const accepted = rangesOf(arrived.local);
    const conditional = intersect(accepted, rangesOf(arrived.stopped));
    expect(conditional).toEqual([[25565, 25565]]);
    // A reset by the firewall looks like a port on which nothing listens.
    const reached = new Set([...scan.open, ...scan.closed.filter((port) => port !== 23)]);
    const wrong = Array.from({ length: 65_535 }, (_, at) => at + 1).filter(
      (port) => contains(accepted, port) !== reached.has(port),
    );
    expect(wrong).toEqual([]);
    const heard = scan.open.filter((port) => wayOf(world, packet, port, socketsOf(evidence)).listener === undefined);
    expect(heard).toEqual([]);
    const silent = scan.closed.filter((port) => wayOf(world, packet, port, socketsOf(evidence)).listener !== undefined);
    expect(silent).toEqual([]);
    expect(subtract(accepted, ALL_PORTS)).toEqual([]);
  });
});
