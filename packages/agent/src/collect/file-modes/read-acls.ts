import type { EvidenceData } from '@assay/model/evidence/kinds.ts';
import { type Collection, commandLine, note } from '../../collection.ts';

type Acl = Pick<EvidenceData<'fileModes'>['directories'][number], 'aclState' | 'acl'>;

/** A longer text is cut, and then no longer known whole. */
const MAX_ACL = 4096;

/**
 * Path → what is known of the directory's ACL: its entries by getfacl, else whether it has one by GNU ls, which marks it
 * with a plus sign. A path is missing where neither could tell; a limitation then says so.
 */
export async function readAcls(
  collection: Collection,
  directories: readonly { readonly path: string }[],
): Promise<ReadonlyMap<string, Acl>> {
  if (directories.length === 0) return new Map();
  const paths = directories.map(({ path }) => path);
  const { acls, why } = await askGetfacl(collection, paths);
  const missing = paths.filter((path) => !acls.has(path));
  if (missing.length === 0) return acls;
  const marks = await askLs(collection, missing);
  for (const [path, aclState] of marks) acls.set(path, { aclState });
  const left = missing.filter((path) => !marks.has(path));
  if (left.length > 0) {
    const which = left.length === paths.length ? 'no directory' : `not ${left.slice(0, 20).join(', ')}`;
    note(collection, why.code, 'access control lists', `${which} could be asked: getfacl: ${why.detail}`);
  }
  return acls;
}

async function askGetfacl(collection: Collection, paths: readonly string[]) {
  const acls = new Map<string, Acl>();
  const options = ['--absolute-names', '--numeric', '--'];
  const limits = { timeoutMs: 10_000, maxBytes: 4_194_304 };
  const result = await collection.host.run('getfacl', [...options, ...paths], limits);
  if (!result.ok) return { acls, why: result };
  const { stdout, stderr, exitCode } = result.value;
  if (exitCode !== 0) note(collection, 'UNREADABLE', commandLine('getfacl', options), stderr.trim());
  for (const block of stdout.split(/\n\n+/)) {
    const lines = block.split('\n').filter(Boolean);
    const path = unescaped(lines.find((line) => line.startsWith('# file: '))?.slice('# file: '.length));
    if (path === undefined || !paths.includes(path)) continue;
    const entries = lines.filter((line) => !line.startsWith('# '));
    const text = entries.join('\n');
    // Three entries are the mode itself.
    if (entries.length <= 3) acls.set(path, { aclState: 'NONE' });
    else acls.set(path, text.length > MAX_ACL ? { aclState: 'PRESENT' } : { aclState: 'READ', acl: text });
  }
  return { acls, why: { code: 'UNREADABLE' as const, detail: `exit ${exitCode}: ${stderr.trim().slice(0, 500)}` } };
}

/** getfacl writes blanks and backslashes of names in octal. */
const unescaped = (name: string | undefined): string | undefined =>
  name?.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));

async function askLs(collection: Collection, paths: readonly string[]): Promise<Map<string, 'NONE' | 'PRESENT'>> {
  const marks = new Map<string, 'NONE' | 'PRESENT'>();
  const limits = { timeoutMs: 10_000, maxBytes: 1_048_576 };
  const version = await collection.host.run('ls', ['--version'], limits);
  // Others, such as BusyBox, print no plus sign.
  if (!version.ok || !/\(GNU coreutils\)/.test(version.value.stdout)) return marks;
  const listed = await collection.host.run('ls', ['-ldn', '--quoting-style=literal', '--', ...paths], limits);
  if (!listed.ok) return marks;
  for (const line of listed.value.stdout.split('\n')) {
    const mark = /^d[-rwxsStT]{9}([ .+])/.exec(line)?.[1];
    const path = paths.find((each) => line.endsWith(` ${each}`));
    if (mark !== undefined && path !== undefined) marks.set(path, mark === '+' ? 'PRESENT' : 'NONE');
  }
  return marks;
}
