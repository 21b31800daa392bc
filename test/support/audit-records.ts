import { readFileSync } from 'node:fs';
import { auditDirectory, auditFiles } from '../../packages/server/src/runtime/audit/file-names.ts';

/** Every record on the trail of a data directory, oldest first. */
export const auditRecords = (dataDirectory: string): Record<string, unknown>[] =>
  auditFiles(auditDirectory(dataDirectory)).flatMap(({ path }) =>
    readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>),
  );
