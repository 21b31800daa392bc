import { createTokenBuckets, type Rate } from '../../domain/token-buckets.ts';
import { AgentFault } from './agent-fault.ts';

/** Works of many owners, one at a time: who has taken the least time goes first. */
export interface FairLine {
  /** Rejects with {@link AgentFault} TooManyDocuments where too many of this owner's works wait already, or took too long lately. */
  readonly run: <T>(owner: string, work: () => Promise<T>) => Promise<T>;
  /** How many works wait. */
  readonly waiting: () => number;
}

/** An agent sends its documents one after another; more than this is a broken one, or a hostile one. */
const MAX_WAITING_OF_ONE = 4;

/** Milliseconds that one owner's works may take: some seconds at once, a twentieth of the time in the long run. */
const SHARE: Rate = { perSecond: 50, burst: 4000 };
/** What a work that fails counts beside its time: agents that are in order send nothing that does. */
const FAILED = 500;

interface Waiting {
  readonly owner: string;
  readonly begin: () => void;
}

/**
 * `monotonic` is in milliseconds, and never set back. An owner's time counts from the least of those who are there: who comes
 * anew has no more right than they, and who was away has not saved any up.
 */
export function createFairLine(monotonic: () => number): FairLine {
  const queue: Waiting[] = [];
  /** Of owners with works here. */
  const taken = new Map<string, { time: number; works: number }>();
  const shares = createTokenBuckets(SHARE, monotonic);
  let running = false;
  const startNext = (): void => {
    let next: Waiting | undefined;
    for (const each of queue) if (!next || timeOf(each.owner) < timeOf(next.owner)) next = each;
    if (!next) {
      running = false;
      return;
    }
    queue.splice(queue.indexOf(next), 1);
    next.begin();
  };
  const timeOf = (owner: string): number => taken.get(owner)?.time ?? 0;
  const enter = (owner: string): { time: number; works: number } => {
    const known = taken.get(owner);
    if (known) return known;
    const least = taken.size === 0 ? 0 : Math.min(...[...taken.values()].map(({ time }) => time));
    const entered = { time: least, works: 0 };
    taken.set(owner, entered);
    return entered;
  };
  return {
    run: async (owner, work) => {
      const own = enter(owner);
      if (own.works > MAX_WAITING_OF_ONE || !shares.has(owner)) {
        if (own.works === 0) taken.delete(owner);
        throw new AgentFault(
          'TooManyDocuments',
          'Documents of this agent are still being checked, or took too long to check; try again later',
        );
      }
      own.works++;
      try {
        if (running) await new Promise<void>((begin) => queue.push({ owner, begin }));
        running = true;
        const since = monotonic();
        try {
          return await work();
        } catch (error) {
          shares.spend(owner, FAILED);
          throw error;
        } finally {
          const took = monotonic() - since;
          own.time += took;
          shares.spend(owner, took);
          startNext();
        }
      } finally {
        own.works--;
        if (own.works === 0) taken.delete(owner);
      }
    },
    waiting: () => queue.length,
  };
}
