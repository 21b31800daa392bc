import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { type Line, readLines } from '../../engine/history/import/read-lines.ts';
import { type AuditFile, auditFiles } from './file-names.ts';

/** A record of the trail, and the line that it is. */
export interface TrailRecord {
  readonly text: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly operation: string;
  readonly accessKeyId: string | undefined;
  readonly account: string | undefined;
  readonly address: string | undefined;
  readonly errorCode: string | undefined;
  readonly errorMessage: string | undefined;
  /** Calls like this one before it that have no record. */
  readonly leftOut: number;
}

/** What a line holds: a record, or why it is none (`cut` when its end was never written). */
export type TrailEntry = TrailRecord | { readonly fault: string; readonly cut: boolean };

/** How far a trail has been read. */
export interface TrailPosition {
  file: AuditFile | undefined;
  /** Bytes of the file up to the end of its last whole line. */
  bytes: number;
  lines: number;
}

const NEWLINE = 10;

/**
 * The entries of a trail from a position on, which moves as they are read. Files of days before `since` or after `until`
 * (YYYY-MM-DD) are not opened. With `growing`, a line at the very end that has no line break yet is left for the next
 * time. No more than one chunk and one line of a file is in memory.
 */
export async function* readTrail(
  directory: string,
  position: TrailPosition,
  { since = '', until = '9999', growing }: { since?: string; until?: string; growing: boolean },
): AsyncGenerator<readonly TrailEntry[]> {
  const files = auditFiles(directory).filter(
    (file) => file.day >= since && file.day <= until && (!position.file || isAfter(file, position.file) >= 0),
  );
  for (const [index, file] of files.entries()) {
    if (!position.file || isAfter(file, position.file) > 0) Object.assign(position, { file, bytes: 0, lines: 0 });
    yield* readOne(file, position, growing && index === files.length - 1);
  }
}

async function* readOne(
  { path }: AuditFile,
  position: TrailPosition,
  growing: boolean,
): AsyncGenerator<readonly TrailEntry[]> {
  const name = basename(path);
  const from = position.lines;
  let read = position.bytes;
  const chunks = async function* (): AsyncGenerator<Buffer> {
    for await (const chunk of createReadStream(path, { start: position.bytes })) {
      const bytes = chunk as Buffer;
      const last = bytes.lastIndexOf(NEWLINE);
      if (last >= 0) position.bytes = read + last + 1;
      read += bytes.length;
      yield bytes;
    }
  };
  const entries = (lines: readonly Line[]): TrailEntry[] => {
    position.lines += lines.length;
    return lines.map((line) => {
      const place = `${name} line ${from + line.number}`;
      if ('fault' in line) return { fault: `${place} ${line.fault}`, cut: false };
      return parseRecord(line.text) ?? { fault: `${place} is not an audit record`, cut: false };
    });
  };

  let held: readonly Line[] | undefined;
  for await (const lines of readLines(chunks())) {
    if (held) yield entries(held);
    held = lines;
  }
  if (!held) return;
  if (read === position.bytes) return yield entries(held);
  // The last line has no end.
  const whole = entries(held.slice(0, -1));
  yield growing ? whole : [...whole, { fault: `${name} line ${position.lines + 1} is cut off`, cut: true }];
}

const isAfter = (a: AuditFile, b: AuditFile): number => (a.day === b.day ? a.part - b.part : a.day > b.day ? 1 : -1);

function parseRecord(text: string): TrailRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const record = asObject(value);
  const identity = asObject(record.userIdentity);
  const time = Date.parse(asText(record.eventTime) ?? '');
  const operation = asText(record.eventName);
  if (Number.isNaN(time) || operation === undefined) return undefined;
  const { similarCallsNotRecorded: leftOut } = asObject(record.additionalEventData);
  return {
    text,
    time,
    operation,
    accessKeyId: asText(identity.accessKeyId),
    account: asText(record.recipientAccountId),
    address: asText(record.sourceIPAddress),
    errorCode: asText(record.errorCode),
    errorMessage: asText(record.errorMessage),
    leftOut: typeof leftOut === 'number' ? leftOut : 0,
  };
}

const asObject = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
const asText = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
