import { pipeline, Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import type { EvidenceData } from '@assay/model/evidence/kinds.ts';
import { bounded, type Collection, note, noteRefusal } from '../../collection.ts';
import { listDirectory } from '../../host/list-directory.ts';
import { chunksOf, openRegularFile } from '../../host/read-chunks.ts';
import { readRegularFile } from '../../host/read-regular-file.ts';
import type { Package } from './package.ts';
import { unpackLz4 } from './unpack-lz4.ts';

type Repository = NonNullable<EvidenceData<'packages'>['databases'][number]['repositories']>[number];

const LISTS = '/var/lib/apt/lists';
const MAX_LISTS = 400;
/** Of all lists together, unpacked: those of a desktop with every source enabled have some 300 MB. */
const MAX_BYTES = 1024 ** 3;
const MAX_STANZA = 1024 ** 2;
const MAX_RELEASE = 16 * 1024 ** 2;

/**
 * What apt knows of where packages come from (`apt-cache policy` asks the same files): the repositories, and for each
 * package those that offer its version, or its name alone. Undefined where apt has no lists.
 */
export async function readAptLists(
  collection: Collection,
  packages: readonly Package[],
): Promise<{ repositories: Repository[]; packages: Package[] } | undefined> {
  const names = await listDirectory(collection.host, LISTS);
  if (!names.ok) {
    if (names.code !== 'NOT_PRESENT') noteRefusal(collection, LISTS, names);
    return undefined;
  }
  const lists = names.value.filter((name) => /_Packages(?:\.[a-z0-9]+)?$/.test(name));
  if (lists.length === 0) return undefined;
  if (lists.length > MAX_LISTS) {
    note(collection, 'TOO_LARGE', LISTS, `the first ${MAX_LISTS} of ${lists.length} lists are read`);
  }
  const releases = names.value.filter((name) => /_(?:In)?Release$/.test(name));
  const installed = new Map<string, Set<string>>();
  for (const { name, version } of packages) installed.set(name, (installed.get(name) ?? new Set()).add(version));
  const repositories: Repository[] = [];
  const offers = new Map<string, Set<number>>();
  const others = new Map<string, Set<number>>();
  const unread = new Set<number>();
  const reading: Reading = { left: MAX_BYTES, failed: false };
  for (const list of lists.slice(0, MAX_LISTS)) {
    const repository = await describe(collection, list, releases);
    // Architectures and pockets of one source are a list each.
    const known = repositories.findIndex((each) => JSON.stringify(each) === JSON.stringify(repository));
    const place = known >= 0 ? known : repositories.push(repository) - 1;
    reading.failed = false;
    for await (const { name, version } of offered(collection, `${LISTS}/${list}`, installed, reading)) {
      const same = installed.get(name)?.has(version) ?? false;
      const [into, key] = same ? [offers, `${name} ${version}`] : [others, name];
      into.set(key, (into.get(key) ?? new Set()).add(place));
    }
    if (reading.failed) unread.add(place);
  }
  const placed = (places: ReadonlySet<number> | undefined): number[] => [...(places ?? [])].slice(0, 8);
  return {
    repositories: repositories.map((each, place) => (unread.has(place) ? { ...each, unread: true } : each)),
    packages: packages.map((each) => {
      const own = placed(offers.get(`${each.name} ${each.version}`));
      if (own.length > 0) return { ...each, repositories: own };
      const other = placed(others.get(each.name));
      return other.length > 0 ? { ...each, otherVersionsIn: other } : each;
    }),
  };
}

/** Of `deb.debian.org_debian_dists_bookworm_main_binary-amd64_Packages`, and the Release file beside it. */
async function describe(collection: Collection, list: string, releases: readonly string[]): Promise<Repository> {
  const stem = list.replace(/(?:_binary-[a-z0-9-]+)?_Packages(?:\.[a-z0-9]+)?$/, '');
  const [site = '', suite] = stem.split('_dists_');
  const name = [plain(site), ...(suite === undefined ? [] : [plain(suite.replaceAll('_', ' '))])].join(' ');
  const found = releases
    .filter((release) => stem.startsWith(release.replace(/(?:In)?Release$/, '')))
    .sort((a, b) => b.length - a.length)[0];
  const repository: Repository = { name: bounded(name, 256) || '(empty)' };
  if (found === undefined) return repository;
  const read = await readRegularFile(collection.host, `${LISTS}/${found}`, MAX_RELEASE);
  if (!read.ok) {
    noteRefusal(collection, `${LISTS}/${found}`, read);
    return repository;
  }
  const text = read.value.subarray(0, 65_536).toString('utf8');
  for (const field of ['Origin', 'Label', 'Codename'] as const) {
    const value = new RegExp(`^${field}: *(\\S.*)$`, 'm').exec(text)?.[1]?.trim();
    const key = field === 'Origin' ? 'origin' : field === 'Label' ? 'label' : 'codename';
    if (value) repository[key] = bounded(value, 256);
  }
  return repository;
}

/** apt writes `/` as `_`, and what is a `_` itself, as `%5f`. */
const plain = (text: string): string =>
  text
    .replaceAll('_', '/')
    .replaceAll(/%[0-9a-f]{2}/gi, (code) => String.fromCharCode(Number.parseInt(code.slice(1), 16)));

interface Reading {
  /** Bytes that may still be read. */
  left: number;
  /** Whether the list could not be read to its end. */
  failed: boolean;
}

async function* offered(
  collection: Collection,
  path: string,
  installed: ReadonlyMap<string, ReadonlySet<string>>,
  reading: Reading,
): AsyncGenerator<{ readonly name: string; readonly version: string }> {
  const fail = (code: 'TOO_LARGE' | 'UNREADABLE' | 'UNSUPPORTED', detail: string): void => {
    reading.failed = true;
    note(collection, code, path, detail);
  };
  const opened = await openRegularFile(collection.host, path);
  if (!opened.ok) {
    reading.failed = true;
    return noteRefusal(collection, path, opened);
  }
  try {
    const bytes = unpacked(path, chunksOf(opened.handle));
    if (!bytes) return fail('UNSUPPORTED', 'a list of apt in a compression that the agent does not read');
    let rest = '';
    for await (const chunk of bytes) {
      reading.left -= chunk.length;
      if (reading.left < 0) return fail('TOO_LARGE', `apt's lists have more than ${MAX_BYTES} bytes`);
      // Names and versions are ASCII; what else there is is not looked at.
      rest += chunk.toString('latin1');
      const end = rest.lastIndexOf('\n\n');
      if (end >= 0) {
        yield* stanzasOf(rest.slice(0, end), installed);
        rest = rest.slice(end + 2);
      } else if (rest.length > MAX_STANZA) {
        return fail('TOO_LARGE', `a stanza is longer than ${MAX_STANZA} bytes`);
      }
    }
    yield* stanzasOf(rest, installed);
  } catch (error) {
    fail('UNREADABLE', String(error));
  } finally {
    await opened.handle.close();
  }
}

function unpacked(path: string, chunks: AsyncIterable<Buffer>): AsyncIterable<Buffer> | undefined {
  if (path.endsWith('_Packages')) return chunks;
  if (path.endsWith('.lz4')) return unpackLz4(chunks);
  const decompress = path.endsWith('.gz') ? createGunzip() : path.endsWith('.zst') ? createZstdDecompress() : undefined;
  // What it cannot unpack comes out of the loop that reads it.
  return decompress && pipeline(Readable.from(chunks), decompress, () => undefined);
}

function* stanzasOf(text: string, installed: ReadonlyMap<string, ReadonlySet<string>>) {
  let at = 0;
  while (at < text.length) {
    const end = text.indexOf('\n\n', at);
    const stanza = text.slice(at, end < 0 ? undefined : end);
    at = end < 0 ? text.length : end + 2;
    const name = fieldOf(stanza, 'Package');
    if (name === undefined || !installed.has(name)) continue;
    const version = fieldOf(stanza, 'Version');
    if (version !== undefined) yield { name, version };
  }
}

function fieldOf(stanza: string, field: string): string | undefined {
  const label = `${field}:`;
  const start = stanza.startsWith(label) ? 0 : stanza.indexOf(`\n${label}`) + 1;
  if (start === 0 && !stanza.startsWith(label)) return undefined;
  const end = stanza.indexOf('\n', start);
  return stanza.slice(start + label.length, end < 0 ? undefined : end).trim();
}
