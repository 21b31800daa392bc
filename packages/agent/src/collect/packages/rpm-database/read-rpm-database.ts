import { type Collection, note, noteRefusal, recordSource } from '../../../collection.ts';
import { locate } from '../../../host/locate.ts';
import { openRegularFile } from '../../../host/read-chunks.ts';
import { readRegularFile } from '../../../host/read-regular-file.ts';
import type { Package } from '../package.ts';
import { type RpmFields, rpmPackage } from '../rpm-package.ts';
import { parseHeader, type RpmTags, rpmTags } from './parse-header.ts';
import { readBdb } from './read-bdb.ts';
import { readNdb } from './read-ndb.ts';
import { readSqlite } from './read-sqlite.ts';

const MAX_BYTES = 512 * 1024 ** 2;

/** Every package of an rpm data base, read from its file: for roots whose rpm is not run, and hosts that have none. */
export async function readRpmDatabase(collection: Collection, path: string): Promise<Package[] | undefined> {
  try {
    const headers = await headersOf(collection, path);
    if (!headers) return undefined;
    const packages: Package[] = [];
    for (const bytes of headers) {
      const fields = fieldsOf(parseHeader(bytes));
      // A key that signatures are checked with, kept among the packages.
      if (fields.name === 'gpg-pubkey') continue;
      const installed = rpmPackage(fields);
      if (installed) packages.push(installed);
      else note(collection, 'UNREADABLE', path, `a package without a usable name or version: ${fields.name ?? '?'}`);
    }
    recordSource(collection, path);
    return packages;
  } catch (error) {
    note(collection, 'UNREADABLE', path, error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

async function headersOf(collection: Collection, path: string): Promise<Iterable<Buffer> | undefined> {
  if (path.endsWith('.sqlite')) {
    const [location, opened] = [await locate(collection.host, path), await openRegularFile(collection.host, path)];
    if (opened.ok) await opened.handle.close();
    if (location.ok && opened.ok && opened.size <= MAX_BYTES) return readSqlite(location.value.onDisk);
    if (!opened.ok) noteRefusal(collection, path, opened);
    else note(collection, 'TOO_LARGE', path, `longer than ${MAX_BYTES} bytes`);
    return undefined;
  }
  const read = await readRegularFile(collection.host, path, MAX_BYTES);
  if (read.ok) return path.endsWith('.db') ? readNdb(read.value) : readBdb(read.value);
  noteRefusal(collection, path, read);
  return undefined;
}

function fieldsOf(tags: RpmTags): RpmFields {
  const text = (tag: number): string | undefined => {
    const value = tags.get(tag);
    return value === undefined || value === '' ? undefined : String(value);
  };
  return {
    name: text(rpmTags.name),
    epoch: text(rpmTags.epoch),
    version: text(rpmTags.version),
    release: text(rpmTags.release),
    architecture: text(rpmTags.architecture),
    sourceRpm: text(rpmTags.sourceRpm),
    module: text(rpmTags.modularityLabel),
    vendor: text(rpmTags.vendor),
  };
}
