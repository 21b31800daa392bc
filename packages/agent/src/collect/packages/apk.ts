import { type Collection, note, readText } from '../../collection.ts';
import { MAX_DATABASE_BYTES, makePackage, type Package } from './package.ts';

/** The second is where apk-tools 3 keeps it on hosts with a merged /usr. */
const DATABASES = ['/lib/apk/db/installed', '/usr/lib/apk/db/installed'];

/** Every installed package; undefined where apk keeps no data base here or it cannot be read. */
export async function readApk(collection: Collection): Promise<Package[] | undefined> {
  for (const path of DATABASES) {
    const text = await readText(collection, path, { maxBytes: MAX_DATABASE_BYTES, optional: true });
    if (text !== undefined) return parseInstalled(collection, path, text);
  }
  return undefined;
}

/** Records are separated by a blank line; each line is `<letter>:<value>`. */
function parseInstalled(collection: Collection, path: string, text: string): Package[] {
  const packages: Package[] = [];
  for (const record of text.split(/\n[ \t\r]*\n/)) {
    const fields = new Map<string, string>();
    for (const line of record.split('\n')) {
      // The first of a letter: the records of files come later and use others.
      if (/^[PVAom]:/.test(line) && !fields.has(line.charAt(0))) fields.set(line.charAt(0), line.slice(2).trim());
    }
    if (record.trim() === '') continue;
    const name = fields.get('P');
    const origin = fields.get('o');
    const installed = makePackage({
      name,
      version: fields.get('V'),
      architecture: fields.get('A'),
      sourceName: origin === name ? undefined : origin,
      sourceVersion: undefined,
      vendor: fields.get('m'),
      module: undefined,
    });
    if (installed) packages.push(installed);
    else note(collection, 'UNREADABLE', path, `a record without a usable name or version: ${name ?? '?'}`);
  }
  return packages;
}
