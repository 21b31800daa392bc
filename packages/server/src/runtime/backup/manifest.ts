import { parseBoundedJson } from '@assay/model/bounded-json.ts';

/** What a backup says of itself. It is the last file in it, so that a backup that was cut short has none. */
export interface BackupManifest {
  readonly format: typeof FORMAT;
  /** Of the format. */
  readonly version: typeof VERSION;
  /** The Assay that wrote it. */
  readonly assay: string;
  /** When it was begun: ISO 8601, UTC. */
  readonly createdAt: string;
  /** What kept the store. */
  readonly from: 'SQLite' | 'PostgreSQL';
  readonly files: readonly BackedUpFile[];
}

export interface BackedUpFile {
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** Hex. */
  readonly sha256: string;
}

export const FORMAT = 'assay-backup';
export const VERSION = 1;

/** Names in a backup. */
export const MANIFEST = 'manifest.json';
export const STORE = 'assay.db';
export const KEY = 'master.key';
export const AUDIT = 'audit/';

/** A text as long as a manifest can be: ten thousand files of the audit trail. */
export const LONGEST_MANIFEST = 4 * 1024 * 1024;
const BOUNDS = { depth: 4, values: 100_000 };

/** Undefined for what is no manifest. Of a newer format only that is known. */
export function parseManifest(bytes: Uint8Array): BackupManifest | 'NEWER' | undefined {
  let value: unknown;
  try {
    value = parseBoundedJson(bytes, BOUNDS);
  } catch {
    return undefined;
  }
  if (!isRecord(value) || value.format !== FORMAT) return undefined;
  if (typeof value.version === 'number' && value.version > VERSION) return 'NEWER';
  const { assay, createdAt, from, files } = value;
  if (typeof assay !== 'string' || typeof createdAt !== 'string' || !Array.isArray(files)) return undefined;
  if (from !== 'SQLite' && from !== 'PostgreSQL') return undefined;
  if (!files.every(isFile)) return undefined;
  return { format: FORMAT, version: VERSION, assay, createdAt, from, files };
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isFile = (value: unknown): value is BackedUpFile =>
  isRecord(value) &&
  typeof value.name === 'string' &&
  Number.isSafeInteger(value.size) &&
  typeof value.sha256 === 'string';
