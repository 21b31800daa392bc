import { dirname, resolve } from 'node:path';
import type { TextFile } from '@assay/model/evidence/document.ts';
import type { EvidenceData } from '@assay/model/evidence/kinds.ts';
import { type Collection, fitList, note, noteRefusal, readText, startCollection } from '../../collection.ts';
import { listDirectory, readLink } from '../../host/list-directory.ts';
import { locate } from '../../host/locate.ts';
import { addTextFile } from '../../text-files.ts';
import { keepVariables } from './keep-variables.ts';

type Startup = NonNullable<EvidenceData<'sshd'>['startup']>;

/** systemd's, what the administrator wrote before what came with packages. */
const UNIT_DIRECTORIES = [
  '/etc/systemd/system',
  '/run/systemd/system',
  '/run/systemd/generator',
  '/usr/local/lib/systemd/system',
  '/usr/lib/systemd/system',
  '/lib/systemd/system',
];
/** Here units of any name are looked into; packages name theirs after the server. */
const OWN_DIRECTORIES = UNIT_DIRECTORIES.slice(0, 4);
/** What scripts of other init systems read, and systemd's units mostly too. */
const DEFAULTS = ['/etc/default/ssh', '/etc/sysconfig/sshd', '/etc/conf.d/sshd'];
const MAX = 200;
const SERVER = /(?:sshd|dropbear)/;
const NAMED = /(?:ssh|dropbear)[^/]*\.(?:service|socket)$/;

/** Everything that says with which options the host starts an SSH server. */
export async function readStartup(collection: Collection): Promise<Startup> {
  const startup: Startup = { files: [], links: [] };
  const seen = new Set<string>();
  for (const directory of UNIT_DIRECTORIES) {
    // /lib is mostly a link to /usr/lib.
    const real = await locate(collection.host, directory);
    if (real.ok && seen.has(real.value.path)) continue;
    if (real.ok) seen.add(real.value.path);
    await readUnits(collection, startup, directory);
  }
  await readEnvironment(collection, startup.files);
  return { files: startup.files, links: fitList(collection, startup.links, MAX, 'links of units that start sshd') };
}

async function readUnits(collection: Collection, { files, links }: Startup, directory: string): Promise<void> {
  const names = await namesIn(collection, directory);
  for (const name of names) {
    const path = `${directory}/${name}`;
    if (/\.(?:wants|requires|upholds)$/.test(name)) {
      for (const wanted of (await namesIn(collection, path)).filter(
        (each) => NAMED.test(each) || isKnown(files, each),
      )) {
        await addLink(collection, links, `${path}/${wanted}`);
      }
    } else if (NAMED.test(name)) {
      const target = await addLink(collection, links, path);
      // A unit may be linked in from anywhere.
      const elsewhere = target !== undefined && target !== '/dev/null' && !UNIT_DIRECTORIES.includes(dirname(target));
      if (target === undefined || elsewhere) await addTextFile(collection, files, path, { max: MAX });
    } else if (/\.service$/.test(name) && OWN_DIRECTORIES.includes(directory)) {
      const own = await readText(startCollection(collection.host), path);
      if (own !== undefined && startsServer(own)) await addTextFile(collection, files, path, { max: MAX });
    }
  }
  for (const name of names.filter((each) => /\.(?:service|socket)\.d$/.test(each))) {
    if (!NAMED.test(name.slice(0, -2)) && !isKnown(files, name.slice(0, -2))) continue;
    for (const dropIn of (await namesIn(collection, `${directory}/${name}`)).filter((each) => each.endsWith('.conf'))) {
      await addTextFile(collection, files, `${directory}/${name}/${dropIn}`, { max: MAX });
    }
  }
}

const isKnown = (files: readonly TextFile[], unit: string): boolean =>
  files.some(({ path }) => path.endsWith(`/${unit}`));

const startsServer = (unit: string): boolean =>
  unit.split('\n').some((line) => /^\s*ExecStart\s*=/.test(line) && SERVER.test(line));

async function namesIn(collection: Collection, directory: string): Promise<string[]> {
  const names = await listDirectory(collection.host, directory);
  if (names.ok) return names.value.filter((name) => name.isWellFormed());
  if (names.code !== 'NOT_PRESENT') noteRefusal(collection, directory, names);
  return [];
}

/** Where a symbolic link leads, from the root on; undefined where it is none. */
async function addLink(collection: Collection, links: Startup['links'], path: string): Promise<string | undefined> {
  const read = await readLink(collection.host, path);
  if (!read.ok) return undefined;
  const target = resolve(dirname(path), read.value);
  if (path.length > 4096 || target.length > 4096) note(collection, 'TOO_LARGE', path, 'a link that is too long');
  else links.push({ path, target });
  return target;
}

/** The environment files that the units name, and those of other init systems, reduced to what the servers get. */
async function readEnvironment(collection: Collection, files: TextFile[]): Promise<void> {
  const units = [...files];
  const text = units.map(({ content }) => content).join('\n');
  const named = [...text.matchAll(/^\s*EnvironmentFile\s*=\s*-?\s*(\S+)\s*$/gm)].map(([, path = '']) => path);
  const used = new Set([...text.matchAll(/\$\{?([A-Za-z_]\w*)/g)].map(([, name = '']) => name));
  for (const name of ['SSHD_OPTS', 'OPTIONS', 'SSHD_CONFDIR', 'SSHD_CONFIG']) used.add(name);
  for (const path of new Set([...DEFAULTS, ...named])) {
    if (!path.startsWith('/') || /[*?[%]/.test(path)) {
      note(collection, 'UNSUPPORTED', path, 'an environment file that is named by a pattern');
      continue;
    }
    await addTextFile(collection, files, path, {
      max: MAX,
      optional: true,
      reduce: (content) => keepVariables(content, used),
    });
  }
}

/** The configuration files that units name with `-f`. */
export const startupConfigPaths = ({ files }: Startup): string[] => [
  ...new Set(
    files
      .flatMap(({ content }) => content.split('\n'))
      .filter((line) => /^\s*(?:ExecStart\s*=.*sshd|[A-Za-z_]\w*=|Environment\s*=)/.test(line))
      .flatMap((line) =>
        [...line.matchAll(/(?:^|[\s"'=])-[46DdeGiqrtT]*f\s*(\/[^\s"']+)/g)].map(([, path = '']) => path),
      ),
  ),
];
