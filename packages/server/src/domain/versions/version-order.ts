/** The order of one package manager's versions, exact to its own tool. */
export interface VersionOrder {
  /** False for text that the manager's grammar does not have: it must be reported, never compared. */
  readonly isValid: (version: string) => boolean;
  /** Negative, zero or positive, as `a` sorts before, with or after `b`. Total for any text. */
  readonly compare: (a: string, b: string) => number;
}

/** Longer than any version of a distribution's archive: what is longer is refused, so that comparing stays cheap. */
export const MAX_VERSION_LENGTH = 256;

const ZEROS = /^0+/;

/** Runs of digits as numbers of any length; an empty run is 0. */
export function compareDigits(a: string, b: string): number {
  const x = a.replace(ZEROS, '');
  const y = b.replace(ZEROS, '');
  return x.length - y.length || (x < y ? -1 : x > y ? 1 : 0);
}
