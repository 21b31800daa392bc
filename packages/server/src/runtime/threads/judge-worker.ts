// The thread that judges hosts: started by judge-thread.ts. Each message is a JudgeMessage, and each is answered by one
// JudgeAnswer before the next comes.
import { parentPort } from 'node:worker_threads';
import type { KnowledgeKind, KnowledgeKinds } from '../../domain/knowledge.ts';
import { type JudgedPackage, type JudgeOrder, judgeOrder } from '../../engine/judging/judge-order.ts';
import { type OpenedKnowledge, openKnowledge } from './open-knowledge.ts';
import { standBack } from './stand-back.ts';

export interface JudgeMessage {
  readonly order: JudgeOrder;
  /** What to judge by: the file of each kind, and the digest that it must have. */
  readonly knowledge: { readonly [Kind in KnowledgeKind]?: KnowledgeFile };
}

interface KnowledgeFile {
  readonly file: string;
  readonly digest: string;
}

/** GONE: a file is not there any more, or is another one. Bytes in it are whole buffers of their own. */
export type JudgeAnswer = readonly JudgedPackage[] | 'GONE';

/** Files of a kind that are open at once: as many as a server works on jobs. */
const OPEN = 4;

if (!parentPort) throw new Error('This is a thread of a server and no program');
const port = parentPort;
standBack();
/** By kind, digest and file; the one that was asked for last comes last. */
const open = new Map<string, OpenedKnowledge>();

port.on('message', async ({ order, knowledge }: JudgeMessage) => {
  const known: [string, KnowledgeKinds[KnowledgeKind]][] = [];
  for (const [kind, file] of Object.entries(knowledge)) {
    const opened = take(kind as KnowledgeKind, file);
    if (!opened) return port.postMessage('GONE' satisfies JudgeAnswer);
    known.push([kind, opened.value]);
  }
  const judged = await judgeOrder(order, Object.fromEntries(known));
  const answer: JudgeAnswer = judged.map(({ rulesPackage, judgement }) => {
    return { rulesPackage, judgement: { ...judgement, verdicts: new Uint8Array(judgement.verdicts) } };
  });
  port.postMessage(
    answer,
    answer.flatMap(({ judgement: { verdicts, texts } }) =>
      [verdicts, ...texts].map(({ buffer }) => buffer as ArrayBuffer),
    ),
  );
});

function take(kind: KnowledgeKind, { file, digest }: KnowledgeFile): OpenedKnowledge | undefined {
  const key = `${kind} ${digest} ${file}`;
  const found = open.get(key) ?? openFile(kind, file, digest);
  if (!found) return undefined;
  open.delete(key);
  open.set(key, found);
  const ofKind = [...open].filter(([each]) => each.startsWith(`${kind} `));
  for (const [eldest, opened] of ofKind.slice(0, Math.max(0, ofKind.length - OPEN))) {
    open.delete(eldest);
    opened.close();
  }
  return found;
}

function openFile(kind: KnowledgeKind, file: string, digest: string): OpenedKnowledge | undefined {
  let opened: OpenedKnowledge;
  try {
    opened = openKnowledge[kind](file);
  } catch {
    // Whoever holds it open still can judge by it, or says what is wrong with it.
    return undefined;
  }
  if (opened.digest === digest) return opened;
  opened.close();
  return undefined;
}
