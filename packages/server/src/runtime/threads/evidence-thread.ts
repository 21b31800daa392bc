import { AgentFault } from '../../engine/agents/agent-fault.ts';
import type { CheckDocument } from '../../engine/agents/check-document.ts';
import type { EvidenceAnswer, EvidenceMessage } from './evidence-worker.ts';
import { createWorkerThread, startWorker } from './worker-thread.ts';

/** What a document may take when it is unpacked: one that needs more is refused, and the server goes on. */
const resourceLimits = { maxOldGenerationSizeMb: 768, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 } as const;
/** The longest that one document may take, in milliseconds. */
const timeLimit = 60_000;

/** A thread that checks documents of evidence, one at a time. */
export interface EvidenceThread {
  /** Rejects when the thread dies meanwhile: the document can be sent again. */
  readonly check: CheckDocument;
  /** Ends the thread; a document that is in it is given up. */
  readonly end: () => Promise<void>;
}

export const startEvidenceWorker = () => startWorker(new URL('./evidence-worker.ts', import.meta.url), resourceLimits);

export function createEvidenceThread(start = startEvidenceWorker): EvidenceThread {
  const purpose = 'checks evidence';
  const thread = createWorkerThread<EvidenceMessage, EvidenceAnswer>({ start, timeLimit, purpose });
  return {
    check: async (kind, given) => {
      const compressed = new Uint8Array(given);
      const answer = await thread.ask({ kind, compressed }, [compressed]);
      if ('checked' in answer) return answer.checked;
      const { code, message } = answer.fault;
      throw new AgentFault(code, message);
    },
    end: thread.end,
  };
}
