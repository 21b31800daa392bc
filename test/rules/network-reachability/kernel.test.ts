import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { HostEvidence } from '@assay/model/evidence/kinds.ts';
import { expect, test } from 'vitest';
import { parseAddress } from '../../../packages/server/src/rules/network-reachability/addresses.ts';
import { bounds } from '../../../packages/server/src/rules/network-reachability/bounds.ts';
import { firstPacket, type World } from '../../../packages/server/src/rules/network-reachability/exposure.ts';
import { socketsOf } from '../../../packages/server/src/rules/network-reachability/listeners.ts';
import { stepText } from '../../../packages/server/src/rules/network-reachability/packet-text.ts';
import { readFirewall } from '../../../packages/server/src/rules/network-reachability/read-firewall.ts';
import { hostNetwork } from '../../../packages/server/src/rules/network-reachability/surroundings.ts';
import { type Way, wayOf } from '../../../packages/server/src/rules/network-reachability/way.ts';
import { effort } from '../../support/effort.ts';
import { seededRandom } from '../../support/seeded-random.ts';
import { testSeed } from '../../support/test-seed.ts';
import { type Choices, choicesOf, ports } from './kernel/choices.ts';
import { lineProcess } from './kernel/line-process.ts';
import { makeNamespaces, sources, target, whyNoNamespaces } from './kernel/namespaces.ts';
import { randomIptables } from './kernel/random-iptables.ts';
import { randomNftables } from './kernel/random-nftables.ts';

const why = whyNoNamespaces();
if (why !== undefined) console.log(`SKIPPED: random rulesets against the kernel (${why})`);

const RULESETS = effort('rulesets', 12);
const PROBES = 60;

interface Probe {
  readonly protocol: 'tcp' | 'udp';
  readonly source: string;
  readonly sourcePort: number;
  readonly destination: string;
  readonly port: number;
}

/** Sees every packet that all other chains have let through. */
const OBSERVER = `table inet zz_observer {
  set seen { type inet_proto . inet_service; flags dynamic; size 65535; }
  chain arrived { type filter hook input priority 1000; iifname "wan0" add @seen { meta l4proto . th sport }; }
  chain sent_on { type filter hook forward priority 1000; iifname "wan0" add @seen { meta l4proto . th sport }; }
}`;

test.skipIf(why !== undefined)(
  `the kernel lets through what is said to be open, and nothing that is closed: ${RULESETS} random rulesets`,
  { timeout: RULESETS * 8000 + 30_000 },
  async () => {
    const names = makeNamespaces();
    const inTarget = (command: string, args: readonly string[], input?: string): string =>
      execFileSync('ip', ['netns', 'exec', names.target, command, ...args], { input, encoding: 'utf8', stdio: 'pipe' });
    const script = (name: string): string => fileURLToPath(new URL(`kernel/${name}`, import.meta.url));
    const send = lineProcess('ip', ['netns', 'exec', names.sender, process.execPath, script('sender.mjs')]);
    const collect = lineProcess('ip', ['netns', 'exec', names.target, process.execPath, script('collector.ts')]);
    const counts = { rulesets: 0, refused: 0, packets: 0, open: 0, closed: 0, conditional: 0 };
    let sourcePort = 20_000;
    const wrong: string[] = [];
    for (let at = 0; at < RULESETS; at++) {
      const seed = testSeed + at;
      const pick = choicesOf(seededRandom(seed));
      const kind = pick.of(['nft', 'nft', 'nft', 'iptables-nft', 'iptables-legacy'] as const);
      const text = load(inTarget, pick, kind, names.target);
      if (text === undefined) {
        counts.refused++;
        continue;
      }
      counts.rulesets++;
      const filter = pick.of(['0', '0', '1', '2']);
      inTarget('sysctl', ['-qw', 'net.ipv4.conf.all.rp_filter=0', `net.ipv4.conf.wan0.rp_filter=${filter}`]);
      const evidence = JSON.parse(await collect('["firewall","interfaces","routes","sysctls"]')) as HostEvidence;
      // The observer is not there when the host is looked at.
      inTarget('nft', ['-f', '-'], OBSERVER);
      const probes = Array.from({ length: PROBES }, (): Probe => {
        const six = pick.chance(0.4);
        sourcePort = sourcePort >= 60_000 ? 20_000 : sourcePort + 1;
        return {
          protocol: pick.of(['tcp', 'udp']),
          source: pick.of(six ? sources.v6 : sources.v4),
          sourcePort,
          destination: six ? target.v6 : pick.of([target.v4, target.v4, target.other]),
          port: Math.min(65_535, Math.max(1, pick.of(ports) + pick.of([-1, 0, 0, 0, 1]))),
        };
      });
      await send(JSON.stringify(probes));
      const seen = seenOf(inTarget('nft', ['-j', 'list', 'set', 'inet', 'zz_observer', 'seen']));
      for (const probe of probes) {
        const way = judge(evidence, probe);
        counts.packets++;
        counts[way.state]++;
        const got = seen.has(`${probe.protocol} ${probe.sourcePort}`);
        if (way.state !== 'conditional' && got !== (way.state === 'open')) {
          const steps = way.steps.map(stepText).join('\n  ');
          wrong.push(
            `seed ${seed} (${kind}, rp_filter ${filter}): ${JSON.stringify(probe)} is ${way.state}, the kernel ${got ? 'let it through' : 'stopped it'}\n  ${steps}\n${text}`,
          );
        }
      }
      if (wrong.length > 0) break;
    }
    console.log(`seed ${testSeed}: ${JSON.stringify(counts)}`);
    expect(wrong.slice(0, 3).join('\n\n')).toBe('');
    expect(counts.rulesets).toBeGreaterThan(0);
    expect(counts.open).toBeGreaterThan(0);
    expect(counts.closed).toBeGreaterThan(0);
  },
);

/** Loads a random ruleset and nothing else; undefined where the kernel or its programs refuse it. */
function load(
  inTarget: (command: string, args: readonly string[], input?: string) => string,
  pick: Choices,
  kind: 'nft' | 'iptables-nft' | 'iptables-legacy',
  _: string,
): string | undefined {
  inTarget('nft', ['flush', 'ruleset']);
  for (const program of ['iptables-legacy-restore', 'ip6tables-legacy-restore']) {
    const empty = ['raw', 'mangle', 'nat', 'filter'].map((name) => `*${name}\nCOMMIT\n`).join('');
    inTarget(
      program,
      [],
      empty.replace('*nat\n', '*nat\n').replace('*filter\n', '*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n'),
    );
  }
  const parts: (readonly [string, string])[] =
    kind === 'nft'
      ? [['nft', randomNftables(pick)]]
      : [
          [`${kind.replace('iptables', 'iptables')}-restore`, randomIptables(pick, 4)],
          [`${kind.replace('iptables', 'ip6tables')}-restore`, randomIptables(pick, 6)],
        ];
  for (const [program, text] of parts) {
    try {
      inTarget(program, program === 'nft' ? ['-f', '-'] : [], text);
    } catch (error) {
      if (process.env.ASSAY_TEST_REFUSED) console.log(String(error), text);
      return undefined;
    }
  }
  return parts.map(([, text]) => text).join('\n');
}

function seenOf(json: string): Set<string> {
  const list = JSON.parse(json) as {
    nftables: { set?: { elem?: { elem?: { val: { concat: [string, number] } }; concat?: [string, number] }[] } }[];
  };
  const elements = list.nftables.flatMap(({ set }) => set?.elem ?? []);
  return new Set(elements.map((element) => (element.concat ?? element.elem?.val.concat ?? []).join(' ')));
}

function judge(evidence: HostEvidence, { protocol, source, sourcePort, destination, port }: Probe): Way {
  const firewall = readFirewall(evidence);
  if (!firewall.ok) throw new Error(firewall.why);
  const network = hostNetwork(evidence);
  const world: World = { network, ruleset: firewall.ruleset, budget: { visits: bounds.visits } };
  const device = network.interfaces.find(({ name }) => name === 'wan0');
  const [to, from] = [parseAddress(destination), parseAddress(source)];
  if (!device || !to || !from) throw new Error('wan0 was not collected');
  return wayOf(
    world,
    firstPacket(protocol, { ...to, text: destination }, device, from.value, sourcePort),
    port,
    socketsOf(evidence),
  );
}
