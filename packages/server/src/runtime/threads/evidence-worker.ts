// The thread that unpacks and checks documents of evidence: started by evidence-thread.ts. Each message is an
// EvidenceMessage, and each is answered by one EvidenceAnswer before the next comes.
import { parentPort } from 'node:worker_threads';
import type { EvidenceKind } from '@assay/model/evidence/kinds.ts';
import { AgentFault } from '../../engine/agents/agent-fault.ts';
import { type CheckedDocument, checkDocument } from '../../engine/agents/check-document.ts';
import { standBack } from './stand-back.ts';

export interface EvidenceMessage {
  readonly kind: EvidenceKind;
  readonly compressed: Uint8Array;
}

export type EvidenceAnswer =
  | { readonly checked: CheckedDocument }
  | { readonly fault: Pick<AgentFault, 'code' | 'message'> };

if (!parentPort) throw new Error('This is a thread of a server and no program');
const port = parentPort;
standBack();

port.on('message', async ({ kind, compressed }: EvidenceMessage) => {
  port.postMessage(await answerTo(kind, compressed));
});

async function answerTo(kind: EvidenceKind, compressed: Uint8Array): Promise<EvidenceAnswer> {
  try {
    return { checked: await checkDocument(kind, compressed) };
  } catch (error) {
    if (!(error instanceof AgentFault)) throw error;
    const { code, message } = error;
    return { fault: { code, message } };
  }
}
