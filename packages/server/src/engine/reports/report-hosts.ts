import { gunzipSync } from 'node:zlib';
import type { Severity } from '../../domain/rules-package.ts';
import type { Run } from '../../domain/run.ts';
import type { ReportReader } from '../../store/tables/report-reader.ts';
import type { RunAgent } from '../../store/tables/run-agents.ts';
import type { HostEvidenceDigest, ReportHost } from './report-data.ts';

export type MutableCounts = Record<Severity, number>;
export const noCounts = (): MutableCounts => ({ High: 0, Medium: 0, Low: 0, Informational: 0, Undefined: 0 });

/** Who a host is where the store does not have it: from an imported finding's assetAttributes. */
interface Asset {
  readonly hostname?: unknown;
  readonly ipv4Addresses?: unknown;
}

/** The hosts of a run; one that only a finding or an exclusion names is added where it is asked for. */
export interface ReportHosts {
  readonly of: (agent: string | null, asset: unknown) => ReportHost;
  readonly count: (host: ReportHost, severity: Severity) => void;
  /** What a host is called, also one that has no part in the run. */
  readonly nameOf: (agent: string | null) => string;
  /** By name. */
  readonly all: () => readonly ReportHost[];
}

/** The hosts that took part in a run, with their operating system as it was during the run where they said. */
export async function reportHosts(
  reader: Pick<ReportReader, 'agents' | 'runAgents' | 'evidence'>,
  scope: number,
  run: Run,
  evidence: ReadonlyMap<string, HostEvidenceDigest>,
): Promise<ReportHosts> {
  const known = new Map<string, ReportHost & { counts: MutableCounts }>();
  const systems = new Map<string, string>();
  const unreadable = new Set<string>();
  for await (const { agent, content } of reader.evidence.streamOperatingSystems(scope, run.id)) {
    try {
      const name = prettyName(content);
      if (name !== undefined) systems.set(agent, name);
    } catch {
      unreadable.add(agent);
    }
  }
  const asAgent = (agent: string | null) => {
    const member = members.get(agent ?? '');
    return {
      agentVersion: member?.agentVersion ?? undefined,
      root: member?.privileged ?? undefined,
      evidence: evidence.get(agent ?? ''),
    };
  };
  const members = new Map((await reader.runAgents.ofRun(scope, run.id)).map((member) => [member.agent, member]));
  for (const status of ['DELIVERED', 'PENDING'] as const) {
    for (const agent of await reader.agents.ofRun(scope, run.id, status)) {
      known.set(agent.id, {
        agent: agent.id,
        hostname: agent.hostname,
        operatingSystem:
          systems.get(agent.id) ??
          `${agent.operatingSystem}${unreadable.has(agent.id) ? ' (its evidence cannot be read)' : ''}`,
        kernel: agent.kernelVersion ?? undefined,
        addresses: agent.ipv4Address === null ? [] : [agent.ipv4Address],
        health: healthOf(members.get(agent.id)),
        deliveredAt: members.get(agent.id)?.deliveredAt ?? undefined,
        ...asAgent(agent.id),
        counts: noCounts(),
      });
    }
  }
  const of = (agent: string | null, asset: unknown): ReportHost => {
    const { hostname, ipv4Addresses } = (typeof asset === 'object' && asset !== null ? asset : {}) as Asset;
    const name = typeof hostname === 'string' && hostname !== '' ? hostname : undefined;
    const key = agent ?? `host ${name ?? ''}`;
    const before = known.get(key);
    if (before) return before;
    const member = members.get(key);
    const added = {
      agent: agent ?? undefined,
      hostname: name ?? agent ?? 'a host without a name',
      operatingSystem: systems.get(key),
      kernel: undefined,
      addresses: Array.isArray(ipv4Addresses) ? ipv4Addresses.filter((each) => typeof each === 'string') : [],
      health: healthOf(member),
      deliveredAt: member?.deliveredAt ?? undefined,
      ...asAgent(agent),
      counts: noCounts(),
    } as const;
    known.set(key, added);
    return added;
  };
  // One that is not in the store any more still took part.
  for (const agent of members.keys()) of(agent, undefined);
  return {
    of,
    count: (host, severity) => {
      (host.counts as MutableCounts)[severity] += 1;
    },
    nameOf: (agent) => known.get(agent ?? '')?.hostname ?? agent ?? 'a host without a name',
    all: () => [...known.values()].sort((a, b) => order(a.hostname, b.hostname) || order(a.agent ?? '', b.agent ?? '')),
  };
}

/** By code units: the same on every machine. */
export const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The largest document about an operating system that is read, decompressed. */
const MAX_OS_RELEASE = 1024 * 1024;

function prettyName(content: Uint8Array): string | undefined {
  const text = gunzipSync(content, { maxOutputLength: MAX_OS_RELEASE }).toString('utf8');
  const { data } = JSON.parse(text) as { data?: { prettyName?: unknown } };
  return typeof data?.prettyName === 'string' && data.prettyName !== '' ? data.prettyName : undefined;
}

/** Whether it delivered all that the run asked for. */
const healthOf = (member: RunAgent | undefined): ReportHost['health'] =>
  !member ? 'UNKNOWN' : member.status === 'DELIVERED' && !member.partial ? 'HEALTHY' : 'UNHEALTHY';
