import { JsonBoundsFault, parseBoundedJson } from '@assay/model/bounded-json.ts';
import { documentName, parseCsafVex } from '../csaf/parse-csaf-vex.ts';
import { FeedFault } from '../feed-fault.ts';
import type { FeedOutcome } from '../imported-record.ts';
import { fileBytes, headOf, isZstd } from './file-bytes.ts';
import { tarEntries } from './tar-entries.ts';

const MIB = 1024 ** 2;
/** The largest of Red Hat's, of the kernel, are some 20 MB. */
export const MAX_DOCUMENT = 64 * MIB;
const MAX_ARCHIVE = 256 * 1024 * MIB;

/**
 * Red Hat's CSAF VEX documents: an archive of all (`csaf_vex_DATE.tar.zst`), or one document. What is no document of a CVE
 * is named as unreadable.
 */
export async function* csafVexFile(path: string): AsyncGenerator<FeedOutcome> {
  if (!isZstd(await headOf(path, 4))) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of fileBytes(path, MAX_DOCUMENT)) chunks.push(chunk);
    yield csafVexText(Buffer.concat(chunks), path.replace(/^.*\//, ''));
    return;
  }
  let count = 0;
  for await (const entry of tarEntries(fileBytes(path, MAX_ARCHIVE), MAX_DOCUMENT)) {
    if (!entry.name.endsWith('.json')) continue;
    count += 1;
    if ('fault' in entry) yield unreadable(entry.name, `it ${entry.fault}`);
    else yield csafVexText(entry.bytes, entry.name);
  }
  if (count === 0) throw new FeedFault('it is no archive of documents');
}

/** One document, by the name of its file (`2024/cve-2024-1.json`). */
export function csafVexText(bytes: Uint8Array, name: string): FeedOutcome {
  try {
    return parseCsafVex(parseBoundedJson(bytes), name);
  } catch (error) {
    const reason = error instanceof JsonBoundsFault ? error.message : 'is no JSON';
    return unreadable(name, `it ${reason}`);
  }
}

const unreadable = (name: string, reason: string): FeedOutcome => ({
  refusal: 'unreadable',
  what: documentName(name),
  reason,
});
