import { type Collection, note, noteRefusal, readText } from '../../collection.ts';
import { listDirectory } from '../../host/list-directory.ts';
import { MAX_DATABASE_BYTES, makePackage, type Package } from './package.ts';

const STATUS = '/var/lib/dpkg/status';
/** One file a package, without a Status field: how distroless images keep what they were built from. */
const STATUS_D = '/var/lib/dpkg/status.d';
/** What dpkg has not yet merged into its status file: numbered files, each overriding the stanzas of its package. */
const UPDATES = '/var/lib/dpkg/updates';

/** The fields of one stanza that are used, by lower-case name. */
type Stanza = ReadonlyMap<string, string>;
const FIELDS = new Set(['package', 'version', 'architecture', 'status', 'source', 'origin', 'maintainer']);

/** Every package whose files are on the host; undefined where dpkg keeps no data base here or it cannot be read. */
export async function readDpkg(collection: Collection): Promise<Package[] | undefined> {
  const texts: { readonly path: string; readonly text: string }[] = [];
  const add = async (path: string): Promise<void> => {
    const text = await readText(collection, path, { maxBytes: MAX_DATABASE_BYTES, optional: true });
    if (text !== undefined) texts.push({ path, text });
  };
  await add(STATUS);
  for (const path of await listOptional(collection, UPDATES, (name) => /^\d+$/.test(name))) await add(path);
  for (const path of await listOptional(collection, STATUS_D, (name) => !name.endsWith('.md5sums'))) await add(path);
  if (texts.length === 0) return undefined;

  const stanzas = new Map<string, { readonly path: string; readonly stanza: Stanza }>();
  for (const { path, text } of texts) {
    const end = text.slice(text.lastIndexOf('\n') + 1);
    if (end !== '' && !/^\s|:/.test(end)) {
      note(collection, 'UNREADABLE', path, 'it ends in the middle of a line: what came after is not known');
    }
    for (const stanza of parseStanzas(text)) {
      const key = `${stanza.get('package')}:${stanza.get('architecture')}`;
      stanzas.set(stanza.has('package') ? key : `${path}#${stanzas.size}`, { path, stanza });
    }
  }
  const packages: Package[] = [];
  for (const { path, stanza } of stanzas.values()) {
    if (!hasFiles(stanza)) continue;
    const installed = toPackage(stanza);
    if (installed) packages.push(installed);
    else
      note(
        collection,
        'UNREADABLE',
        path,
        `a stanza without a usable name or version: ${stanza.get('package') ?? '?'}`,
      );
  }
  return packages;
}

async function listOptional(collection: Collection, directory: string, wanted: (name: string) => boolean) {
  const names = await listDirectory(collection.host, directory);
  if (names.ok) return names.value.filter(wanted).map((name) => `${directory}/${name}`);
  if (names.code !== 'NOT_PRESENT') noteRefusal(collection, directory, names);
  return [];
}

function parseStanzas(text: string): Stanza[] {
  const stanzas: Stanza[] = [];
  let current = new Map<string, string>();
  let end = 0;
  for (let at = 0; at <= text.length; at = end + 1) {
    end = text.indexOf('\n', at);
    if (end === -1) end = text.length;
    // Most lines continue a description, or are files' checksums: they are passed over as they stand.
    const first = text.charCodeAt(at);
    if (first === SPACE && text.charCodeAt(at + 1) > SPACE && text.charCodeAt(at + 1) < DELETE) continue;
    const line = text.slice(at, end);
    if (line.trim() === '') {
      if (current.size > 0) stanzas.push(current);
      current = new Map();
      continue;
    }
    // Continuation lines start with a space or tab; none of the fields used has one.
    const colon = line.indexOf(':');
    if (colon <= 0 || first === SPACE || first === TAB) continue;
    const name = line.slice(0, colon).toLowerCase();
    if (FIELDS.has(name)) current.set(name, line.slice(colon + 1).trim());
  }
  if (current.size > 0) stanzas.push(current);
  return stanzas;
}

const [TAB, SPACE, DELETE] = [9, 32, 127] as const;

/** The last word of Status: in all states but these two the package's files are there, if only in part. */
function hasFiles(stanza: Stanza): boolean {
  const state = stanza.get('status')?.split(/\s+/).at(-1);
  return state !== 'not-installed' && state !== 'config-files';
}

function toPackage(stanza: Stanza): Package | undefined {
  const name = stanza.get('package');
  const version = stanza.get('version');
  // `Source: name` or `Source: name (version)`; absent where both are the binary package's own.
  const [, sourceName, sourceVersion] = /^(\S+)(?:\s+\((.*)\))?$/.exec(stanza.get('source') ?? '') ?? [];
  return makePackage({
    name,
    version,
    architecture: stanza.get('architecture'),
    sourceName: sourceName === name ? undefined : sourceName,
    sourceVersion: sourceVersion === version ? undefined : sourceVersion,
    vendor: stanza.get('origin'),
    maintainer: stanza.get('maintainer'),
    module: undefined,
  });
}
