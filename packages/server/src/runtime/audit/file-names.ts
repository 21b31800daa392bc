import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** A file of the audit trail: of a day in UTC, and the how manieth of it. */
export interface AuditFile {
  readonly path: string;
  /** YYYY-MM-DD. */
  readonly day: string;
  /** From 1. */
  readonly part: number;
}

const NAME = /^audit-(\d{4}-\d{2}-\d{2})(?:\.([1-9]\d{0,8}))?\.jsonl$/;

/** Whether a file of a trail can have this name. */
export const isAuditFileName = (name: string): boolean => NAME.test(name);

/** Where a server keeps its audit trail, below its data directory. */
export const auditDirectory = (dataDirectory: string): string => join(dataDirectory, 'audit');

export const auditFile = (directory: string, day: string, part: number): AuditFile => ({
  path: join(directory, `audit-${day}${part === 1 ? '' : `.${part}`}.jsonl`),
  day,
  part,
});

/** The files of a trail, oldest first. A directory that is not there has none. */
export function auditFiles(directory: string): AuditFile[] {
  let names: string[];
  try {
    names = readdirSync(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  return names
    .flatMap((name) => {
      const [, day, part = '1'] = NAME.exec(name) ?? [];
      return day === undefined ? [] : [auditFile(directory, day, Number(part))];
    })
    .toSorted((a, b) => (a.day === b.day ? a.part - b.part : a.day < b.day ? -1 : 1));
}
