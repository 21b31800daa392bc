import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const shared = resolve(import.meta.dirname, '../../..', process.env.ASSAY_TEST_DATA ?? '../shared');

/** The real data that accuracy is measured with: hosts/, osv/ and oracle/. It is no part of the repository. */
export const sharedData = join(shared, 'data');

/** Programs beside it that write the same data as the reference tools take it. */
export const sharedTools = join(shared, 'tools');

/** What is said where it is not there. */
export const withoutData: string | undefined = existsSync(join(sharedData, 'oracle'))
  ? undefined
  : `${sharedData} is not there (ASSAY_TEST_DATA names the folder that has data/ in it)`;
