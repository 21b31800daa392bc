const SERIALIZATION_FAILURE = '40001';
const DEADLOCK = '40P01';
const UNIQUE_VIOLATION = '23505';

/** A row that two transactions looked for, did not find and added: one that is run again finds it, at the second look at the latest. */
const UNIQUE_ATTEMPTS = 5;

/** The transaction met another one and left nothing: run again from its beginning it can succeed. */
export const isConflict = (error: unknown, attempt: number): boolean => {
  const code = codeOf(error);
  return (
    code === SERIALIZATION_FAILURE || code === DEADLOCK || (code === UNIQUE_VIOLATION && attempt < UNIQUE_ATTEMPTS)
  );
};

/**
 * SQLSTATE classes and codes of a database that cannot be had just now, or that others hold: connection (08), rolled
 * back for another (40), out of resources (53), somebody's intervention such as a restart (57), a read-only standby
 * after a failover (25006), a lock that was waited for long enough (55P03).
 */
const UNAVAILABLE = /^(?:08...|40...|53...|57...|25006|55P03)$/;
/** Of sockets, and of names that are looked up. */
const SYSTEM = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
/** What the driver says, without a code, of connections that ended or were not given in time. */
const MESSAGES =
  /^(?:Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed|Query read timeout|Postgres connection has been discarded)/;

/** The database was not there, or too busy: nothing is wrong with the request, and trying again can succeed. */
export const isDatabaseAway = (error: unknown): boolean => {
  const code = codeOf(error);
  // A socket of the file system that is not there yet.
  if (code === 'ENOENT') return (error as NodeJS.ErrnoException).syscall === 'connect';
  if (code !== undefined) return UNAVAILABLE.test(code) || SYSTEM.has(code);
  return error instanceof Error && MESSAGES.test(error.message);
};

const codeOf = (error: unknown): string | undefined => {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return typeof code === 'string' ? code : undefined;
};
