import { parseBoundedJson } from '@assay/model/bounded-json.ts';
import type { EvidenceData } from '@assay/model/evidence/kinds.ts';
import { bounded, type Collection, note, readText } from '../../collection.ts';
import { globFiles } from '../../glob-files.ts';

type Repository = NonNullable<EvidenceData<'packages'>['databases'][number]['repositories']>[number];

const MAX_FILES = 200;
const MAX_REPOSITORIES = 500;
/** subscription-manager writes thousands of repositories into one file, nearly all of them not enabled. */
const MAX_BYTES = 4 * 1024 * 1024;

/** The repositories of apk's own files; undefined where it has none. */
export async function apkRepositories(collection: Collection): Promise<Repository[] | undefined> {
  const paths = ['/etc/apk/repositories', ...(await globFiles(collection, '/etc/apk/repositories.d/*', MAX_FILES))];
  return repositoriesIn(collection, paths, (text) =>
    text.split('\n').flatMap((line) => {
      // `@tag address`: of a tagged one only what asks for the tag is installed.
      const address = /^\s*(?:@\S+\s+)?([^\s#]\S*)/.exec(line)?.[1];
      return address === undefined ? [] : [{ name: withoutUser(address), enabled: true }];
    }),
  );
}

/** What Red Hat's images say of the content sets (repositories) that they were built from. */
const CONTENT_MANIFESTS = ['/root/buildinfo/content_manifests/*.json', '/usr/share/buildinfo/content-sets.json'];

/** The sections of the files of dnf, yum and zypper, and the content sets of an image; undefined where there are none. */
export async function rpmRepositories(collection: Collection): Promise<Repository[] | undefined> {
  const patterns = ['/etc/yum.repos.d/*.repo', '/etc/zypp/repos.d/*.repo', '/etc/yum.conf', '/etc/dnf/dnf.conf'];
  const paths: string[] = [];
  for (const pattern of [...patterns, ...CONTENT_MANIFESTS]) {
    paths.push(...(await globFiles(collection, pattern, MAX_FILES)));
  }
  return repositoriesIn(collection, paths, (text, path) =>
    path.endsWith('.json') ? contentSetsIn(collection, text, path) : sectionsOf(text),
  );
}

function contentSetsIn(collection: Collection, text: string, path: string): Repository[] {
  try {
    const manifest = parseBoundedJson(text, { depth: 16, values: 20_000 });
    const sets =
      manifest !== null && typeof manifest === 'object' && 'content_sets' in manifest && manifest.content_sets;
    if (Array.isArray(sets)) {
      return sets.flatMap((name) => (typeof name === 'string' && name !== '' ? [{ name, enabled: true }] : []));
    }
  } catch {
    // Said below.
  }
  note(collection, 'UNREADABLE', path, 'it lists no content sets');
  return [];
}

function sectionsOf(text: string): Repository[] {
  const found: Repository[] = [];
  let current: Repository | undefined;
  for (const line of text.split('\n')) {
    const section = /^\s*\[([^\]]+)\]/.exec(line)?.[1]?.trim();
    if (section !== undefined) {
      // A section is enabled unless it says that it is not.
      current = section === 'main' || section === '' ? undefined : { name: section, enabled: true };
      if (current) found.push(current);
    }
    const enabled = /^\s*enabled\s*=\s*(\S+)/i.exec(line)?.[1];
    if (current && enabled !== undefined) current.enabled = !/^(?:0|false|no|off)$/i.test(enabled);
  }
  return found;
}

async function repositoriesIn(
  collection: Collection,
  paths: readonly string[],
  parse: (text: string, path: string) => Repository[],
): Promise<Repository[] | undefined> {
  const found = new Map<string, Repository>();
  let read = false;
  for (const path of paths) {
    // Addresses may hold passwords: the text stays, and so does its digest.
    const text = await readText(collection, path, {
      optional: true,
      digest: false,
      maxBytes: MAX_BYTES,
    });
    if (text === undefined) continue;
    read = true;
    for (const { name, enabled } of parse(text, path)) {
      const key = bounded(name, 256);
      found.set(key, { name: key, enabled: (found.get(key)?.enabled ?? false) || (enabled ?? true) });
    }
  }
  if (found.size > MAX_REPOSITORIES) {
    note(collection, 'TOO_LARGE', 'repositories', `the first ${MAX_REPOSITORIES} of ${found.size} are listed`);
  }
  // Those that are enabled say where packages come from.
  const sorted = [...found.values()].sort((a, b) => Number(b.enabled) - Number(a.enabled));
  return read ? sorted.slice(0, MAX_REPOSITORIES) : undefined;
}

const withoutUser = (address: string): string => address.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/@]*@/i, '$1');
