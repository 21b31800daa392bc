/** Whom an access control list lets write, the mask applied. Owner and others stand in the mode as well. */
export interface AclWriters {
  /** Whether the directory's own group may write. The mode's group bits are the mask, not that. */
  readonly ownGroup: boolean;
  /** Named users and groups that may write. */
  readonly users: readonly number[];
  readonly groups: readonly number[];
}

interface Entry {
  readonly tag: string;
  readonly id: string;
  readonly writes: boolean;
}

/** Of what an agent sends: a text of this length may have been cut. */
const longest = 4096;

/** Reads what `getfacl --numeric` prints; undefined for anything that is not a whole list with a mask. */
export function aclWriters(text: string): AclWriters | undefined {
  if (text.length >= longest) return undefined;
  const entries: Entry[] = [];
  for (const line of text.split('\n')) {
    const entry = line.replace(/\s*#.*$/, '').trim();
    // Default entries are for what will be made in the directory.
    if (entry === '' || entry.startsWith('default:')) continue;
    const parts = /^(user|group|mask|other):(\d*):([r-][w-][xX-])$/.exec(entry);
    if (!parts) return undefined;
    const [, tag = '', id = '', permissions = ''] = parts;
    entries.push({ tag, id, writes: permissions.includes('w') });
  }
  const base = (tag: string): Entry | undefined => entries.find((entry) => entry.tag === tag && entry.id === '');
  const ownGroup = base('group');
  const named = entries.filter(({ id }) => id !== '');
  const mask = base('mask');
  if (!ownGroup || !base('user') || !base('other') || (named.length > 0 && !mask)) return undefined;
  const allowed = mask?.writes ?? true;
  const writers = (tag: string): number[] =>
    named.filter((entry) => entry.tag === tag && entry.writes && allowed).map(({ id }) => Number(id));
  return { ownGroup: ownGroup.writes && allowed, users: writers('user'), groups: writers('group') };
}
