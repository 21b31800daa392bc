import type { Limitation, TextFile } from '@assay/model/evidence/document.ts';
import { hiddenPath } from './hidden.ts';
import { pamLines } from './pam-lines.ts';
import { quote } from './quote.ts';
import { type Unknown, unknownBy } from './unknown.ts';

/** A module of a stack, or a stack in a stack. */
export interface PamEntry {
  readonly source: string;
  readonly text: string;
  readonly control: string;
  /** File name of the module, such as `pam_unix.so`; empty for a substack. */
  readonly module: string;
  readonly args: readonly string[];
  readonly substack: readonly PamEntry[] | undefined;
}

export interface PamStack {
  readonly entries: readonly PamEntry[];
  /** What could not be read, and so may hold further modules. */
  readonly problems: readonly Unknown[];
}

const folders = ['/etc/pam.d', '/usr/lib/pam.d', '/usr/etc/pam.d'];
const maxDepth = 16;
const maxEntries = 200;

interface Reading {
  readonly files: ReadonlyMap<string, string>;
  readonly limitations: readonly Limitation[];
  readonly problems: Unknown[];
  entries: number;
}

/** The `password` stack of a service with everything that it includes; undefined when there is no such service. */
export function passwordStack(
  files: readonly TextFile[],
  limitations: readonly Limitation[],
  service: string,
): PamStack | undefined {
  const byPath = new Map(files.toReversed().map(({ path, content }) => [path, content]));
  const reading: Reading = { files: byPath, limitations, problems: [], entries: 0 };
  const found = findService(reading, service);
  if (found === undefined) return undefined;
  if ('problem' in found) return { entries: [], problems: [found.problem] };
  return { entries: readFile(reading, found.path, 0), problems: reading.problems };
}

type Found = { readonly path: string } | { readonly problem: Unknown } | undefined;

/** A file in /etc/pam.d hides the one of the same name that the distribution delivered, also when it can't be read. */
function findService(reading: Reading, name: string): Found {
  for (const path of name.startsWith('/') ? [name] : folders.map((folder) => `${folder}/${name}`)) {
    if (reading.files.has(path)) return { path };
    const limitation = hiddenPath(reading.limitations, path);
    if (limitation) return { problem: unknownBy(limitation, `${quote(path)} could not be read: `) };
  }
  return undefined;
}

function readFile(reading: Reading, path: string, depth: number): PamEntry[] {
  const entries: PamEntry[] = [];
  for (const { number, text, type, control, words } of pamLines(reading.files.get(path) ?? '')) {
    const source = `${path}:${number}`;
    const includes = type === '@include' || /^(?:include|substack)$/i.test(control);
    if (type !== 'password' && type !== '@include') continue;
    if (++reading.entries > maxEntries) {
      problem(reading, { text: `${source}: the stack has more modules than are read`, cause: 'NOT_JUDGED' });
      break;
    }
    if (!includes) {
      const module = (words[0] ?? '').replace(/^.*\//, '');
      entries.push({ source, text: quote(text), control, module, args: words.slice(1), substack: undefined });
      continue;
    }
    const included = readIncluded(reading, words[0] ?? '', source, depth);
    if (/^substack$/i.test(control)) {
      entries.push({ source, text: quote(text), control, module: '', args: [], substack: included });
    } else {
      for (const entry of included) entries.push(entry);
    }
  }
  return entries;
}

function readIncluded(reading: Reading, name: string, source: string, depth: number): PamEntry[] {
  if (depth >= maxDepth) {
    problem(reading, { text: `${source}: includes are nested deeper than ${maxDepth} levels`, cause: 'NOT_JUDGED' });
    reading.entries = maxEntries;
    return [];
  }
  const found = findService(reading, name);
  if (found !== undefined && 'path' in found) return readFile(reading, found.path, depth + 1);
  const { text, cause }: Unknown = found?.problem ?? {
    text: `the included file ${quote(name)} was not reported`,
    cause: 'NOT_REPORTED',
  };
  problem(reading, { text: `${source}: ${text}`, cause });
  return [];
}

const problem = (reading: Reading, unknown: Unknown): void => {
  if (reading.problems.length < 20) reading.problems.push(unknown);
};
