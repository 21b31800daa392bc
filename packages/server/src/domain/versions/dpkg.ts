import { compareDigits, MAX_VERSION_LENGTH, type VersionOrder } from './version-order.ts';

/** Epoch, upstream version beginning with any allowed character, revision. Source: deb-version(7). */
const GRAMMAR = /^(?:[0-9]+:)?[A-Za-z0-9.+~:-]+$/;

/**
 * `[epoch:]upstream[-revision]`: the epoch as a number, then upstream, then revision, each read as runs of non-digits and
 * digits in turn. Source: deb-version(7); exact to dpkg.
 */
export const dpkg: VersionOrder = {
  isValid: (version) => version.length <= MAX_VERSION_LENGTH && GRAMMAR.test(version),
  compare: (a, b) => {
    if (a === b) return 0;
    const x = split(a);
    const y = split(b);
    return (
      compareDigits(x.epoch, y.epoch) || comparePart(x.upstream, y.upstream) || comparePart(x.revision, y.revision)
    );
  },
};

function split(version: string) {
  const colon = version.indexOf(':');
  const rest = version.slice(colon + 1);
  const dash = rest.lastIndexOf('-');
  return {
    epoch: colon === -1 ? '' : version.slice(0, colon),
    upstream: dash === -1 ? rest : rest.slice(0, dash),
    revision: dash === -1 ? '' : rest.slice(dash + 1),
  };
}

function comparePart(a: string, b: string): number {
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    while ((i < a.length && !isDigit(a, i)) || (j < b.length && !isDigit(b, j))) {
      const difference = weight(a, i) - weight(b, j);
      if (difference !== 0) return difference;
      i++;
      j++;
    }
    const [fromA, fromB] = [i, j];
    while (isDigit(a, i)) i++;
    while (isDigit(b, j)) j++;
    const difference = compareDigits(a.slice(fromA, i), b.slice(fromB, j));
    if (difference !== 0) return difference;
  }
  return 0;
}

const isDigit = (text: string, at: number): boolean => {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
};

/** `~` sorts before the end (and before a digit, where a run of non-digits ends), letters before everything else. */
function weight(text: string, at: number): number {
  if (at >= text.length || isDigit(text, at)) return 0;
  const code = text.charCodeAt(at);
  if (code === 126) return -1;
  const letter = (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
  return letter ? code : code + 256;
}
