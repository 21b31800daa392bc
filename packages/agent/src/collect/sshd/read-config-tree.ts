import type { TextFile } from '@assay/model/evidence/document.ts';
import type { EvidenceData } from '@assay/model/evidence/kinds.ts';
import { type Collection, note } from '../../collection.ts';
import { globFiles } from '../../glob-files.ts';
import { addTextFile } from '../../text-files.ts';
import { includePatterns } from './include-patterns.ts';

type Tree = Pick<EvidenceData<'sshd'>, 'files' | 'includes'>;

/** Relative Include patterns start here, wherever the file is that they stand in. */
const SSH_DIRECTORY = '/etc/ssh';
const MAX = 200;

/**
 * The configuration files and all that they include, whether inside a Match block or not, each once in the order of
 * first reading: an included file comes right where its Include stands.
 */
export async function readConfigTree(
  collection: Collection,
  paths: readonly string[],
  { optional }: { readonly optional: boolean },
): Promise<Tree> {
  const files: TextFile[] = [];
  const includes: Tree['includes'] = [];
  const visited = new Set<string>();
  const visit = async (path: string, mayMiss: boolean): Promise<void> => {
    if (visited.has(path)) return;
    visited.add(path);
    const content = await addTextFile(collection, files, path, { max: MAX, optional: mayMiss });
    if (content === undefined) return;
    const { patterns, unreadableLines } = includePatterns(content);
    for (const line of unreadableLines) note(collection, 'UNREADABLE', `${path}:${line}`, 'an Include without its end');
    for (const pattern of patterns) {
      for (const included of await expand(collection, includes, path, pattern)) await visit(included, false);
    }
  };
  for (const path of paths) await visit(path, optional);
  return { files, includes };
}

async function expand(
  collection: Collection,
  includes: Tree['includes'],
  from: string,
  pattern: string,
): Promise<readonly string[]> {
  const known = includes.find((include) => include.pattern === pattern);
  if (known) return known.files;
  if (pattern === '' || pattern.length > 4096 || /\0/.test(pattern) || pattern.startsWith('~')) {
    note(collection, 'UNREADABLE', from, 'an Include pattern that is empty, too long, or begins with ~');
    return [];
  }
  if (includes.length >= MAX) {
    note(collection, 'TOO_LARGE', from, `Include ${pattern}: more than ${MAX} patterns`);
    return [];
  }
  const files = await globFiles(collection, pattern.startsWith('/') ? pattern : `${SSH_DIRECTORY}/${pattern}`, MAX);
  includes.push({ pattern, files });
  return files;
}
