import { copyFileSync, statSync } from 'node:fs';
import { commitsBehindEnd } from '../store/database/log-behind-end.ts';
import type { StoreLocation } from '../store/database/store-location.ts';
import type { Store } from '../store/store.ts';
import { auditDirectory, auditFiles } from './audit/file-names.ts';

type Report = (message: string) => void;

/**
 * Says so where the log of an embedded store has changes that cannot be read, and keeps a copy of it: opening the store for
 * writing begins the log anew. Call it before the store is opened. `now` in milliseconds since the epoch names the copy.
 */
export function checkStoreLog(location: StoreLocation, now: number, report: Report): void {
  if (!('file' in location)) return;
  let lost = 0;
  try {
    lost = commitsBehindEnd(location.file);
  } catch {
    // What keeps the file from being read is said by who opens it next.
  }
  if (lost === 0) return;
  const log = `${location.file}-wal`;
  const copy = `${log}.damaged-${new Date(now).toISOString().replaceAll(/[:.]/g, '-')}`;
  copyFileSync(log, copy);
  report(
    `The store's log ${log} is damaged: ${lost} changes behind the damage cannot be read, and the store is as it was before them. ` +
      `A copy of the log is in ${copy}; compare with a backup.`,
  );
}

/** Says so where a store is new beside an audit trail that is not: its file was emptied, or its volume is not mounted. */
export async function checkStoreHistory(
  store: Pick<Store, 'accessKeys'>,
  { path, place }: { readonly path: string; readonly place: string },
  report: Report,
): Promise<void> {
  if ((await store.accessKeys.list()).length > 0) return;
  const directory = auditDirectory(path);
  const trail = auditFiles(directory).filter((file) => (statSync(file.path, { throwIfNoEntry: false })?.size ?? 0) > 0);
  const last = trail.at(-1);
  if (!last) return;
  report(
    `The store ${place} is empty, but ${directory} has an audit trail up to ${last.day}: this is not the store that the trail is of. ` +
      'Is its volume mounted, is the database the right one? Restore a backup, or move the trail away to begin anew.',
  );
}
