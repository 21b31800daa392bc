import { JsonBoundsFault, parseBoundedJson } from '@assay/model/bounded-json.ts';
import { FeedFault } from '../feed-fault.ts';
import { fileBytes } from './file-bytes.ts';

/** A JSON document small enough to be read as one. Throws {@link FeedFault}. */
export async function wholeJson(path: string, maxBytes: number): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of fileBytes(path, maxBytes)) chunks.push(chunk);
  try {
    return parseBoundedJson(Buffer.concat(chunks).toString('utf8'));
  } catch (error) {
    throw new FeedFault(error instanceof JsonBoundsFault ? `it ${error.message}` : 'it is no JSON');
  }
}
