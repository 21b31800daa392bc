import { backup, DatabaseSync } from 'node:sqlite';
import { MoveError } from './move-error.ts';
import type { SnapshotDeps } from './snapshot-deps.ts';

/** Pages that are copied before a signal is looked at: 8 MiB of a store. */
const PAGES = 1024;
const BUSY_TIMEOUT = 5000;

/** See snapshotStore. */
export async function snapshotSqlite(
  file: string,
  target: string,
  { onProgress, signal }: SnapshotDeps,
): Promise<void> {
  const source = new DatabaseSync(file, { readOnly: true, timeout: BUSY_TIMEOUT });
  try {
    // As long as it lasts this handle sees one moment: the copy need not begin anew when somebody else writes.
    source.exec('begin; select 1 from sqlite_schema limit 1');
    await backup(source, target, {
      rate: PAGES,
      progress: ({ totalPages, remainingPages }) => {
        signal.throwIfAborted();
        onProgress(totalPages - remainingPages, totalPages);
      },
    });
  } finally {
    source.close();
  }
  signal.throwIfAborted();
  requireSound(target);
}

/** Throws {@link MoveError} where the pages of a store do not fit together. */
export function requireSound(file: string): void {
  const database = new DatabaseSync(file);
  try {
    // One file, without a log beside it.
    database.exec('pragma journal_mode = delete');
    const result = database.prepare('pragma quick_check(1)').get()?.quick_check;
    if (result !== 'ok') throw new MoveError(`The store is damaged: ${String(result)}. Restore an older backup.`);
  } finally {
    database.close();
  }
}
