import { gunzipSync } from 'node:zlib';
import { SaxesParser } from 'saxes';
import { FeedFault } from '../feed-fault.ts';
import type { FeedOutcome } from '../imported-record.ts';
import { fileBytes, isTar } from './file-bytes.ts';
import { tarEntries } from './tar-entries.ts';
import { type RpmUpdate, updateToOsv } from './update-to-osv.ts';

const MAX_BYTES = 1024 ** 3;
const PIECE = 256 * 1024;
const MAX_TEXT = 100_000;
const MAX_PACKAGES = 20_000;
const MAX_REFERENCES = 5_000;
const MAX_DEPTH = 20;

/**
 * updateinfo.xml of a repository of Amazon Linux or Oracle Linux (gzip or not), or an archive of those of the extras, `TOPIC.xml.gz`. A
 * document type or an entity of its own ends it: nothing that is right has one. Throws {@link FeedFault} where it is no
 * updateinfo, or its XML is broken or cut short.
 */
export async function* updateinfoFile(path: string): AsyncGenerator<FeedOutcome> {
  if (!(await isTar(path))) return yield* updatesIn(fileBytes(path, MAX_BYTES));
  for await (const entry of tarEntries(fileBytes(path), MAX_BYTES)) {
    const topic = /^([A-Za-z0-9][\w.+-]*)\.xml\.gz$/.exec(entry.name)?.[1];
    if (topic === undefined || 'fault' in entry) throw new FeedFault('the archive holds something else');
    yield* updatesIn(unpacked(entry.bytes), topic);
  }
}

async function* unpacked(bytes: Buffer): AsyncGenerator<Uint8Array> {
  let text: Buffer;
  try {
    text = gunzipSync(bytes, { maxOutputLength: MAX_BYTES });
  } catch (error) {
    throw new FeedFault(`its gzip is broken or cut short (${(error as Error).message})`);
  }
  for (let at = 0; at < text.length; at += PIECE) yield text.subarray(at, at + PIECE);
}

async function* updatesIn(bytes: AsyncIterable<Uint8Array>, topic?: string): AsyncGenerator<FeedOutcome> {
  const ready: FeedOutcome[] = [];
  const parser = updateParser((update) => ready.push(updateToOsv(update, topic)));
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const chunk of bytes) {
    parser.write(decoded(decoder, chunk));
    yield* ready.splice(0);
  }
  parser.write(decoded(decoder));
  parser.close();
  yield* ready.splice(0);
}

function decoded(decoder: TextDecoder, chunk?: Uint8Array): string {
  try {
    return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
  } catch {
    throw new FeedFault('it is not UTF-8');
  }
}

function updateParser(emit: (update: RpmUpdate) => void): SaxesParser {
  const parser = new SaxesParser();
  const way: string[] = [];
  let update = emptyUpdate();
  let text = '';
  parser.on('doctype', () => {
    throw new FeedFault('it has a document type, which no updateinfo has');
  });
  parser.on('error', (error) => {
    throw new FeedFault(`its XML is broken (${error.message.slice(0, 200)})`);
  });
  parser.on('opentag', ({ name, attributes }) => {
    if (way.length === 0 && name !== 'updates') throw new FeedFault('it is no updateinfo');
    way.push(name);
    if (way.length > MAX_DEPTH) throw new FeedFault(`it is more than ${MAX_DEPTH} elements deep`);
    const of = attributes as Readonly<Record<string, string>>;
    text = '';
    if (way.length === 2) update = emptyUpdate();
    else if (name === 'issued') update.issued = of.date ?? '';
    else if (name === 'updated') update.updated = of.date ?? '';
    else if (name === 'reference' && of.type === 'cve') update.cves.push(of.id ?? of.title ?? '');
    else if (name === 'reference' && of.type === 'self') update.link = of.href ?? '';
    else if (name === 'package') update.packages.push({ name: '', version: '', release: '', ...of });
    if (update.packages.length > MAX_PACKAGES) throw new FeedFault(`an update has more than ${MAX_PACKAGES} packages`);
    if (update.cves.length > MAX_REFERENCES) throw new FeedFault(`an update has more than ${MAX_REFERENCES} CVEs`);
  });
  const append = (more: string): void => {
    if (text.length + more.length <= MAX_TEXT) text += more;
  };
  parser.on('text', append);
  parser.on('cdata', append);
  parser.on('closetag', ({ name }) => {
    way.pop();
    if (way.length === 2) {
      if (name === 'id') update.id = text.trim();
      else if (name === 'title') update.title = text.trim();
      else if (name === 'description') update.description = text.trim();
      else if (name === 'severity') update.severity = text.trim();
    } else if (way.length === 1) {
      emit(update);
    }
    text = '';
  });
  return parser;
}

const emptyUpdate = (): RpmUpdate => ({
  id: '',
  title: '',
  description: '',
  severity: '',
  issued: '',
  updated: '',
  link: '',
  cves: [],
  packages: [],
});
