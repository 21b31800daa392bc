/** Writes the generated part of docs/assay-api.md: `npm run assay-api`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { assayApiPage } from '../test/support/assay-api-page.ts';

const file = new URL('../docs/assay-api.md', import.meta.url);
writeFileSync(file, assayApiPage(readFileSync(file, 'utf8')));
