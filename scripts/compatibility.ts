/** Writes the generated parts of docs/compatibility.md: `npm run compatibility`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { compatibilityPage } from '../test/support/conformance/compatibility-page.ts';

const file = new URL('../docs/compatibility.md', import.meta.url);
writeFileSync(file, compatibilityPage(readFileSync(file, 'utf8')));
