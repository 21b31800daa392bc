import { AsyncLocalStorage } from 'node:async_hooks';
import { StatementSync } from 'node:sqlite';
import { Client, Pool } from 'pg';
import { vi } from 'vitest';
import { LogOnDisk } from '../../packages/server/src/store/database/log-on-disk.ts';

type Method = (this: unknown, ...parameters: unknown[]) => unknown;

/**
 * Calls `before` ahead of every statement that stores of this process run, beginnings and ends of transactions among them,
 * until `vi.restoreAllMocks()`. What it throws is thrown in place of the statement.
 */
export function beforeStatements(before: () => void): void {
  const watch = (owner: object, method: string): void => {
    const original = Reflect.get(owner, method) as Method;
    vi.spyOn(owner as Record<string, Method>, method).mockImplementation(function (this: unknown, ...parameters) {
      before();
      return Reflect.apply(original, this, parameters);
    });
  };
  for (const method of ['all', 'get', 'run', 'iterate']) watch(StatementSync.prototype, method);
  watch(Client.prototype, 'query');
}

/**
 * Tells whether a statement of a store of this process, or a connection for one, is waited for. One of SQLite never is: it
 * is done when it returns, and its disk is here one that takes everything at once. Until `vi.restoreAllMocks()`.
 */
export function watchWaiting(): () => boolean {
  vi.spyOn(LogOnDisk.prototype, 'committed').mockResolvedValue();
  let waiting = 0;
  const watch = (owner: object, method: string): void => {
    const original = Reflect.get(owner, method) as Method;
    vi.spyOn(owner as Record<string, Method>, method).mockImplementation(function (this: unknown, ...parameters) {
      const result = Reflect.apply(original, this, parameters);
      if (!(result instanceof Promise)) return result;
      waiting++;
      return result.finally(() => waiting--);
    });
  };
  watch(Client.prototype, 'query');
  watch(Client.prototype, 'connect');
  watch(Pool.prototype, 'connect');
  return () => waiting > 0;
}

/** How many statements `work` takes, and what it calls: those of another server that is open here do not count. */
export async function countStatements(work: () => Promise<unknown>): Promise<number> {
  let count = 0;
  const inWork = new AsyncLocalStorage<true>();
  beforeStatements(() => {
    if (inWork.getStore()) count++;
  });
  try {
    await inWork.run(true, work);
    return count;
  } finally {
    vi.restoreAllMocks();
  }
}
