// The thread that judges hosts: started by judge-thread.ts. Each message is a JudgeMessage, and each is answered by one
// JudgeAnswer before the next comes.
import { parentPort } from 'node:worker_threads';
import { type JudgedPackage, type JudgeOrder, judgeOrder } from '../../engine/judging/judge-order.ts';
import { type OpenedAdvisories, openAdvisories } from '../../feeds/index/open-advisories.ts';
import { standBack } from './stand-back.ts';

export interface JudgeMessage {
  readonly order: JudgeOrder;
  /** The index of the advisories to judge by, and what it must hold. */
  readonly advisories?: { readonly file: string; readonly digest: string };
}

/** GONE: the index is not there any more, or is another one. Bytes in it are whole buffers of their own. */
export type JudgeAnswer = readonly JudgedPackage[] | 'GONE';

/** Indexes that are open at once: as many as a server works on jobs. */
const OPEN = 4;

if (!parentPort) throw new Error('This is a thread of a server and no program');
const port = parentPort;
standBack();
/** By file and digest; the one that was asked for last comes last. */
const open = new Map<string, OpenedAdvisories>();

port.on('message', async ({ order, advisories: wanted }: JudgeMessage) => {
  const advisories = wanted && take(wanted);
  if (wanted && !advisories) return port.postMessage('GONE' satisfies JudgeAnswer);
  const judged = await judgeOrder(order, advisories);
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

function take({ file, digest }: NonNullable<JudgeMessage['advisories']>): OpenedAdvisories | undefined {
  const key = `${digest} ${file}`;
  const found = open.get(key) ?? openIndex(file, digest);
  if (!found) return undefined;
  open.delete(key);
  open.set(key, found);
  for (const [eldest, advisories] of open) {
    if (open.size <= OPEN) break;
    open.delete(eldest);
    advisories.close();
  }
  return found;
}

function openIndex(file: string, digest: string): OpenedAdvisories | undefined {
  let opened: OpenedAdvisories;
  try {
    opened = openAdvisories(file);
  } catch {
    // Whoever holds it open still can judge by it, or says what is wrong with it.
    return undefined;
  }
  if (opened.digest === digest) return opened;
  opened.close();
  return undefined;
}
