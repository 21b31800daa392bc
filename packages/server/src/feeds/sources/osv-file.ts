import { JsonBoundsFault, parseBoundedJson } from '@assay/model/bounded-json.ts';
import type { FeedOutcome } from '../imported-record.ts';
import { parseOsv } from '../osv/parse-osv.ts';
import { fileBytes, headOf, isTar, isZip } from './file-bytes.ts';
import { tarEntries } from './tar-entries.ts';
import { textLines } from './text-lines.ts';
import { zipEntries } from './zip-entries.ts';

const MAX_RECORD = 32 * 1024 * 1024;

/** OSV records of an all.zip, of an archive of tar, or of lines of JSON, packed or not. */
export async function* osvFile(path: string): AsyncGenerator<FeedOutcome> {
  const head = await headOf(path);
  if (isZip(head)) yield* osvZip(path);
  else if (await isTar(path)) yield* osvTar(path);
  else yield* osvLines(path);
}

async function* osvTar(path: string): AsyncGenerator<FeedOutcome> {
  for await (const entry of tarEntries(fileBytes(path), MAX_RECORD)) {
    if (!entry.name.endsWith('.json')) continue;
    if ('fault' in entry) yield { refusal: 'unreadable', what: entry.name, reason: `it ${entry.fault}` };
    else yield parseText(entry.bytes.toString('utf8'), entry.name);
  }
}

async function* osvZip(path: string): AsyncGenerator<FeedOutcome> {
  for await (const entry of zipEntries(path)) {
    if ('fault' in entry) yield { refusal: 'unreadable', what: entry.name, reason: `it ${entry.fault}` };
    else if (entry.name.endsWith('.json')) yield parseText(entry.bytes.toString('utf8'), entry.name);
  }
}

async function* osvLines(path: string): AsyncGenerator<FeedOutcome> {
  for await (const line of textLines(fileBytes(path), MAX_RECORD)) {
    const where = `line ${line.number}`;
    if ('fault' in line) yield { refusal: 'unreadable', what: where, reason: `it ${line.fault}` };
    else yield parseText(line.text, where);
  }
}

function parseText(text: string, where: string): FeedOutcome {
  let value: unknown;
  try {
    value = parseBoundedJson(text);
  } catch (error) {
    const reason = error instanceof JsonBoundsFault ? error.message : 'is no JSON';
    return { refusal: 'unreadable', what: where, reason: `it ${reason}` };
  }
  return parseOsv(value, where);
}
