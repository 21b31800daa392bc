// The thread that builds the index of feeds of two servers: started by merge-feeds-thread.ts.
import { parentPort } from 'node:worker_threads';
import { parseCurrent } from '../../feeds/feeds-directory.ts';
import { mergeCurrent } from '../../feeds/make-current.ts';
import type { MergeAnswer, MergeMessage } from './merge-feeds-thread.ts';

if (!parentPort) throw new Error('This is a thread of a server and no program');
const port = parentPort;

port.on('message', async ({ directory, theirs }: MergeMessage) => {
  try {
    await mergeCurrent(directory, parseCurrent(directory, theirs), theirs);
    port.postMessage(null satisfies MergeAnswer);
  } catch (error) {
    port.postMessage((error as Error).message satisfies MergeAnswer);
  }
});
