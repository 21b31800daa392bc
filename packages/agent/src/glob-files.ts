import { type Collection, note, noteRefusal } from './collection.ts';
import { listDirectory } from './host/list-directory.ts';
import { locate } from './host/locate.ts';
import { matchesGlob } from './matches-glob.ts';

/**
 * The existing paths that an absolute pattern of glob(7) names, in lexical order (by code unit, as in the C locale);
 * at most `max`. Directories that cannot be listed become limitations.
 */
export async function globFiles(collection: Collection, pattern: string, max: number): Promise<string[]> {
  let paths = [''];
  for (const part of pattern.split('/').filter((name) => name !== '')) {
    const next: string[] = [];
    for (const path of paths) {
      if (!/[*?[\\]/.test(part)) {
        next.push(`${path}/${part}`);
        continue;
      }
      const names = await listDirectory(collection.host, path || '/');
      if (!names.ok) {
        if (names.code !== 'NOT_PRESENT') noteRefusal(collection, path || '/', names);
        continue;
      }
      next.push(...names.value.filter((name) => matchesGlob(part, name)).map((name) => `${path}/${name}`));
    }
    if (next.length > max)
      note(collection, 'TOO_LARGE', pattern, `the first ${max} of ${next.length} matches are used`);
    paths = next.slice(0, max);
  }
  const existing: string[] = [];
  for (const path of paths) {
    const found = await locate(collection.host, path);
    if (found.ok) existing.push(path);
    else if (found.code !== 'NOT_PRESENT') noteRefusal(collection, path, found);
  }
  return existing.sort();
}
