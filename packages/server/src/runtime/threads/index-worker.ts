// The thread that builds an index of advisories: started by index-thread.ts. It is sent one IndexOrder, and answers with
// how far it is, and at its end with the digest or what is wrong.
import { parentPort } from 'node:worker_threads';
import { buildFromParts, type IndexOrder } from '../../feeds/build-from-parts.ts';
import { FeedFault } from '../../feeds/feed-fault.ts';
import { standBack } from './stand-back.ts';

export type IndexMessage =
  | { readonly share: number }
  | { readonly digest: string }
  /** What a {@link FeedFault} says. */
  | { readonly fault: string };

if (!parentPort) throw new Error('This is a thread of a server and no program');
const port = parentPort;
standBack();
const tell = (message: IndexMessage): void => port.postMessage(message);

port.on('message', async (order: IndexOrder) => {
  try {
    tell({ digest: await buildFromParts(order, (share) => tell({ share })) });
  } catch (error) {
    if (!(error instanceof FeedFault)) throw error;
    tell({ fault: error.message });
  }
});
