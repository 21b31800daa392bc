import { type Glob, globOf } from './glob.ts';
import type { Lookup } from './lookup.ts';
import { refuse } from './policy-fault.ts';

interface Variable {
  /** Lower case. */
  readonly key: string;
  readonly fallback: string | undefined;
}

/** A value of a policy: its characters and wildcards, and the policy variables among them. */
export interface Pattern {
  readonly pieces: readonly (number | Variable)[];
  /** The same where there is no variable in it. */
  readonly glob: Glob | undefined;
}

export interface PatternOptions {
  /** Of Version 2012-10-17: `${aws:username}` is a variable, and `${*}`, `${?}`, `${$}` are characters. */
  readonly variables: boolean;
  readonly wildcards: boolean;
}

const VARIABLE = /\$\{(?:([*?$])|([A-Za-z0-9-]+:[^${},']{1,200}?)\s*(?:,\s*'([^']*)'\s*)?)\}/y;

/** Compiles a value of a policy. Throws PolicyFault on a `${` that is no variable. */
export function patternOf(text: string, { variables, wildcards }: PatternOptions, place: string): Pattern {
  const pieces: (number | Variable)[] = [];
  for (let at = 0; at < text.length; ) {
    const begin = variables ? text.indexOf('${', at) : -1;
    const literal = text.slice(at, begin === -1 ? text.length : begin);
    pieces.push(...globOf(literal, wildcards));
    if (begin === -1) break;
    VARIABLE.lastIndex = begin;
    const match = VARIABLE.exec(text);
    if (!match) return refuse(place, `has a \${ that begins no policy variable such as \${aws:username}`);
    const [whole, character, key = '', fallback] = match;
    if (character === undefined) pieces.push({ key: key.toLowerCase(), fallback });
    else pieces.push(...globOf(character, false));
    at = begin + whole.length;
  }
  return patternFrom(pieces);
}

export function patternFrom(pieces: Pattern['pieces']): Pattern {
  return { pieces, glob: pieces.every((piece) => typeof piece === 'number') ? (pieces as Glob) : undefined };
}

/**
 * The glob of a pattern in one request: what a variable stands for is taken as it is, wildcards in it too. Undefined
 * when a variable has no value there, or several, and no default.
 */
export function resolve({ pieces, glob }: Pattern, lookup: Lookup): Glob | undefined {
  if (glob) return glob;
  const resolved: number[] = [];
  for (const piece of pieces) {
    if (typeof piece === 'number') {
      resolved.push(piece);
      continue;
    }
    const values = lookup(piece.key);
    const value = values?.length === 1 ? values[0] : values === undefined ? piece.fallback : undefined;
    if (value === undefined) return undefined;
    for (const codePoint of globOf(value, false)) resolved.push(codePoint);
  }
  return resolved;
}
