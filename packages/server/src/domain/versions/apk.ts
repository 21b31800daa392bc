import { compareDigits, MAX_VERSION_LENGTH, type VersionOrder } from './version-order.ts';

/** In the order in which a version that goes on differently is newer: apk-tools' own tokens. */
const INITIAL = 0;
const DIGITS = 1;
const LETTER = 2;
const SUFFIX = 3;
const SUFFIX_NUMBER = 4;
const HASH = 5;
const REVISION = 6;
const END = 7;
const INVALID = 8;

interface Token {
  readonly kind: number;
  readonly text: string;
}

/** Before the plain version, and after it. */
const SUFFIXES = ['alpha', 'beta', 'pre', 'rc', '', 'cvs', 'svn', 'git', 'hg', 'p'];
const PLAIN = SUFFIXES.indexOf('');

/** `digits{.digits}{letter}{_suffix{digits}}{~hash}{-rN}`. Source: apk-tools 3, whose answers these are. */
export const apk: VersionOrder = order(false);

/**
 * The same with digits after the letter (`5.9.2p1-r0`), which apk-tools 2 allows and the security database has: for
 * versions that apk-tools 3 calls invalid, and so finds equal whatever follows.
 */
export const apkLegacy: VersionOrder = order(true);

function order(lettersTakeDigits: boolean): VersionOrder {
  return {
    isValid: (version) => {
      if (version.length > MAX_VERSION_LENGTH) return false;
      const next = createReader(version, lettersTakeDigits);
      for (;;) {
        const { kind } = next();
        if (kind === INVALID) return false;
        if (kind === END) return true;
      }
    },
    compare: (a, b) => {
      const [nextA, nextB] = [createReader(a, lettersTakeDigits), createReader(b, lettersTakeDigits)];
      for (;;) {
        const [x, y] = [nextA(), nextB()];
        if (x.kind !== y.kind) return compareKinds(x, y);
        if (x.kind >= END) return 0;
        const difference = compareTokens(x, y);
        if (difference !== 0) return difference;
      }
    },
  };
}

const isPreRelease = ({ kind, text }: Token): boolean => kind === SUFFIX && SUFFIXES.indexOf(text) < PLAIN;

function compareKinds(a: Token, b: Token): number {
  if (isPreRelease(a)) return -1;
  if (isPreRelease(b)) return 1;
  return b.kind - a.kind;
}

function compareTokens(a: Token, b: Token): number {
  switch (a.kind) {
    case SUFFIX:
      return SUFFIXES.indexOf(a.text) - SUFFIXES.indexOf(b.text);
    case INITIAL:
    case SUFFIX_NUMBER:
    case REVISION:
      return compareDigits(a.text, b.text);
    case DIGITS:
      // As Gentoo has it: 2.06 is older than 2.4.
      if (!a.text.startsWith('0') && !b.text.startsWith('0')) return compareDigits(a.text, b.text);
      return compareText(a.text, b.text);
    default:
      return compareText(a.text, b.text);
  }
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Reads a version token by token; after the first that the grammar does not have, it stays INVALID. */
function createReader(version: string, lettersTakeDigits: boolean): () => Token {
  let at = 0;
  let kind = -1;
  const take = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    const [text = ''] = pattern.exec(version) ?? [];
    at += text.length;
    return text;
  };
  const token = (next: number, text = ''): Token => {
    kind = next;
    return { kind, text };
  };
  const number = (next: number): Token => {
    const digits = take(/[0-9]*/y);
    return digits === '' ? token(INVALID) : token(next, digits);
  };
  return () => {
    if (kind === -1) return number(INITIAL);
    if (kind === INVALID) return token(INVALID);
    if (at >= version.length) return token(END);
    const first = version.charAt(at);
    if (first >= 'a' && first <= 'z') {
      if (kind > DIGITS) return token(INVALID);
      at++;
      return token(LETTER, first);
    }
    switch (first) {
      case '.':
        if (kind > DIGITS) return token(INVALID);
        at++;
        return number(DIGITS);
      case '_': {
        if (kind > SUFFIX_NUMBER) return token(INVALID);
        at++;
        const name = take(/[a-z]*/y);
        return name !== '' && SUFFIXES.includes(name) ? token(SUFFIX, name) : token(INVALID);
      }
      case '~': {
        if (kind >= HASH) return token(INVALID);
        at++;
        const hash = take(/[0-9a-f]*/y);
        return hash === '' ? token(INVALID) : token(HASH, hash);
      }
      case '-':
        if (kind >= REVISION || !version.startsWith('-r', at)) return token(INVALID);
        at += 2;
        return number(REVISION);
      default:
        if (kind <= DIGITS || (kind === LETTER && lettersTakeDigits)) return number(DIGITS);
        return kind === SUFFIX ? number(SUFFIX_NUMBER) : token(INVALID);
    }
  };
}
