import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

const HEADER = 32;
const FRAME_HEADER = 24;

/**
 * How many commits lie in the write-ahead log behind the place where SQLite stops reading it: after a frame that is damaged,
 * SQLite takes what follows for old. Call it before the file is opened for writing, which begins the log anew. 0 where there is
 * no log. Source: https://www.sqlite.org/fileformat2.html#the_write_ahead_log
 */
export function commitsBehindEnd(file: string): number {
  let log: number;
  try {
    log = openSync(`${file}-wal`, 'r');
  } catch {
    return 0;
  }
  try {
    const header = Buffer.alloc(HEADER);
    if (readSync(log, header, 0, HEADER, 0) < HEADER) return 0;
    const frameSize = header.readUInt32BE(8) + FRAME_HEADER;
    const frames = Math.floor((fstatSync(log).size - HEADER) / frameSize);
    let lost = 0;
    const frame = Buffer.alloc(FRAME_HEADER);
    for (let at = framesRead(file); at < frames; at++) {
      readSync(log, frame, 0, FRAME_HEADER, HEADER + at * frameSize);
      // Frames of an earlier round of the log have other salts; the last frame of a commit has the size of the file.
      const isOfThisRound = frame.subarray(8, 16).equals(header.subarray(16, 24));
      if (isOfThisRound && frame.readUInt32BE(4) > 0) lost++;
    }
    return lost;
  } finally {
    closeSync(log);
  }
}

/** The frames that SQLite finds in order. */
function framesRead(file: string): number {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    database.exec('select 1 from sqlite_schema limit 1');
    return Number(database.prepare('pragma wal_checkpoint(noop)').get()?.log ?? 0);
  } finally {
    database.close();
  }
}
