import { randomBytes } from 'node:crypto';
import { AgentFault } from '../engine/agents/agent-fault.ts';
import { authenticate } from '../engine/agents/authenticate.ts';
import { type CheckDocument, checkDocument } from '../engine/agents/check-document.ts';
import { checkFairly } from '../engine/agents/check-fairly.ts';
import { confirmDelivery } from '../engine/agents/confirm-delivery.ts';
import { enroll } from '../engine/agents/enroll.ts';
import { createFairLine } from '../engine/agents/fair-line.ts';
import { createGroupCommit } from '../engine/agents/group-commit.ts';
import { heartbeat } from '../engine/agents/heartbeat.ts';
import { createHeartbeatWriter } from '../engine/agents/heartbeat-writer.ts';
import type { TellHostEvent } from '../engine/agents/host-event.ts';
import { offerContent } from '../engine/agents/offer-content.ts';
import { createPacedStarts } from '../engine/agents/paced-starts.ts';
import { receiveEvidence } from '../engine/agents/receive-evidence.ts';
import { reclaiming } from '../engine/agents/reclaim.ts';
import { noteProgress, type RunProgress } from '../engine/agents/run-progress.ts';
import { watchInstructions } from '../engine/agents/watch-instructions.ts';
import { createWakeups } from '../engine/jobs/wakeups.ts';
import type { ContentSource } from '../engine/judging/content-source.ts';
import type { CatchUp } from '../engine/judging/knowledge-source.ts';
import type { Ago } from '../engine/runs/agent-health.ts';
import type { Store } from '../store/store.ts';
import { isUnavailable } from '../store/unavailable.ts';

export interface AgentsSideDeps {
  readonly store: Store;
  readonly content: ContentSource;
  /** Brings the content up to what the servers of the store share. */
  readonly catchUp?: CatchUp | undefined;
  readonly progress: RunProgress;
  readonly now: () => number;
  readonly ago: Ago;
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly wakeJobs: () => void;
  /** Checks documents that are not small; where it is absent, they are checked in this thread. */
  readonly check?: CheckDocument;
  /** Takes what goes on the audit trail. */
  readonly tell?: TellHostEvent;
  readonly report: (message: string, error: unknown) => void;
}

/** See {@link createAgentsSide}. */
export type AgentsSide = ReturnType<typeof createAgentsSide>;

/** While more documents wait than these, hosts do not begin to collect. */
const MANY_WAITING = 8;

/** How long what agents send is gathered before it is committed together, in milliseconds. */
const GATHERED = 10;
const never = new AbortController().signal;

/** All that answers agents, put together: see wire/agent-channel.ts. */
export function createAgentsSide({
  store,
  content,
  catchUp,
  progress,
  now,
  ago,
  sleep,
  wakeJobs,
  check = checkDocument,
  tell = () => undefined,
  report,
}: AgentsSideDeps) {
  const wakeups = createWakeups();
  const commit = createGroupCommit({
    transaction: store.transaction,
    isRefusal: (error) => error instanceof AgentFault,
    isUnavailable,
    gather: () => sleep(GATHERED, never),
  });
  const line = createFairLine(() => performance.now());
  const starts = createPacedStarts({
    sleep,
    busy: () => line.waiting() > MANY_WAITING,
    load: loopLoad(),
  });
  // That the store is away is said by the job loop, once; these would say it again every other second.
  const reportOther: typeof report = (message, error) => {
    if (!isUnavailable(error)) report(message, error);
  };
  const heard = createHeartbeatWriter({ store, sleep, report: reportOther });
  const orReclaimed = reclaiming({ store, wakeups, ago, wakeJobs, tell, now });
  return {
    channel: {
      authenticate: authenticate({ store, now }),
      enroll: enroll({ commit, now, ago, random: randomBytes, tell }),
      heartbeat: heartbeat({ store, wakeups, heard, starts, now, ago, sleep, wakeJobs, tell, random: Math.random }),
      receiveEvidence: orReclaimed(receiveEvidence({ store, commit, check: checkFairly(line, check), now })),
      offerContent: offerContent({ store, content, ...(catchUp && { catchUp }) }),
      noteProgress: noteProgress({ store, progress }),
      confirmDelivery: orReclaimed(confirmDelivery({ store, commit, now, ago, wakeJobs })),
    },
    /** Woken under its id, an agent looks for its instructions. */
    wakeups,
    /** Looks for what other servers want of the agents that wait here, until `stop` aborts. */
    watch: (stop: AbortSignal): Promise<void> =>
      watchInstructions({ store, wakeups, now, sleep, report: reportOther }, stop),
    /** Resolves when all that agents have sent by now is written. */
    flush: async (): Promise<void> => {
      // After all that waits to be committed.
      await commit(async () => undefined);
      await heard.flush();
    },
  };
}

/** Of the thread that calls it: the share of time that it was at work since it was asked last. */
function loopLoad(): () => number {
  let last = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, last);
    last = now;
    return utilization;
  };
}
