import { isUnavailable } from '../store/unavailable.ts';
import { CliError } from './cli-error.ts';

/** The database that `--database-url` or ASSAY_DATABASE_URL names; undefined for the embedded store. Throws {@link CliError}. */
export function databaseUrlOf(option: string | undefined): string | undefined {
  const text = option ?? process.env.ASSAY_DATABASE_URL;
  if (text === undefined || text === '') return undefined;
  // The text may hold a password: it is never shown as it is.
  if (!URL.canParse(text)) throw new CliError(`The database URL is not one. It looks like ${EXAMPLE}.`);
  const { protocol } = new URL(text);
  if (protocol !== 'postgres:' && protocol !== 'postgresql:') {
    throw new CliError(`The database URL begins with ${protocol}//, but only PostgreSQL is known: ${EXAMPLE}.`);
  }
  return text;
}

const EXAMPLE = 'postgres://assay@db.example.com/assay';

/** A database URL without what is secret in it. */
export function shownDatabaseUrl(text: string): string {
  const url = new URL(text);
  const user = url.username === '' ? '' : `${url.username}@`;
  return `${url.protocol}//${user}${url.host}${url.pathname}`;
}

/** What to do when a database cannot be opened; what is not about that is given back as it is. */
export function explainDatabaseError(error: unknown, url: string): unknown {
  const { code, message } = error as { readonly code?: string; readonly message?: string };
  const cause = code === undefined ? undefined : causes[code];
  if (cause === undefined && !isUnavailable(error)) return error;
  // Where both addresses of a name refuse, the error has no message of its own.
  const what = cause ?? (message || code || 'it does not answer');
  return new CliError(
    `The database ${shownDatabaseUrl(url)} cannot be opened: ${what}. Does it run, and is --database-url right?`,
  );
}

const causes: Readonly<Record<string, string>> = {
  '28000': 'the user may not log in',
  '28P01': 'the password is wrong (PGPASSWORD and ~/.pgpass are read, too)',
  '3D000': 'there is no database of this name; make it with createdb',
  '42501': 'the user may not make tables in it; give it a database of its own',
};
