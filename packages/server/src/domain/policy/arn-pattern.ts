import { ANY_RUN, type Glob, globOf, matchesGlob } from './glob.ts';
import { type Pattern, type PatternOptions, patternFrom, patternOf } from './pattern.ts';
import { refuse } from './policy-fault.ts';

const COLON = 0x3a;
const FIELDS = 6;

/**
 * A value of Resource or NotResource: `*`, or an ARN whose missing fields stand for anything, so that
 * `arn:aws:inspector` is `arn:aws:inspector:*:*:*`. A `*` at the end of a field runs on over the fields after it.
 * Throws PolicyFault. Source: the IAM user guide's element Resource.
 */
export function resourcePattern(text: string, variables: boolean, place: string): Pattern {
  if (text !== '*' && !/^arn:[^:]+:[^:]/.test(text)) {
    return refuse(place, 'must be * or an ARN such as arn:aws:inspector:us-east-1:123456789012:target/0-AbCdEfGh');
  }
  const { pieces } = patternOf(text, { variables, wildcards: true }, place);
  if (text === '*' || pieces.filter((piece) => piece === COLON).length >= FIELDS - 1) return patternFrom(pieces);
  return patternFrom([...pieces, ...(pieces.at(-1) === COLON ? [ANY_RUN] : [COLON, ANY_RUN])]);
}

/** A value of the ARN operators. Throws PolicyFault. */
export function arnPattern(text: string, options: PatternOptions, place: string): Pattern {
  const pattern = patternOf(text, options, place);
  if (text === '*' || fieldsOf(pattern.pieces, COLON).length === FIELDS || /^\$\{[^}]*\}$/.test(text)) return pattern;
  return refuse(place, 'must be an ARN of six fields with colons between them');
}

/** True when an ARN matches field by field. */
export function matchesArn(glob: Glob, arn: string): boolean {
  if (glob.length === 1 && glob[0] === ANY_RUN) return true;
  const wanted = fieldsOf(glob, COLON);
  const found = fieldsOf(globOf(arn, false), COLON);
  if (wanted.length !== FIELDS || found.length !== FIELDS) return false;
  return wanted.every((field, at) => matchesGlob(field as Glob, String.fromCodePoint(...((found[at] ?? []) as Glob))));
}

/** At most six fields: the last holds what colons follow. */
function fieldsOf<T>(pieces: readonly T[], separator: T): T[][] {
  const fields: T[][] = [[]];
  for (const piece of pieces) {
    if (piece === separator && fields.length < FIELDS) fields.push([]);
    else fields.at(-1)?.push(piece);
  }
  return fields;
}
