import type { Store } from '../../store/store.ts';
import type { Heard } from '../../store/tables/agents.ts';

/** How long a heartbeat that changes nothing may stay unwritten, in milliseconds: what health goes by is minutes. */
const LATER = 1000;
/** The most agents of either kind that are written in one transaction. */
const AT_ONCE = 512;

/** Writes down which agents were heard, many at a time. */
export interface HeartbeatWriter {
  /** Soon, and lost if the server dies before: for what the next heartbeat says again. */
  readonly noteLater: (heard: Heard) => void;
  /** Resolves when it is written. */
  readonly note: (heard: Heard) => Promise<void>;
  /** Resolves when all that was noted is written: for a server that stops. */
  readonly flush: () => Promise<void>;
}

export interface HeartbeatWriterDeps {
  readonly store: Pick<Store, 'transaction'>;
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly report: (message: string, error: unknown) => void;
}

export function createHeartbeatWriter({ store, sleep, report }: HeartbeatWriterDeps): HeartbeatWriter {
  /** By agent: what was heard last is what counts. */
  const later = new Map<string, Heard>();
  const now = new Map<string, Heard>();
  let writing: Promise<void> | undefined;
  let resting: AbortController | undefined;

  const writeSome = async (): Promise<void> => {
    const [exact, rough] = [take(now), take(later)];
    if (exact.length + rough.length === 0) return;
    // What it writes hangs on nothing that it reads: whoever else writes meanwhile is no reason to do it again.
    await store.transaction(async ({ agents }) => {
      for (const { scope, agent, status, seenAt } of exact) await agents.touch(scope, agent, status, seenAt);
      await agents.noteHeard(rough);
    }, 'read committed');
  };
  const writeAll = async (): Promise<void> => {
    do await writeSome();
    while (now.size + later.size > 0);
  };
  /** One transaction after the other, so that what is heard later is also written later. */
  const flush = (): Promise<void> => {
    const after = (writing ?? Promise.resolve()).catch(() => undefined).then(writeAll);
    writing = after;
    return after;
  };
  const rest = async (): Promise<void> => {
    const waking = new AbortController();
    resting = waking;
    await sleep(LATER, waking.signal);
    resting = undefined;
    await flush().catch((error) => report('Heartbeats could not be noted; the next ones will be', error));
  };

  return {
    noteLater: (heard) => {
      // Not in place of what somebody waits for.
      if (!now.has(heard.agent)) later.set(heard.agent, heard);
      if (!resting) void rest();
    },
    note: (heard) => {
      later.delete(heard.agent);
      now.set(heard.agent, heard);
      return flush();
    },
    flush: async () => {
      resting?.abort();
      await flush();
    },
  };
}

/** The first ones, which are taken out. */
function take(heard: Map<string, Heard>): Heard[] {
  const taken = heard.values().take(AT_ONCE).toArray();
  for (const { agent } of taken) heard.delete(agent);
  return taken;
}
