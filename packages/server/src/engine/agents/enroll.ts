import { createHash, createPublicKey } from 'node:crypto';
import type { HostDescription } from '@assay/model/agent-protocol.ts';
import { newAgentId, type RandomBytes } from '../../domain/ids.ts';
import type { Agent } from '../../store/tables/agents.ts';
import { AgentFault } from './agent-fault.ts';
import type { GroupCommit } from './group-commit.ts';

export interface EnrollDeps {
  readonly commit: GroupCommit;
  readonly now: () => number;
  readonly random: RandomBytes;
}

/** How a one-time token is kept: its SHA-256 in hex. Tokens are 256 random bits, so a plain hash cannot be guessed back. */
export const tokenDigest = (token: string): string => createHash('sha256').update(token).digest('hex');

/**
 * Makes an agent out of a one-time token and a public key. An agent that was stopped before it heard its id may ask
 * again with the same token and key, and gets the same id. Throws {@link AgentFault}.
 */
export const enroll =
  ({ commit, now, random }: EnrollDeps) =>
  async (token: string, publicKey: string, host: HostDescription): Promise<string> => {
    const key = readPublicKey(publicKey);
    const digest = tokenDigest(token);
    return commit(async (tables) => {
      const found = await tables.enrollmentTokens.find(digest);
      const refusal = new AgentFault(
        403,
        'InvalidToken',
        'This enrolment token is unknown, used or expired. Make a new one on the server: assay agents token',
      );
      if (!found) throw refusal;
      if (found.agent !== null) {
        const enrolled = await tables.agents.find(found.agent);
        if (enrolled && Buffer.from(enrolled.publicKey).equals(key)) return enrolled.id;
        throw refusal;
      }
      const at = now();
      if (found.expiresAt <= at) throw refusal;
      const agent: Agent = {
        ...describedBy(host),
        id: newAgentId(random),
        publicKey: key,
        status: 'IDLE',
        enrolledAt: at,
        seenAt: at,
        machine: host.machineId ?? null,
        boot: host.bootId ?? null,
        process: host.processId ?? null,
      };
      if (!(await tables.enrollmentTokens.use(digest, agent.id))) throw refusal;
      await tables.agents.insert(found.scope, agent);
      return agent.id;
    });
  };

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
  throw new AgentFault(400, 'InvalidPublicKey', 'The public key must be Ed25519, as SPKI DER in base64');
}
