// Takes the log of an embedded store into its file, as far as nobody reads from it, and ends: started by
// keep-log-short.ts, with the file's name as workerData.
import { DatabaseSync } from 'node:sqlite';
import { workerData } from 'node:worker_threads';

const database = new DatabaseSync(workerData as string);
// Passive: it waits for nobody, and nobody waits for it.
database.exec('pragma wal_checkpoint(passive)');
database.close();
