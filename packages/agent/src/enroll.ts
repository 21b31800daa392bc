import { createPublicKey } from 'node:crypto';
import { EnrollResponse, type HostDescription } from '@assay/model/agent-protocol.ts';
import { parse } from '@assay/model/parse.ts';
import { AgentStopped } from './agent-stopped.ts';
import type { Client } from './client.ts';
import type { Identities, Identity } from './identity.ts';
import { retry } from './retry.ts';
import { isFinal } from './server-fault.ts';

export interface EnrollmentDeps {
  readonly client: Client;
  readonly identities: Identities;
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
}

const TIMEOUT = 30_000;
/** As the server makes them: it becomes part of a header. */
const AGENT_ID = /^i-[0-9a-f]{17}$/;

/**
 * Becomes an agent of the server by a one-time token. An agent that is stopped before it has heard the answer asks
 * again with the same key, and the same token still works. Throws {@link AgentStopped} where the token does not.
 */
export async function enroll(
  { client, identities, log, signal }: EnrollmentDeps,
  token: string,
  host: HostDescription,
): Promise<Identity> {
  const publicKey = createPublicKey(identities.keyToEnroll())
    .export({ format: 'der', type: 'spki' })
    .toString('base64');
  const body = Buffer.from(JSON.stringify({ token, publicKey, host }));
  const call = { method: 'POST', path: '/agent/v1/enroll', contentType: 'application/json', body } as const;
  try {
    const agentId = await retry(
      async () => {
        const answer = parse(EnrollResponse, await client.call({ ...call, timeoutMs: TIMEOUT, signal }));
        if (!AGENT_ID.test(answer.agentId ?? ''))
          throw new Error('the answer has no agent id of the form that Assay gives');
        return answer.agentId;
      },
      { signal, log },
    );
    const identity = identities.keep(agentId);
    log(`Enrolled as ${agentId}.`);
    return identity;
  } catch (error) {
    if (isFinal(error)) throw new AgentStopped(`The server refused to enrol this agent: ${error.message}`);
    throw error;
  }
}
