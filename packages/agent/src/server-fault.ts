/** An answer other than success: its status, the server's own code where it gave one, and its words. */
export class ServerFault extends Error {
  readonly status: number;
  readonly code: string | undefined;
  constructor(status: number, code: string | undefined, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/**
 * True for what asking again cannot change: our server's own refusals. Anything else (no connection, 5xx, a proxy's
 * page, clocks that differ) may pass.
 */
export const isFinal = (error: unknown): error is ServerFault =>
  error instanceof ServerFault &&
  (error.status === 413 ||
    (error.status >= 400 &&
      error.status < 500 &&
      ![408, 429].includes(error.status) &&
      error.code !== undefined &&
      error.code !== 'ClockSkew'));

/** Another machine speaks for this host: this one has a copy of its identity. */
export const isIdentityInUse = (error: unknown): error is ServerFault =>
  isFinal(error) && error.code === 'IdentityInUse';

/** The server takes nothing more from this agent under this identity. */
export const endsIdentity = (error: unknown): boolean =>
  isFinal(error) && (error.status === 401 || error.code === 'Removed' || isIdentityInUse(error));

/** The server does not know this agent, or knows another key for it. */
export const isNotEnrolled = (error: unknown): error is ServerFault =>
  isFinal(error) && error.status === 401 && error.code === 'BadSignature';
