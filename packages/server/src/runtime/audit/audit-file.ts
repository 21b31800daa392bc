import { closeSync, fchmodSync, fstatSync, fsync, fsyncSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { makeDirectory } from '@assay/agent/make-directory.ts';
import { DAY } from '../../domain/durations.ts';
import type { AuditSink } from '../../wire/audit-trail.ts';
import { type AuditFile, auditFile, auditFiles } from './file-names.ts';

export interface AuditFileOptions {
  readonly directory: string;
  /** Days that files are kept after theirs. */
  readonly days: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly report: (message: string, error: unknown) => void;
  /** Told of a record that is given up. */
  readonly onLost: () => void;
  /** A file that is larger is followed by another. */
  readonly maxBytes?: number;
  readonly write?: (file: number, bytes: Uint8Array) => number;
}

/** A trail of files that are written as records come. */
export interface AuditFileSink extends AuditSink {
  /** Writes what can be written, and closes. */
  readonly close: () => void;
}

/** Records written since the last time are forced to the disk this often, in milliseconds. */
const SYNC_EVERY = 1000;
/** Bytes of records that are kept while they cannot be written. */
const MAX_PENDING = 4 * 1024 * 1024;
const NEWLINE = 10;

/**
 * Appends records to `audit-YYYY-MM-DD.jsonl`, then `….2.jsonl` and so on, mode 0600, and deletes files of days that are
 * over. A record is with the operating system when `append` returns, so a process that is killed loses none; a machine
 * that loses its power loses at most the last second. While nothing can be written, records wait in memory, and it is
 * tried again with each of them and whenever `ready` is asked. Throws at the start where the directory cannot be written.
 */
export function openAuditFile(options: AuditFileOptions): AuditFileSink {
  const { directory, days, now, report, onLost, maxBytes = 64 * 1024 * 1024, write = writeSync } = options;
  let file: AuditFile | undefined;
  let handle = -1;
  let size = 0;
  /** When the day of `file` is over. */
  let dayEnds = 0;
  /** Lines that are to be written, after what is left of one that is on the file in part. */
  let pending: string[] = [];
  let torn: Buffer | undefined;
  let pendingBytes = 0;
  let failing = false;
  let lost = 0;
  let syncing: NodeJS.Timeout | undefined;

  const open = (): void => {
    const time = now();
    const day = dayOf(time);
    const last = auditFiles(directory).findLast((each) => each.day === day);
    const full = last !== undefined && last.part === file?.part && last.day === file.day && size >= maxBytes;
    const next = auditFile(directory, day, (last?.part ?? 1) + (full ? 1 : 0));
    const opened = openSync(next.path, 'a+', 0o600);
    if (handle >= 0) retire(handle);
    handle = opened;
    fchmodSync(handle, 0o600);
    size = fstatSync(handle).size;
    // A line that was cut off when a machine died must not swallow the next.
    if (size > 0 && !endsLine(handle, size)) size += writeSync(handle, '\n');
    if (file?.day !== day) forget(directory, dayOf(time - days * DAY));
    file = next;
    dayEnds = Date.parse(day) + DAY;
  };

  const flush = (): boolean => {
    try {
      if (handle < 0 || (!torn && (size >= maxBytes || now() >= dayEnds))) open();
      while (torn || pending.length > 0) {
        const lines = Buffer.from(pending.join(''));
        const bytes = torn ? Buffer.concat([torn, lines]) : lines;
        const written = write(handle, bytes);
        size += written;
        pendingBytes -= written;
        if (written === bytes.length) {
          pending = [];
          torn = undefined;
        } else cutOff(written);
      }
    } catch (error) {
      if (!failing) report('The audit trail cannot be written; operations that change something are refused', error);
      failing = true;
      return false;
    }
    if (failing) report('The audit trail is written again', `${lost} records of the time between are lost`);
    failing = false;
    lost = 0;
    syncing ??= setTimeout(sync, SYNC_EVERY).unref();
    return true;
  };

  /** A disk that is nearly full takes a part: the rest of its last line is the next to be written. */
  const cutOff = (written: number): void => {
    let rest = written;
    if (torn && rest < torn.length) {
      torn = torn.subarray(rest);
      return;
    }
    rest -= torn?.length ?? 0;
    torn = undefined;
    let whole = 0;
    for (const line of pending) {
      const length = Buffer.byteLength(line);
      if (rest < length) {
        if (rest > 0) torn = Buffer.from(line).subarray(rest);
        break;
      }
      rest -= length;
      whole += 1;
    }
    pending.splice(0, torn ? whole + 1 : whole);
  };

  const sync = (): void => {
    syncing = undefined;
    fsync(handle, syncFailed);
  };
  const syncFailed = (error: NodeJS.ErrnoException | null): void => {
    // A file that was closed meanwhile was on the disk by then.
    if (error && error.code !== 'EBADF') report('The audit trail could not be forced to the disk', error);
  };
  /** Closes a file that another follows, when what was written to it is on the disk: requests do not wait for that. */
  const retire = (old: number): void =>
    fsync(old, (error) => {
      syncFailed(error);
      closeSync(old);
    });

  makeDirectory(directory);
  open();
  return {
    append: (...records) => {
      for (const record of records) {
        const line = `${record}\n`;
        const length = Buffer.byteLength(line);
        if (pendingBytes + length > MAX_PENDING && !flush()) {
          lost += 1;
          onLost();
          continue;
        }
        pending.push(line);
        pendingBytes += length;
      }
      flush();
    },
    ready: () => !failing || flush(),
    close: () => {
      if (torn || pending.length > 0) flush();
      for (const _ of torn ? [torn, ...pending] : pending) onLost();
      pending = [];
      clearTimeout(syncing);
      try {
        fsyncSync(handle);
      } catch (error) {
        syncFailed(error as NodeJS.ErrnoException);
      }
      closeSync(handle);
    },
  };
}

const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

function endsLine(handle: number, size: number): boolean {
  const last = Buffer.alloc(1);
  readSync(handle, last, 0, 1, size - 1);
  return last[0] === NEWLINE;
}

function forget(directory: string, before: string): void {
  for (const { day, path } of auditFiles(directory)) if (day < before) rmSync(path, { force: true });
}
