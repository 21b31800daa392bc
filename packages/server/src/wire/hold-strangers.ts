import { createTokenBuckets, type Rate } from '../domain/token-buckets.ts';
import { networkOf } from './network-of.ts';

/** Calls from one network that no key signed and that are refused at once: scripts with a wrong key stay below. */
const AT_ONCE: Rate = { perSecond: 20, burst: 500 };
/** How long the refusals beyond are held back, in milliseconds. */
const HELD_BACK = 1000;

export interface HoldStrangersDeps {
  /** Milliseconds that are never set back. */
  readonly monotonic: () => number;
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Aborts when the server stops. */
  readonly stopping: AbortSignal;
}

/** Until when a refusal of a call that no key signed waits; undefined: it need not. */
export type HoldStranger = (address: string) => Promise<void> | undefined;

/** Who asks without a key and without a pause is answered later, and so asks less often; calls with a key are not. */
export function holdStrangers({ monotonic, sleep, stopping }: HoldStrangersDeps): HoldStranger {
  const refused = createTokenBuckets(AT_ONCE, monotonic);
  return (address) => (refused.take(networkOf(address)) ? undefined : sleep(HELD_BACK, stopping));
}
