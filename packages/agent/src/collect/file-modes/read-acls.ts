import { bounded, type Collection, commandLine, note } from '../../collection.ts';

/**
 * Path → the access control entries of those directories that have more than a mode, one a line. Empty without
 * getfacl, which is no limitation: whatever an entry grants shows in the mode's group bits.
 */
export async function readAcls(
  collection: Collection,
  directories: readonly { readonly path: string }[],
): Promise<ReadonlyMap<string, string>> {
  const acls = new Map<string, string>();
  if (directories.length === 0) return acls;
  const options = ['--skip-base', '--absolute-names', '--numeric', '--'];
  const args = [...options, ...directories.map(({ path }) => path)];
  const result = await collection.host.run('getfacl', args, { timeoutMs: 10_000, maxBytes: 1_048_576 });
  const subject = commandLine('getfacl', options);
  if (!result.ok) {
    if (result.code !== 'NOT_PRESENT') note(collection, result.code, subject, result.detail);
    return acls;
  }
  if (result.value.exitCode !== 0) note(collection, 'UNREADABLE', subject, result.value.stderr.trim());
  for (const block of result.value.stdout.split(/\n\n+/)) {
    const lines = block.split('\n').filter(Boolean);
    const path = lines.find((line) => line.startsWith('# file: '))?.slice('# file: '.length);
    const entries = lines.filter((line) => !line.startsWith('# ')).join('\n');
    if (path !== undefined && entries) acls.set(path, bounded(entries, 4096));
  }
  return acls;
}
