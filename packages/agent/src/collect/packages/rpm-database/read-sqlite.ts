import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';

const MAX_PACKAGES = 50_000;

/**
 * The headers of rpmdb.sqlite (Fedora, RHEL from 9). Opened as it lies on the disk: nothing is written, and no other process
 * is waited for. What another process has not yet moved out of its log is not in it.
 */
export function* readSqlite(path: string): Generator<Buffer> {
  const url = pathToFileURL(path);
  url.searchParams.set('immutable', '1');
  const database = new DatabaseSync(url, { readOnly: true, enableForeignKeyConstraints: false });
  try {
    database.exec('PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON');
    const kind = database.prepare("SELECT type, sql FROM sqlite_schema WHERE name = 'Packages'").get();
    // A view could be made to run without end.
    if (kind?.type !== 'table' || !/^\s*CREATE\s+TABLE\b/i.test(String(kind.sql))) {
      throw new RangeError('not a data base of rpm (sqlite)');
    }
    for (const { blob } of database.prepare(`SELECT blob FROM Packages LIMIT ${MAX_PACKAGES + 1}`).iterate()) {
      if (!(blob instanceof Uint8Array)) throw new RangeError('a header that is no bytes');
      yield Buffer.from(blob.buffer, blob.byteOffset, blob.byteLength);
    }
  } finally {
    database.close();
  }
}
