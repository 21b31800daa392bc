// The thread that looks for what the gaps of the feeds leave open on hosts: started by gaps-thread.ts. Each message is a
// GapsMessage, and each is answered by one GapsAnswer before the next comes.
import { parentPort } from 'node:worker_threads';
import { type HostDocuments, openGapsOf } from '../../engine/judging/open-gaps-of.ts';
import { type OpenedKnowledge, openKnowledge } from './open-knowledge.ts';
import { standBack } from './stand-back.ts';

export interface GapsMessage {
  readonly hosts: readonly HostDocuments[];
  /** The advisories, and the digest that they must have. */
  readonly file: string;
  readonly digest: string;
}

/** GONE: the file is not there any more, or is another one. */
export type GapsAnswer = readonly Uint32Array[] | 'GONE';

if (!parentPort) throw new Error('This is a thread of a server and no program');
const port = parentPort;
standBack();
let last: (OpenedKnowledge<'advisories'> & { readonly file: string }) | undefined;

port.on('message', async ({ hosts, file, digest }: GapsMessage) => {
  const opened = take(file, digest);
  port.postMessage((opened ? await openGapsOf(hosts, opened.value) : 'GONE') satisfies GapsAnswer);
});

function take(file: string, digest: string): OpenedKnowledge<'advisories'> | undefined {
  if (last?.file === file && last.digest === digest) return last;
  last?.close();
  last = undefined;
  try {
    const opened = openKnowledge.advisories(file);
    if (opened.digest === digest) {
      last = { ...opened, file };
      return last;
    }
    opened.close();
  } catch {
    // Whoever holds it open still can look by it.
  }
  return undefined;
}
