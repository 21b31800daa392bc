import { DatabaseSync } from 'node:sqlite';

/**
 * Holds a lock beside the store's file for as long as this process lives: the system lets go of it however the process
 * ends, so whoever holds it knows that no other server works on this store. Undefined while another one holds it.
 */
export function lockAsSoleServer(file: string): { readonly release: () => void } | undefined {
  const lock = new DatabaseSync(`${file}-server`, { timeout: 0 });
  try {
    lock.exec('begin exclusive');
  } catch {
    lock.close();
    return undefined;
  }
  return { release: () => lock.close() };
}
