import { opendir } from 'node:fs/promises';
import { join } from 'node:path';
import type { EvidenceData } from '@assay/model/evidence/kinds.ts';
import { bounded, type Collection } from '../../collection.ts';
import { listDirectory } from '../../host/list-directory.ts';
import { locate } from '../../host/locate.ts';

type OtherSoftware = NonNullable<EvidenceData<'packages'>['otherSoftware']>[number];
type Kind = OtherSoftware['kind'];

/** Where software is put beside the packages of the distribution. */
const ROOTS = [
  '/app',
  '/opt',
  '/srv',
  '/usr/local',
  '/usr/src/app',
  '/usr/lib/node_modules',
  '/var/lib/gems',
  '/var/www',
  '/root',
  '/home',
];
const MAX_DEPTH = 10;
const MAX_ENTRIES = 30_000;
const MAX_NAMES = 20;

/** Snaps, flatpaks and packages of programming languages: nothing is read of them but that they are there. */
export async function findOtherSoftware(collection: Collection): Promise<OtherSoftware[]> {
  const found = new Map<Kind, Set<string>>();
  const add = (kind: Kind, name: string): void => {
    found.set(kind, (found.get(kind) ?? new Set()).add(name));
  };
  const names = async (directory: string): Promise<readonly string[]> => {
    const listed = await listDirectory(collection.host, directory);
    return listed.ok ? listed.value : [];
  };
  for (const file of await names('/var/lib/snapd/snaps')) {
    const name = /^(.+)_[^_]+\.snap$/.exec(file)?.[1];
    if (name !== undefined) add('SNAP', name);
  }
  for (const name of await names('/var/lib/flatpak/app')) add('FLATPAK', name);
  const budget = { left: MAX_ENTRIES };
  for (const root of ROOTS) {
    const location = await locate(collection.host, root);
    if (location.ok) await walk(location.value.onDisk, root, MAX_DEPTH, budget, add);
  }
  return [...found].map(([kind, all]) => ({
    kind,
    count: all.size,
    ...(budget.left <= 0 && kind !== 'SNAP' && kind !== 'FLATPAK' ? { more: true } : {}),
    names: [...new Set([...all].map((each) => bounded(each.replace(/^.*\0/, ''), 256)))]
      .filter(Boolean)
      .sort()
      .slice(0, MAX_NAMES),
  }));
}

/** Follows no link; what cannot be opened is passed by. Two copies of one thing count as two. */
async function walk(
  path: string,
  parent: string,
  depth: number,
  budget: { left: number },
  add: (kind: Kind, name: string) => void,
): Promise<void> {
  const folders: string[] = [];
  try {
    for await (const entry of await opendir(path)) {
      budget.left -= 1;
      if (budget.left <= 0) return;
      const { name } = entry;
      const place = `${path}\0`;
      if (entry.isDirectory()) {
        const python = /^(.+?)-[^-]+(?:-[^-]+)*\.(?:dist|egg)-info$/.exec(name)?.[1];
        if (python !== undefined) add('PYTHON', place + python);
        else if (inModules.test(parent) && !/^[.@]/.test(name)) add('NODE', place + name);
        if (python === undefined && name !== '.git' && name !== 'proc') folders.push(name);
      } else if (entry.isFile()) {
        if (/\.[jwe]ar$/i.test(name)) add('JAVA', place + name);
        else if (name.endsWith('.egg-info')) add('PYTHON', place + name.replace(/-.*$/, ''));
        else if (name.endsWith('.gemspec') && parent.endsWith('specifications')) add('RUBY', place + name.slice(0, -8));
        else if (name === 'installed.json' && parent.endsWith('composer')) add('PHP', place + name);
      }
    }
  } catch {
    // Nothing is claimed of what is in it.
  }
  if (depth === 0) return;
  for (const name of folders.sort()) await walk(join(path, name), `${parent}/${name}`, depth - 1, budget, add);
}

/** The folder of npm's packages, or that of one scope of them. */
const inModules = /(?:^|\/)node_modules(?:\/@[^/]+)?$/;
