import { createHash, createPublicKey, verify } from 'node:crypto';
import { agentProtocol, signedText } from '@assay/model/agent-protocol.ts';
import type { Store } from '../../store/store.ts';
import { AgentFault } from './agent-fault.ts';
import type { KnownAgent } from './heartbeat.ts';

export interface AgentRequest {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  /** The header X-Assay-Date: seconds since the epoch, as text. */
  readonly date: string | undefined;
  readonly body: Uint8Array;
}

const AUTHORIZATION = /^Assay-Agent (i-[0-9a-f]{17}):([A-Za-z0-9+/]{86}==)$/;
const DATE = /^[0-9]{1,11}$/;

/** The agent that signed a request. Throws {@link AgentFault} 401, with the same words for an unknown id and a bad signature. */
export const authenticate =
  ({ store, now }: { readonly store: Pick<Store, 'agents'>; readonly now: () => number }) =>
  async ({ method, path, authorization, date, body }: AgentRequest): Promise<KnownAgent> => {
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
    const agent = await store.agents.find(id);
    const text = signedText(method, path, date, createHash('sha256').update(body).digest('hex'));
    if (!agent || !(await isSigned(agent.publicKey, text, signature))) {
      throw new AgentFault(
        401,
        'BadSignature',
        'This agent is not enrolled here, or the signature is not its own. Enrol it again with a new token.',
      );
    }
    return agent;
  };

/** Off the thread that serves: it takes longer than all else that a heartbeat costs. */
const isSigned = (publicKey: Uint8Array, text: string, signature: string): Promise<boolean> =>
  new Promise((resolve, reject) => {
    const key = createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' });
    verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64'), (error, valid) =>
      error ? reject(error) : resolve(valid),
    );
  });
