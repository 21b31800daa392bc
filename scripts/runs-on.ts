import { readFileSync } from 'node:fs';

/** The newest that RHEL 8 has of what an executable may ask its libraries for; Debian 11 and all later ones have more. */
const NEWEST: Readonly<Record<string, string>> = { GLIBC: '2.28', GLIBCXX: '3.4.25', CXXABI: '1.3.11' };
/** Libraries that a minimal installation lacks. */
const ABSENT = ['libatomic.so.1'];

/**
 * What an executable needs that the oldest systems which the agent is for do not have, such as `GLIBC_2.34`: read from the
 * names in its dynamic string table, which stand between zero bytes.
 */
export function neededBeyond(executable: Uint8Array): string[] {
  const text = Buffer.from(executable.buffer, executable.byteOffset, executable.byteLength).toString('latin1');
  const versions = [...text.matchAll(/\0(GLIBC|GLIBCXX|CXXABI)_(\d+(?:\.\d+)*)(?=\0)/g)].filter(
    ([, library = '', version = '']) => isNewer(version, NEWEST[library] ?? ''),
  );
  const needed = versions.map(([, library, version]) => `${library}_${version}`);
  return [...new Set([...needed, ...ABSENT.filter((name) => text.includes(`\0${name}\0`))])];
}

/** Throws where a file needs more than {@link neededBeyond} allows. */
export function requireRunsOnOldest(file: string): void {
  const beyond = neededBeyond(readFileSync(file));
  if (beyond.length > 0) throw new Error(`${file} does not run on RHEL 8 and Debian 11: it needs ${beyond.join(', ')}`);
}

function isNewer(version: string, than: string): boolean {
  const [one, other] = [version, than].map((each) => each.split('.').map(Number));
  const at = one?.findIndex((number, index) => number !== (other?.[index] ?? 0)) ?? -1;
  return at !== -1 && (one?.[at] ?? 0) > (other?.[at] ?? 0);
}
