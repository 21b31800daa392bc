import { createReadStream, mkdirSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReportFiles } from '../../engine/report-files.ts';
import type { Report } from '../../store/reports.ts';

/** `ID.html`, `ID.pdf`, and the same with `.part` while it is being written. Nothing else is ever removed. */
const FILE = /^([0-9a-f]{32})\.(?:html|pdf)(?:\.part)?$/;

/** Where a report's file is. Throws for an id that is none. */
export function reportPath(directory: string, { id, format }: Pick<Report, 'id' | 'format'>): string {
  const name = `${id}.${format.toLowerCase()}`;
  if (!FILE.test(name)) throw new Error('A report has an id that is none');
  return join(directory, name);
}

/** Reports as files of a directory that only its owner can read. */
export function openReportFiles(directory: string): ReportFiles {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const sizeOf = async (report: Pick<Report, 'id' | 'format'>): Promise<number | undefined> => {
    try {
      return (await stat(reportPath(directory, report))).size;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  };
  return {
    exists: async (report) => (await sizeOf(report)) !== undefined,
    open: async (report) => {
      const size = await sizeOf(report);
      return size === undefined ? undefined : { size, stream: createReadStream(reportPath(directory, report)) };
    },
    remove: async (reports) => {
      for (const report of reports) {
        const path = reportPath(directory, report);
        await rm(path, { force: true });
        await rm(`${path}.part`, { force: true });
      }
    },
    sweep: async (ids) => {
      const names = await readdir(directory);
      const known = await ids();
      for (const name of names) {
        const [, id] = FILE.exec(name) ?? [];
        if (id !== undefined && !known.has(id)) await rm(join(directory, name), { force: true });
      }
    },
  };
}
