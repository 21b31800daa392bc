import { createHash } from 'node:crypto';
import type { Limitation, Source } from '@assay/model/evidence/document.ts';
import { readRegularFile } from './host/read-regular-file.ts';
import type { CommandLimits, CommandOutput, Host, Refusal } from './host.ts';
import type { ScapContent } from './scap-content.ts';

const MAX_ENTRIES = 2000;
const MAX_SUBJECT = 1024;
/** Of a text file that is itself evidence; data bases and /proc have their own bounds. */
export const MAX_CONFIG_BYTES = 262_144;

/** One document in the making: what was read so far, and what could not be. */
export interface Collection {
  readonly host: Host;
  readonly sources: Source[];
  readonly limitations: Limitation[];
  /** Absent where there is no server to have it from. */
  readonly scapContent?: ScapContent;
}

export const startCollection = (host: Host, scapContent?: ScapContent): Collection => ({
  host,
  sources: [],
  limitations: [],
  ...(scapContent && { scapContent }),
});

/** `text` as the shapes take it: well-formed, without NUL, at most `max` characters. */
export const bounded = (text: string, max: number): string =>
  text.slice(0, max).toWellFormed().replaceAll('\0', '\ufffd');

export function note(collection: Collection, code: Limitation['code'], subject: string, detail: string): void {
  const { limitations } = collection;
  if (limitations.length >= MAX_ENTRIES) return;
  limitations.push(
    limitations.length === MAX_ENTRIES - 1
      ? { code: 'TOO_LARGE', subject: 'limitations', detail: `more than ${MAX_ENTRIES}; the rest is not listed` }
      : { code, subject: bounded(subject, MAX_SUBJECT) || '(empty)', detail: bounded(detail, 2000) },
  );
}

export const noteRefusal = (collection: Collection, subject: string, { code, detail }: Refusal): void =>
  note(collection, code, subject, detail);

/** Cuts `text` to `max` characters and says so; `subject` names what was cut. */
export function fit(collection: Collection, text: string, max: number, subject: string): string {
  if (text.length > max) note(collection, 'TOO_LARGE', subject, `cut to ${max} of ${text.length} characters`);
  return bounded(text, max);
}

/** The first `max` elements; says so where there are more. */
export function fitList<T>(collection: Collection, list: readonly T[], max: number, subject: string): T[] {
  if (list.length > max) note(collection, 'TOO_LARGE', subject, `the first ${max} of ${list.length} are listed`);
  return list.slice(0, max);
}

/** Adds a source once; `bytes` are those that were read, absent where a digest would mean nothing or tell too much. */
export function recordSource(collection: Collection, path: string, bytes?: Buffer | string): void {
  const entry = { path: bounded(path, MAX_SUBJECT) };
  addSource(
    collection,
    bytes === undefined ? entry : { ...entry, sha256: createHash('sha256').update(bytes).digest('hex') },
  );
}

export function addSource(collection: Collection, added: Source): void {
  const { sources } = collection;
  if (sources.some((source) => source.path === added.path)) return;
  if (sources.length >= MAX_ENTRIES) {
    if (!collection.limitations.some(({ subject }) => subject === 'sources')) {
      note(collection, 'TOO_LARGE', 'sources', `more than ${MAX_ENTRIES}; the rest is not listed`);
    }
    return;
  }
  sources.push(added);
}

export interface ReadOptions {
  /** Default {@link MAX_CONFIG_BYTES}. */
  readonly maxBytes?: number;
  /** True where its absence is nothing worth a limitation. */
  readonly optional?: boolean;
  /** False keeps the file's digest out of the document. */
  readonly digest?: boolean;
  /** What may leave the host of the text. Where that is less than all, the digest stays out too: it could be guessed back. */
  readonly reduce?: (text: string) => string;
}

/** A regular file as text (bytes that are not UTF-8 become U+FFFD), or undefined and a limitation. */
export async function readText(
  collection: Collection,
  path: string,
  { maxBytes = MAX_CONFIG_BYTES, optional = false, digest = true, reduce = (text) => text }: ReadOptions = {},
): Promise<string | undefined> {
  const read = await readRegularFile(collection.host, path, maxBytes);
  if (!read.ok) {
    if (!(optional && read.code === 'NOT_PRESENT')) noteRefusal(collection, path, read);
    return undefined;
  }
  const text = read.value.toString('utf8');
  const kept = reduce(text);
  recordSource(collection, path, digest && kept === text ? read.value : undefined);
  return kept;
}

/** Runs a command; a refusal becomes a limitation unless its code is one of `quiet`. */
export async function runTool(
  collection: Collection,
  command: string,
  args: readonly string[],
  { quiet = [], ...limits }: Partial<CommandLimits> & { readonly quiet?: readonly Limitation['code'][] } = {},
): Promise<CommandOutput | undefined> {
  const result = await collection.host.run(command, args, { timeoutMs: 10_000, maxBytes: 1_048_576, ...limits });
  if (result.ok) return result.value;
  if (!quiet.includes(result.code)) noteRefusal(collection, commandLine(command, args), result);
  return undefined;
}

export const commandLine = (command: string, args: readonly string[]): string => [command, ...args].join(' ');
