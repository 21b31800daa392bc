import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { HostEvidence } from '@assay/model/evidence/kinds.ts';
import { parseAddress } from '../../../../packages/server/src/rules/network-reachability/addresses.ts';
import { firstPacket, trace, worldOf } from '../../../../packages/server/src/rules/network-reachability/exposure.ts';
import { socketsOf } from '../../../../packages/server/src/rules/network-reachability/listeners.ts';
import { stepText } from '../../../../packages/server/src/rules/network-reachability/packet-text.ts';
import { readFirewall } from '../../../../packages/server/src/rules/network-reachability/read-firewall.ts';
import { hostNetwork } from '../../../../packages/server/src/rules/network-reachability/surroundings.ts';
import { type Way, wayOf } from '../../../../packages/server/src/rules/network-reachability/way.ts';
import { lineProcess } from './line-process.ts';
import { makeNamespaces } from './namespaces.ts';

export interface SentProbe {
  readonly protocol: 'tcp' | 'udp';
  readonly source: string;
  readonly sourcePort: number;
  readonly destination: string;
  readonly port: number;
}

/** What a program such as `nft` or `iptables-restore` is given. */
export interface Loaded {
  readonly program: string;
  readonly text: string;
}

export interface Compared {
  readonly probe: SentProbe;
  readonly way: Way;
  /** By how many ways the packet may be stopped: where it is one, its rule must count the packet. */
  readonly stops: number;
  /** Whether the kernel let it past every chain. */
  readonly arrived: boolean;
}

export interface Pass {
  readonly compared: readonly Compared[];
  /** What the kernel and the verdicts do not agree on, in words. */
  readonly wrong: readonly string[];
  /** Rules that are said to stop packets, whose counters were compared. */
  readonly counted: number;
}

/** Sees every packet that all other chains have let through. */
const OBSERVER = `table inet zz_observer {
  set seen { type inet_proto . inet_service; flags dynamic; size 65535; }
  chain arrived { type filter hook input priority 1000; iifname "wan0" add @seen { meta l4proto . th sport }; }
  chain sent_on { type filter hook forward priority 1000; iifname "wan0" add @seen { meta l4proto . th sport }; }
}`;

const EMPTY = ['raw', 'mangle', 'nat', 'filter']
  .map((name) => `*${name}\n${name === 'filter' ? ':INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n' : ''}COMMIT\n`)
  .join('');

/** Two namespaces in which rulesets are loaded, looked at by the agent's collectors, and sent packets. */
export function openHarness() {
  const names = makeNamespaces();
  const inTarget = (command: string, args: readonly string[], input?: string): string =>
    execFileSync('ip', ['netns', 'exec', names.target, command, ...args], {
      input,
      encoding: 'utf8',
      stdio: 'pipe',
      maxBuffer: 64 * 1024 * 1024,
    });
  const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
  const send = lineProcess('ip', ['netns', 'exec', names.sender, process.execPath, script('sender.mjs')]);
  const collect = lineProcess('ip', ['netns', 'exec', names.target, process.execPath, script('collector.ts')]);
  let legacyUsed = false;

  /** Loads these and nothing else; false where the kernel or its programs refuse them. */
  const load = (parts: readonly Loaded[]): boolean => {
    inTarget('nft', ['flush', 'ruleset']);
    if (legacyUsed) {
      for (const program of ['iptables-legacy-restore', 'ip6tables-legacy-restore']) inTarget(program, [], EMPTY);
    }
    legacyUsed = parts.some(({ program }) => program.includes('legacy'));
    for (const { program, text } of parts) {
      try {
        inTarget(program, program === 'nft' ? ['-f', '-'] : [], text);
      } catch (error) {
        if (process.env.ASSAY_TEST_REFUSED) console.log(String(error), text);
        return false;
      }
    }
    return true;
  };

  const compare = async (probes: readonly SentProbe[], reversePath = '0'): Promise<Pass> => {
    inTarget('sysctl', ['-qw', 'net.ipv4.conf.all.rp_filter=0', `net.ipv4.conf.wan0.rp_filter=${reversePath}`]);
    const evidence = JSON.parse(await collect('["firewall","interfaces","routes","sysctls"]')) as HostEvidence;
    // The observer is not there when the host is looked at.
    inTarget('nft', ['-f', '-'], OBSERVER);
    await send(JSON.stringify(probes));
    const list = inTarget('nft', ['-j', 'list', 'ruleset']);
    const seen = seenOf(list);
    const judge = judgeOf(evidence);
    const compared = probes.map((probe) => {
      return { probe, ...judge(probe), arrived: seen.has(`${probe.protocol} ${probe.sourcePort}`) };
    });
    const wrong = compared.flatMap(({ probe, way, arrived }) =>
      way.state === 'conditional' || arrived === (way.state === 'open')
        ? []
        : [
            `${JSON.stringify(probe)} is ${way.state}, the kernel ${arrived ? 'let it through' : 'stopped it'}\n  ${way.steps.map(stepText).join('\n  ')}`,
          ],
    );
    const counters = countersOf(list);
    const legacy = (evidence.firewall?.data?.iptables ?? []).map(
      ({ family, variant }) => `${family === 'IPv4' ? 'iptables' : 'ip6tables'}-${variant}-save`,
    );
    for (const program of new Set(legacy)) addSaved(counters, program, inTarget(program, ['-c']));
    const stopped = Map.groupBy(
      compared.filter(
        ({ way, stops, arrived }) => way.state === 'closed' && stops === 1 && !arrived && way.decisive?.rule,
      ),
      ({ way }) => `${way.decisive?.rule?.table} ${way.decisive?.rule?.chain} ${way.decisive?.rule?.place}`,
    );
    let counted = 0;
    const uncounted = [...stopped].flatMap(([rule, packets]) => {
      const counter = counters.get(rule);
      if (counter === undefined) return [];
      counted++;
      return counter >= packets.length
        ? []
        : [
            `${rule} is said to stop ${packets.length} packets, and counted ${counter}: ${packets[0]?.way.decisive?.rule?.text}`,
          ];
    });
    return { compared, wrong: [...wrong, ...uncounted], counted };
  };
  return { load, compare };
}

interface Listed {
  readonly set?: {
    readonly name: string;
    readonly elem?: { elem?: { val: { concat: [string, number] } }; concat?: [string, number] }[];
  };
  readonly rule?: {
    readonly family: string;
    readonly table: string;
    readonly chain: string;
    readonly handle: number;
    readonly expr: readonly { readonly counter?: { readonly packets: number } }[];
  };
}
const listed = (json: string): readonly Listed[] => (JSON.parse(json) as { nftables: Listed[] }).nftables;

function seenOf(json: string): Set<string> {
  const elements = listed(json).flatMap(({ set }) => (set?.name === 'seen' ? (set.elem ?? []) : []));
  return new Set(elements.map((element) => (element.concat ?? element.elem?.val.concat ?? []).join(' ')));
}

/** Packets that rules of nftables counted, by the rule as verdicts name it. */
function countersOf(json: string): Map<string, number> {
  return new Map(
    listed(json).flatMap(({ rule }) => {
      const counter = rule?.expr.find((each) => each.counter)?.counter;
      return rule && counter
        ? [[`${rule.family} ${rule.table} ${rule.chain} handle ${rule.handle}`, counter.packets] as const]
        : [];
    }),
  );
}

/** The same of iptables, whose rules are numbered. */
function addSaved(counters: Map<string, number>, program: string, saved: string): void {
  let table = '';
  const numbers = new Map<string, number>();
  for (const line of saved.split('\n')) {
    if (line.startsWith('*')) table = line.slice(1).trim();
    const [, packets, chain] = /^\[(\d+):\d+\] -A (\S+)/.exec(line) ?? [];
    if (packets === undefined || chain === undefined) continue;
    const number = (numbers.get(`${table} ${chain}`) ?? 0) + 1;
    numbers.set(`${table} ${chain}`, number);
    const named = program.replace('-nft-save', '').replace('-save', '');
    counters.set(`${named} ${table} ${chain} rule ${number}`, Number(packets));
  }
}

function judgeOf(evidence: HostEvidence): (probe: SentProbe) => Pick<Compared, 'way' | 'stops'> {
  const firewall = readFirewall(evidence);
  if (!firewall.ok) throw new Error(firewall.why);
  const network = hostNetwork(evidence);
  const sockets = socketsOf(evidence);
  const device = network.interfaces.find(({ name }) => name === 'wan0');
  return ({ protocol, source, sourcePort, destination, port }) => {
    const world = worldOf(network, firewall.ruleset);
    const [to, from] = [parseAddress(destination), parseAddress(source)];
    if (!device || !to || !from) throw new Error('wan0 was not collected');
    const packet = firstPacket(protocol, { ...to, text: destination }, device, from.value, sourcePort);
    return { way: wayOf(world, packet, port, sockets), stops: trace(world, packet, port).stopped.length };
  };
}
