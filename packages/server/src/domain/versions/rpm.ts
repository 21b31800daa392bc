import { compareDigits, MAX_VERSION_LENGTH, type VersionOrder } from './version-order.ts';

const GRAMMAR = /^(?:[0-9]+:)?[A-Za-z0-9._+~^]+(?:-[A-Za-z0-9._+~^]+)?$/;

/**
 * `[epoch:]version[-release]`: the epoch as a number (none is 0), then version, then release by segments of digits or
 * letters; a version with a release is newer than the same without. Source: rpm-version(7); exact to rpm.
 */
export const rpm: VersionOrder = {
  isValid: (version) => version.length <= MAX_VERSION_LENGTH && GRAMMAR.test(version),
  compare: (a, b) => {
    const x = split(a);
    const y = split(b);
    const order = compareDigits(x.epoch, y.epoch) || compareSegments(x.version, y.version);
    if (order !== 0) return order;
    if (x.release === undefined || y.release === undefined) {
      return (x.release === undefined ? 0 : 1) - (y.release === undefined ? 0 : 1);
    }
    return compareSegments(x.release, y.release);
  },
};

function split(text: string) {
  const [, epoch = '', rest = text] = /^([0-9]*):(.*)$/s.exec(text) ?? [];
  const dash = rest.lastIndexOf('-');
  return {
    epoch,
    version: dash === -1 ? rest : rest.slice(0, dash),
    release: dash === -1 ? undefined : rest.slice(dash + 1),
  };
}

/** What a segment is made of, or `~` and `^`, which have an order of their own; all else only separates. */
const TOKEN = /[0-9]+|[A-Za-z]+|~|\^/g;

function compareSegments(a: string, b: string): number {
  if (a === b) return 0;
  const x = a.match(TOKEN) ?? [];
  const y = b.match(TOKEN) ?? [];
  for (let at = 0; ; at++) {
    const order = compareTokens(x[at], y[at]);
    if (order !== 0 || x[at] === undefined || y[at] === undefined) return order;
  }
}

function compareTokens(a: string | undefined, b: string | undefined): number {
  // `~` is older than anything, the end included.
  if (a === '~' || b === '~') return a === b ? 0 : a === '~' ? -1 : 1;
  // `^` is newer than the end and older than any other segment.
  if (a === '^' || b === '^') {
    if (a === b) return 0;
    if (a === '^') return b === undefined ? 1 : -1;
    return a === undefined ? -1 : 1;
  }
  if (a === undefined || b === undefined) return (a === undefined ? 0 : 1) - (b === undefined ? 0 : 1);
  const [digitsA, digitsB] = [isDigits(a), isDigits(b)];
  if (digitsA !== digitsB) return digitsA ? 1 : -1;
  return digitsA ? compareDigits(a, b) : a < b ? -1 : a > b ? 1 : 0;
}

const isDigits = (token: string): boolean => {
  const code = token.charCodeAt(0);
  return code >= 48 && code <= 57;
};
