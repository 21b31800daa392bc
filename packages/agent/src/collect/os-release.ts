import type { EvidenceData } from '@assay/model/evidence/kinds.ts';
import { bounded, type Collection, fitList, noteRefusal, readText } from '../collection.ts';
import { locate } from '../host/locate.ts';
import { readRegularFile } from '../host/read-regular-file.ts';
import { readArchitecture, readHostname } from './identity.ts';

export async function collectOsRelease(collection: Collection): Promise<EvidenceData<'osRelease'> | undefined> {
  const text =
    (await readText(collection, '/etc/os-release', { optional: true })) ??
    (await readText(collection, '/usr/lib/os-release'));
  if (text === undefined) return undefined;
  const fields = parseOsRelease(text);
  const field = (name: string): string | undefined => bounded(fields.get(name) ?? '', 256) || undefined;
  return {
    // os-release(5): "If not set, a default of ID=linux may be used".
    id: (field('ID') ?? 'linux').toLowerCase(),
    idLike: fitList(collection, (field('ID_LIKE') ?? '').toLowerCase().split(/\s+/).filter(Boolean), 20, 'ID_LIKE'),
    versionId: field('VERSION_ID'),
    versionCodename: field('VERSION_CODENAME'),
    prettyName: field('PRETTY_NAME'),
    hostname: await readHostname(collection),
    architecture: await readArchitecture(collection),
    container: await findContainer(collection),
  };
}

/** The assignments of os-release(5): shell quoting, no expansion. A later assignment wins. */
function parseOsRelease(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of text.split('\n')) {
    const assignment = /^\s*([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(line);
    if (assignment) fields.set(assignment[1] ?? '', unquote((assignment[2] ?? '').trim()));
  }
  return fields;
}

function unquote(value: string): string {
  if (/^'.*'$/.test(value)) return value.slice(1, -1);
  const inner = /^".*"$/.test(value) ? value.slice(1, -1) : value;
  return inner.replace(/\\(.)/g, '$1');
}

/** What says that the host is a container, or undefined. */
async function findContainer(collection: Collection): Promise<string | undefined> {
  const { host } = collection;
  for (const path of ['/.dockerenv', '/run/.containerenv']) {
    const found = await locate(host, path);
    if (found.ok) return path;
    if (found.code !== 'NOT_PRESENT') noteRefusal(collection, path, found);
  }
  for (const path of ['/run/systemd/container', '/run/host/container-manager']) {
    const manager = await readText(collection, path, { optional: true });
    if (manager?.trim()) return bounded(manager.trim(), 256);
  }
  // The variables of process 1 (its owner's to read): systemd-nspawn, LXC and Podman set `container`.
  const environment = await readRegularFile(host, '/proc/1/environ', 262_144);
  const variables = environment.ok ? environment.value.toString('utf8').split('\0') : [];
  const own = host.root === '/' ? process.env.container : undefined;
  const name = own ?? variables.find((variable) => variable.startsWith('container='))?.slice('container='.length);
  return name ? bounded(name, 256) : undefined;
}
