import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { agentProtocol, processIdPattern, signedText } from '@assay/model/agent-protocol.ts';
import type { Agent } from '../../domain/agent.ts';
import type { Store } from '../../store/store.ts';
import { AgentFault } from './agent-fault.ts';

export interface AgentRequest {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  /** The header X-Assay-Date: seconds since the epoch, as text. */
  readonly date: string | undefined;
  /** The header X-Assay-Process. */
  readonly processId?: string | undefined;
  readonly body: Uint8Array;
}

/** Who signed a request. */
export interface AgentIdentity {
  readonly id: string;
  /** scopes.id */
  readonly scope: number;
  /** The process of the agent, where it names itself. */
  readonly processId?: string | undefined;
  /** Milliseconds that the agent's clock is ahead of the server's, to about a second and the time of the way. */
  readonly aheadBy?: number;
}

const AUTHORIZATION = /^Assay-Agent (i-[0-9a-f]{17}):([A-Za-z0-9+/]{86}==)$/;
const DATE = /^[0-9]{1,11}$/;

/** The most agents whose keys are kept at hand. */
const KEPT = 10_000;

/** How often the clock of a host that is refused for it is written down, in milliseconds. */
const SKEW_EVERY = 60_000;

/**
 * The agent that signed a request. Throws {@link AgentFault}: BadSignature or NotSigned with the same
 * words for an unknown id and a bad signature, ClockSkew, and Removed for a host that an operator removed.
 */
export function authenticate({ store, now }: { readonly store: Pick<Store, 'agents'>; readonly now: () => number }) {
  const keyOf = keepingKeys();
  return async (request: AgentRequest): Promise<AgentIdentity> => {
    const { method, path, authorization, date, processId, body } = request;
    const [, id = '', signature = ''] = AUTHORIZATION.exec(authorization ?? '') ?? [];
    if (!signature || !date || !DATE.test(date)) {
      throw new AgentFault(
        'NotSigned',
        'The request must be signed: Authorization: Assay-Agent ID:SIGNATURE, and X-Assay-Date',
      );
    }
    const at = now();
    const clockSkew = Number(date) * 1000 - at;
    const tooFar = Math.abs(clockSkew) > agentProtocol.maxClockSkewSeconds * 1000;
    const clockFault = (): AgentFault =>
      new AgentFault(
        'ClockSkew',
        `The agent's clock and the server's differ by ${Math.round(Math.abs(clockSkew) / 1000)} seconds`,
      );
    const agent = await store.agents.find(id);
    const text = signedText(method, path, date, createHash('sha256').update(body).digest('hex'));
    // In this thread, which takes 90 µs: to hand it to another and back cost 150 to 250 where processors were short.
    if (!agent || !verify(null, Buffer.from(text), keyOf(agent.publicKey), Buffer.from(signature, 'base64'))) {
      throw tooFar ? clockFault() : notEnrolled();
    }
    refuseRemoved(agent);
    if (tooFar) {
      // Nothing else of it is heard: its health says why.
      if (at - (agent.clockSkewAt ?? 0) > SKEW_EVERY) {
        await store.agents.change(agent.scope, id, { clockSkew, clockSkewAt: at });
      }
      throw clockFault();
    }
    const named = processIdPattern.test(processId ?? '');
    return { id, scope: agent.scope, aheadBy: clockSkew, ...(named ? { processId } : {}) };
  };
}

/** Throws {@link AgentFault} Removed for a host that an operator removed. */
export function refuseRemoved({ removedAt }: Pick<Agent, 'removedAt'>): void {
  if (removedAt == null) return;
  const day = new Date(removedAt).toISOString().slice(0, 10);
  throw new AgentFault('Removed', `This host was removed from the server on ${day}.`);
}

export const notEnrolled = (): AgentFault =>
  new AgentFault(
    'BadSignature',
    'This agent is not enrolled here, or the signature is not its own. Enrol it again with a new token.',
  );

/** Opened keys by their bytes; the one that was opened first is forgotten first. */
function keepingKeys(): (publicKey: Uint8Array) => KeyObject {
  const kept = new Map<string, KeyObject>();
  return (publicKey) => {
    const der = Buffer.from(publicKey);
    const name = der.toString('base64');
    const known = kept.get(name);
    if (known) return known;
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
    kept.set(name, key);
    if (kept.size > KEPT) kept.delete(kept.keys().next().value ?? '');
    return key;
  };
}
