/** The real data that accuracy is measured with. It is not part of the repository; docs/tests.md says what needs it. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const folder = resolve(import.meta.dirname, '../..', process.env.ASSAY_TEST_DATA || '../shared');

/** hosts/, osv/, oracle/ and so on. */
export const sharedData = join(folder, 'data');

/** Programs beside it that write the same data as the reference tools take it. */
export const sharedTools = join(folder, 'tools');

/** A file or folder of the data folder: `data/cvss/cvss.csv.gz`, and why it cannot be read, where it is not there. */
export function sharedFile(path: string): { readonly file: string; readonly absent: string | undefined } {
  const file = join(folder, path);
  const absent = existsSync(file)
    ? undefined
    : `${file} is not there; ASSAY_TEST_DATA names the folder that has data/ in it`;
  return { file, absent };
}

/** Why accuracy on real hosts cannot be measured; undefined where it can. */
export const withoutData: string | undefined = sharedFile('data/oracle').absent;

/** What the name of a test says beside what it tests: nothing where it runs. */
export const skipNote = (absent: string | undefined): string => (absent === undefined ? '' : ` (SKIPPED: ${absent})`);

/** Throws when ASSAY_TEST_DATA names a folder that cannot be meant: its tests would be skipped, and nobody would notice. */
export function checkSharedData(): void {
  if (process.env.ASSAY_TEST_DATA && !existsSync(sharedData)) {
    throw new Error(`ASSAY_TEST_DATA is ${folder}, which has no data/ in it: name the folder above data/`);
  }
}
