import { JsonBoundsFault, parseBoundedJson } from '@assay/model/bounded-json.ts';
import { resourcePattern } from './arn-pattern.ts';
import { duplicateMember } from './duplicate-member.ts';
import { globOf } from './glob.ts';
import { parseCondition } from './parse-condition.ts';
import type { Effect, Policy, Statement } from './policy.ts';
import { refuse } from './policy-fault.ts';

/** The longest document, in bytes of UTF-8. */
export const MAX_POLICY = 10 * 1024;
/** A condition's value, the deepest that a policy has, is six levels down. */
const BOUNDS = { depth: 16, values: MAX_POLICY };
/** A document without Version is of the older one, as in IAM. */
const VERSIONS = ['2012-10-17', '2008-10-17'];
const POLICY = ['Version', 'Id', 'Statement'];
const STATEMENT = ['Sid', 'Effect', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition'];
const STRING = /"(?:[^"\\]|\\.)*"/g;
const ACTION = /^(?:\*|(?:\*|[a-z0-9-]{1,64}):[a-z0-9*?]{1,128})$/;

/**
 * Compiles an identity policy of IAM's policy language. Throws PolicyFault, whose message names the place of the
 * first fault: what is not understood whole is refused, as a statement that was skipped could be the one that denies.
 * Source: the IAM user guide's grammar of policies.
 */
export function parsePolicy(text: string): Policy {
  if (Buffer.byteLength(text) > MAX_POLICY) refuse('', `must be at most ${MAX_POLICY} bytes`);
  const document = asObject(parseJson(text), '');
  const twice = duplicateMember(text);
  if (twice !== undefined) refuse('', `has an object with two members ${JSON.stringify(twice)}`);
  if (!isWellFormed(text)) refuse('', 'must be Unicode text, without lone surrogates');
  onlyKnown(document, POLICY, '');
  const { Version, Id, Statement: statements } = document;
  if (Version !== undefined && !VERSIONS.includes(Version as string)) {
    refuse('Version', 'must be "2012-10-17" or "2008-10-17"');
  }
  if (Id !== undefined && typeof Id !== 'string') refuse('Id', 'must be a string');
  if (statements === undefined) refuse('Statement', 'is missing');
  const variables = Version === '2012-10-17';
  const list: unknown[] = Array.isArray(statements) ? statements : [statements];
  if (list.length === 0) refuse('Statement', 'must have a statement');
  const parsed = list.map((statement, at) => parseStatement(statement, variables, `Statement[${at}]`));
  const sids = parsed.flatMap(({ sid }) => sid ?? []);
  const again = sids.find((sid, at) => sids.indexOf(sid) !== at);
  if (again !== undefined) refuse('Statement', `has two statements of Sid "${again}"`);
  return { id: Id as string | undefined, statements: parsed };
}

function parseStatement(value: unknown, variables: boolean, place: string): Statement {
  const statement = asObject(value, place);
  for (const principal of ['Principal', 'NotPrincipal']) {
    if (Object.hasOwn(statement, principal)) {
      refuse(`${place}.${principal}`, 'has no place here: this policy belongs to a key, which is its principal');
    }
  }
  onlyKnown(statement, STATEMENT, place);
  const { Sid, Effect, Condition } = statement;
  if (Sid !== undefined && !(typeof Sid === 'string' && /^[A-Za-z0-9]{0,128}$/.test(Sid))) {
    refuse(`${place}.Sid`, 'must be letters and digits, at most 128');
  }
  if (Effect !== 'Allow' && Effect !== 'Deny') refuse(`${place}.Effect`, 'must be "Allow" or "Deny"');
  const actions = eitherOf(statement, 'Action', place);
  const resources = eitherOf(statement, 'Resource', place);
  return {
    sid: (Sid as string | undefined) || undefined,
    effect: Effect as Effect,
    actions: {
      negated: actions.negated,
      globs: actions.values.map((action) => {
        const folded = action.toLowerCase();
        if (!ACTION.test(folded)) refuse(actions.place, 'must be * or of the form inspector:List*');
        return globOf(folded, true);
      }),
    },
    resources: {
      negated: resources.negated,
      patterns: resources.values.map((resource) => resourcePattern(resource, variables, resources.place)),
    },
    conditions: Condition === undefined ? [] : parseCondition(Condition, variables, `${place}.Condition`),
  };
}

/** The values of Action or NotAction, of which a statement has one; of Resource or NotResource alike. */
function eitherOf(statement: Record<string, unknown>, name: 'Action' | 'Resource', place: string) {
  const negated = Object.hasOwn(statement, `Not${name}`);
  if (negated === Object.hasOwn(statement, name)) refuse(place, `must have either ${name} or Not${name}`);
  const member = negated ? `Not${name}` : name;
  const value = statement[member];
  const values: unknown[] = Array.isArray(value) ? value : [value];
  const at = `${place}.${member}`;
  if (values.length === 0) refuse(at, 'must have a value');
  const strings = values.map((one) =>
    typeof one === 'string' ? one : refuse(at, 'must be a string or a list of them'),
  );
  return { negated, values: strings, place: at };
}

function parseJson(text: string): unknown {
  try {
    return parseBoundedJson(text, BOUNDS);
  } catch (error) {
    return refuse('', error instanceof JsonBoundsFault ? error.message : 'must be a JSON object');
  }
}

function asObject(value: unknown, place: string): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : refuse(place, 'must be a JSON object');
}

function onlyKnown(object: Record<string, unknown>, known: readonly string[], place: string): void {
  const unknown = Object.keys(object).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    refuse(place, `has no element ${JSON.stringify(unknown)}; its elements are ${known.join(', ')}, in this case`);
  }
}

/** JSON's escapes may make text that is none. The text must be valid JSON. */
const isWellFormed = (json: string): boolean =>
  json.isWellFormed() && (json.match(STRING) ?? []).every((token) => (JSON.parse(token) as string).isWellFormed());
