import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { agentProtocol, signedText } from '@assay/model/agent-protocol.ts';
import type { Store } from '../../store/store.ts';
import { AgentFault } from './agent-fault.ts';

export interface AgentRequest {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  /** The header X-Assay-Date: seconds since the epoch, as text. */
  readonly date: string | undefined;
  readonly body: Uint8Array;
}

/** Who an agent is: what it says of itself may change, this does not. */
export interface AgentIdentity {
  readonly id: string;
  /** scopes.id */
  readonly scope: number;
}

const AUTHORIZATION = /^Assay-Agent (i-[0-9a-f]{17}):([A-Za-z0-9+/]{86}==)$/;
const DATE = /^[0-9]{1,11}$/;

/** The most agents whose keys are kept at hand. */
const KEPT = 10_000;

/** The agent that signed a request. Throws {@link AgentFault} 401, with the same words for an unknown id and a bad signature. */
export function authenticate({ store, now }: { readonly store: Pick<Store, 'agents'>; readonly now: () => number }) {
  const findKey = keepingKeys(store.agents);
  return async ({ method, path, authorization, date, body }: AgentRequest): Promise<AgentIdentity> => {
    const [, id = '', signature = ''] = AUTHORIZATION.exec(authorization ?? '') ?? [];
    if (!signature || !date || !DATE.test(date)) {
      throw new AgentFault(
        401,
        'NotSigned',
        'The request must be signed: Authorization: Assay-Agent ID:SIGNATURE, and X-Assay-Date',
      );
    }
    const skew = Math.abs(now() / 1000 - Number(date));
    if (skew > agentProtocol.maxClockSkewSeconds) {
      throw new AgentFault(
        401,
        'ClockSkew',
        `The agent's clock and the server's differ by ${Math.round(skew)} seconds`,
      );
    }
    const agent = await findKey(id);
    const text = signedText(method, path, date, createHash('sha256').update(body).digest('hex'));
    // In this thread, which takes 90 µs: to hand it to another and back cost 150 to 250 where processors were short.
    if (!agent || !verify(null, Buffer.from(text), agent.key, Buffer.from(signature, 'base64'))) throw notEnrolled();
    return agent.identity;
  };
}

export const notEnrolled = (): AgentFault =>
  new AgentFault(
    401,
    'BadSignature',
    'This agent is not enrolled here, or the signature is not its own. Enrol it again with a new token.',
  );

interface KnownKey {
  readonly identity: AgentIdentity;
  readonly key: KeyObject;
}

/** Keys of agents that exist, which never change nor go; the one that was read first is forgotten first. */
function keepingKeys(agents: Pick<Store['agents'], 'find'>): (id: string) => Promise<KnownKey | undefined> {
  const kept = new Map<string, KnownKey>();
  return async (id) => {
    const known = kept.get(id);
    if (known) return known;
    const agent = await agents.find(id);
    if (!agent) return undefined;
    const key = createPublicKey({ key: Buffer.from(agent.publicKey), format: 'der', type: 'spki' });
    const read: KnownKey = { identity: { id, scope: agent.scope }, key };
    kept.set(id, read);
    if (kept.size > KEPT) kept.delete(kept.keys().next().value ?? '');
    return read;
  };
}
