import { createPublicKey } from 'node:crypto';
import type { HostDescription } from '@assay/model/agent-protocol.ts';
import type { Agent } from '../../domain/agent.ts';
import { effectiveTags } from '../../domain/host-tags.ts';
import { newAgentId, type RandomBytes } from '../../domain/ids.ts';
import type { Tables } from '../../store/store.ts';
import type { EnrollmentToken } from '../../store/tables/enrollment-tokens.ts';
import { tokenDigest, tokenState } from '../hosts/enrollment-tokens.ts';
import { type Ago, healthTime } from '../runs/agent-health.ts';
import { AgentFault } from './agent-fault.ts';
import { isConnected } from './claim-identity.ts';
import type { GroupCommit } from './group-commit.ts';
import type { TellHostEvent } from './host-event.ts';

export interface EnrollDeps {
  readonly commit: GroupCommit;
  readonly now: () => number;
  readonly ago: Ago;
  readonly random: RandomBytes;
  /** Takes what goes on the audit trail. */
  readonly tell?: TellHostEvent;
}

/**
 * Makes an agent out of a token and a public key. An agent that was stopped before it heard its id may ask again with the
 * same token and key, and gets the same id. A machine that is known, and whose agent is not connected, takes its old place:
 * it was reinstalled. Throws {@link AgentFault}.
 */
export const enroll =
  ({ commit, now, ago, random, tell }: EnrollDeps) =>
  async (token: string, publicKey: string, host: HostDescription): Promise<string> => {
    const key = readPublicKey(publicKey);
    const digest = tokenDigest(token);
    const { agent, scope, known } = await commit(async (tables) => {
      const found = await tables.enrollmentTokens.find(digest);
      const at = now();
      const again = found && (await enrolledBefore(tables, found, key));
      if (again) return { agent: again, scope: found.scope, known: false };
      if (!found || tokenState(found, at) !== 'USABLE') {
        throw new AgentFault(
          'InvalidToken',
          'This enrolment token is unknown, used or expired, or it was revoked. Make a new one on the server: assay tokens create',
        );
      }
      const before = await formerPlace(tables, found.scope, host, healthTime(ago));
      const agent = newAgent(host, { id: before?.id ?? newAgentId(random), key, token: found, before, at });
      await tables.enrollmentTokens.use(digest, agent.id);
      if (before) await tables.agents.replace(found.scope, agent);
      else await tables.agents.insert(found.scope, agent);
      return { agent, scope: found.scope, known: before !== undefined };
    });
    if (known) tell?.({ name: 'HostReenrolled', scope, agent: agent.id, hostname: host.hostname });
    return agent.id;
  };

/** Who the token and this key made already. */
async function enrolledBefore(
  { agents }: Pick<Tables, 'agents'>,
  { digest, agent }: EnrollmentToken,
  key: Buffer,
): Promise<Agent | undefined> {
  const enrolled = await agents.enrolledBy(digest, key);
  if (enrolled) return enrolled.removedAt == null ? enrolled : undefined;
  // Enrolled before hosts remembered their tokens.
  const first = agent === null ? undefined : await agents.find(agent);
  return first && first.removedAt == null && Buffer.from(first.publicKey).equals(key) ? first : undefined;
}

/** The host that this machine was: the only one of its machine id, or the only one that also has its name. */
async function formerPlace(
  { agents }: Pick<Tables, 'agents'>,
  scope: number,
  { machineId, hostname }: HostDescription,
  now: number,
): Promise<Agent | undefined> {
  if (machineId === undefined) return undefined;
  const all = await agents.ofMachine(scope, machineId);
  const same = all.length > 1 ? all.filter((agent) => agent.hostname === hostname) : all;
  const [only] = same;
  return same.length === 1 && only && !isConnected(only, now) ? only : undefined;
}

interface Enrolment {
  readonly id: string;
  readonly key: Buffer;
  readonly token: EnrollmentToken;
  readonly before: Agent | undefined;
  readonly at: number;
}

function newAgent(host: HostDescription, { id, key, token, before, at }: Enrolment): Agent {
  const fixedTags = token.tags.length > 0 ? token.tags : (before?.fixedTags ?? null);
  return {
    ...describedBy(host),
    tags: effectiveTags(host.tags, fixedTags),
    id,
    publicKey: key,
    status: 'IDLE',
    enrolledAt: before?.enrolledAt ?? at,
    seenAt: at,
    machine: host.machineId ?? null,
    boot: host.bootId ?? null,
    process: host.processId ?? null,
    visitEvery: visitEveryOf(host),
    ...{ formerProcess: null, refusedProcess: null, formerBoot: null, refusedBoot: null, claimedAt: null },
    ...{ contestedAt: null, contestedBy: null },
    ...{ clockSkew: null, clockSkewAt: null, forgottenAt: null },
    saidTags: host.tags,
    fixedTags,
    enrolledWith: token.digest,
  };
}

/** Milliseconds; null for an agent that stays. */
export const visitEveryOf = ({ visitEverySeconds }: HostDescription): number | null =>
  visitEverySeconds === undefined ? null : visitEverySeconds * 1000;

/** The columns that an agent's own description fills. */
export const describedBy = (host: HostDescription) => ({
  hostname: host.hostname,
  operatingSystem: host.operatingSystem,
  kernelVersion: host.kernelVersion ?? null,
  agentVersion: host.agentVersion,
  ipv4Address: host.ipv4Address ?? null,
  privileged: host.privileged,
  tags: host.tags,
  collects: host.collects ?? null,
});

function readPublicKey(base64: string): Buffer {
  const der = Buffer.from(base64, 'base64');
  try {
    if (createPublicKey({ key: der, format: 'der', type: 'spki' }).asymmetricKeyType === 'ed25519') return der;
  } catch {
    // Falls through: what cannot be read is refused like a key of another kind.
  }
  throw new AgentFault('InvalidPublicKey', 'The public key must be Ed25519, as SPKI DER in base64');
}
