import { join } from 'node:path';

/** What people start, an argument of Node's. */
export const assayProgram = join(import.meta.dirname, '../../packages/server/bin/assay.mjs');
