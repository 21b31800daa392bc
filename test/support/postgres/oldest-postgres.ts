import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Where Debian and Ubuntu install each version of PostgreSQL. */
const INSTALLED = '/usr/lib/postgresql';
/** The oldest that Assay supports: docs/scaling.md. */
const OLDEST = 15;
/** The one that npm brings, which all other tests use. */
const USUAL = 18;

/** The folder of programs of the oldest PostgreSQL of this system that Assay supports, if it is older than the usual one. */
export function oldestPostgres(installed = INSTALLED): string | undefined {
  const versions = existsSync(installed) ? readdirSync(installed).map(Number) : [];
  const [oldest] = versions.filter((version) => version >= OLDEST && version < USUAL).sort((a, b) => a - b);
  if (oldest === undefined) return undefined;
  const bin = join(installed, String(oldest), 'bin');
  return existsSync(join(bin, 'initdb')) ? bin : undefined;
}
