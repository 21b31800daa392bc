import { closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { Presence } from './presence.ts';

/**
 * A lock beside the store's file, held from the first time that this process was alone for as long as it lives: the
 * system lets go of it however the process ends.
 */
export function createSqlitePresence(file: string): Presence {
  let held: DatabaseSync | undefined;
  return {
    alone: async () => {
      held ??= lock(`${file}-server`);
      return held !== undefined;
    },
    stay: async () => undefined,
    release: async () => held?.close(),
  };
}

function lock(file: string): DatabaseSync | undefined {
  // SQLite would let everybody read it.
  closeSync(openSync(file, 'a', 0o600));
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    database.exec('begin exclusive');
    return database;
  } catch {
    database.close();
    return undefined;
  }
}
