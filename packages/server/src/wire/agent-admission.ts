import { boundedMap } from '../domain/bounded-map.ts';
import { createTokenBuckets, type Rate } from '../domain/token-buckets.ts';
import { networkOf } from './network-of.ts';

/**
 * Requests of one agent: far more than several runs take, and far fewer than keep others from being served. A large one
 * counts as one more for each so many bytes, and as many if it turns out not to be the agent's, for it may be anything.
 */
const SHARE: Rate = { perSecond: 50, burst: 1000 };
const FAILED_REQUEST = 10;
const BYTES_OF_ONE = 64 * 1024;
/** Requests of one agent at once: it has four connections. */
const AT_ONCE = 8;
/** Requests from one network that nobody known has signed; one that succeeds does not count in the end. */
const FAILURES: Rate = { perSecond: 1, burst: 100 };
/** Hosts whose networks are remembered. */
const KNOWN = 20_000;

/** A request that is served. */
export interface Admitted {
  /** Its signature is the agent's, or its token is good. */
  readonly recognised: () => void;
  /** It was refused before its signature was found to be the agent's. */
  readonly failed: () => void;
  /** It is answered, or its connection is gone. */
  readonly left: () => void;
}

export interface AgentAdmission {
  /**
   * Decides before a request's body is read, of which there are so many bytes at most. `agent` is who it says that it is
   * from. Undefined where it must not be served now.
   */
  readonly enter: (from: {
    readonly address: string;
    readonly agent: string | undefined;
    readonly bytes: number;
  }) => Promise<Admitted | undefined>;
}

/** The largest body of a request that an enrolled host need not have sent. */
export const MOST_OF_A_STRANGER = 64 * 1024;

export interface AgentAdmissionDeps {
  /** Milliseconds that are never set back. */
  readonly monotonic: () => number;
  readonly isEnrolled: (agent: string) => Promise<boolean>;
}

/**
 * Lets no agent, and nobody who only says that he is one, take more than a share of the server. An agent is counted apart in
 * each network, so that nobody elsewhere can use its share up; who is not known is counted by network.
 */
export function createAgentAdmission({ monotonic, isEnrolled }: AgentAdmissionDeps): AgentAdmission {
  const shares = createTokenBuckets(SHARE, monotonic, { capacity: KNOWN });
  const failures = createTokenBuckets(FAILURES, monotonic);
  const known = boundedMap<string, true>(KNOWN, 'LEAST_RECENT');
  const inside = new Map<string, number>();

  return {
    enter: async ({ address, agent, bytes }) => {
      const large = bytes > MOST_OF_A_STRANGER;
      const network = networkOf(address);
      const name = `${network} ${agent ?? ''}`;
      // Those who are known already need not be looked up.
      if (agent !== undefined && known.get(name) === undefined && (large || !failures.has(network))) {
        if (await isEnrolled(agent)) known.set(name, true);
      }
      if (known.get(name) === undefined) {
        if (large || !failures.take(network)) return undefined;
        const recognised = (): void => {
          failures.spend(network, -1);
          if (agent !== undefined) known.set(name, true);
        };
        return { recognised, failed: nothing, left: nothing };
      }
      const others = inside.get(name) ?? 0;
      if (others >= AT_ONCE || !shares.take(name)) return undefined;
      shares.spend(name, Math.floor(bytes / BYTES_OF_ONE));
      inside.set(name, others + 1);
      const left = (): void => {
        const count = (inside.get(name) ?? 1) - 1;
        if (count === 0) inside.delete(name);
        else inside.set(name, count);
      };
      return { recognised: nothing, failed: () => shares.spend(name, FAILED_REQUEST), left };
    },
  };
}

const nothing = (): void => undefined;
