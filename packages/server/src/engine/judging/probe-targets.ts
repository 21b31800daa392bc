import type { HostEvidence } from '@assay/model/evidence/kinds.ts';
import type { Agent } from '../../domain/agent.ts';
import { recognizedPorts } from '../../domain/recognized-ports.ts';
import type { Probing } from '../../domain/rules-package.ts';
import type { Zone } from '../../domain/zones.ts';
import { rulesPackages } from '../../rules/index.ts';
import type { Store } from '../../store/store.ts';
import { unpackEvidence } from './load-evidence.ts';

export interface ProbeTarget {
  readonly agent: string;
  /** IPv4 and IPv6, as the host's interfaces have them. */
  readonly addresses: readonly string[];
  /** TCP ports, ascending: those of recognized services, and those that the newest run found reachable. */
  readonly ports: readonly number[];
}

/** Addresses of one host that are tried. */
const MOST_ADDRESSES = 16;
const MOST_PORTS = 4096;

/**
 * What connections from a zone may try of hosts, by what their agents sent last. A host whose interfaces are not known, or
 * have no address that the zone's packets go to, is tried at the address that its agent presents itself with.
 */
export async function probeTargets(
  { evidence, evaluations }: Pick<Store, 'evidence' | 'evaluations'>,
  scope: number,
  agents: readonly Agent[],
  zone: Zone,
): Promise<ProbeTarget[]> {
  const probing = rulesPackages.flatMap((each) => each.probing ?? []);
  const ids = agents.map(({ id }) => id);
  const known = await newestEvidence(evidence, scope, ids, probing);
  const ports = new Map(ids.map((id) => [id, new Set(recognizedPorts('tcp'))]));
  const runs = Map.groupBy(await evidence.newestRuns(scope, ids, 'firewall'), ({ run }) => run);
  for (const [run, of] of runs) {
    const those = of.map(({ agent }) => agent);
    for (const { agent, verdicts } of await evaluations.ofAgents(scope, run, those)) {
      for (const { ruleId, outcome } of verdicts) {
        const port = outcome === 'FINDING' ? probing.flatMap((each) => each.portOf(ruleId, zone) ?? [])[0] : undefined;
        if (port !== undefined) ports.get(agent)?.add(port);
      }
    }
  }
  return agents.map(({ id, ipv4Address }) => {
    const found = probing.flatMap((each) => each.addresses(known.get(id) ?? {}, zone));
    const addresses = found.length > 0 ? found : ipv4Address === null ? [] : [ipv4Address];
    return {
      agent: id,
      addresses: addresses.slice(0, MOST_ADDRESSES),
      ports: [...(ports.get(id) ?? [])].sort((a, b) => a - b).slice(0, MOST_PORTS),
    };
  });
}

async function newestEvidence(
  evidence: Store['evidence'],
  scope: number,
  ids: readonly string[],
  probing: readonly Probing[],
): Promise<ReadonlyMap<string, HostEvidence>> {
  const found = new Map<string, HostEvidence>();
  for (const kind of new Set(probing.flatMap(({ needs }) => needs))) {
    for (const { agent, content } of await evidence.latest(scope, kind, ids)) {
      found.set(agent, { ...found.get(agent), ...(await unpackEvidence([{ kind, content }])) });
    }
  }
  return found;
}
