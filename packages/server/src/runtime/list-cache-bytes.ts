import { totalmem } from 'node:os';

const LEAST = 64 * 1024 * 1024;
const MOST = 1024 * 1024 * 1024;

/**
 * How much of its lists a server keeps in memory, in bytes: an eighth of what the machine has, or the container may use;
 * at least 64 MiB, at most 1 GiB.
 */
export function listCacheBytes(): number {
  const allowed = process.constrainedMemory() || Number.POSITIVE_INFINITY;
  return Math.max(LEAST, Math.min(MOST, Math.floor(Math.min(totalmem(), allowed) / 8)));
}
