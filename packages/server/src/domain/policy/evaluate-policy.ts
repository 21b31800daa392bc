import { matchesGlob } from './glob.ts';
import { resolve } from './pattern.ts';
import type { Condition, Policy, PolicyRequest, Statement } from './policy.ts';

export interface Decision {
  readonly effect: 'Allow' | 'ExplicitDeny' | 'ImplicitDeny';
  /** The first statement that decided, by its place in the document from 0; none for an implicit deny. */
  readonly statement?: { readonly index: number; readonly sid: string | undefined };
}

/**
 * Decides about one action on one resource: a statement that denies wins over every one that allows, and what no
 * statement allows is denied. Source: the IAM user guide's evaluation logic.
 */
export function evaluatePolicy({ statements }: Policy, request: PolicyRequest): Decision {
  const folded = { ...request, action: request.action.toLowerCase() };
  const deciding = (effect: Statement['effect']): number =>
    statements.findIndex((statement) => statement.effect === effect && applies(statement, folded));
  const denies = deciding('Deny');
  if (denies !== -1) return { effect: 'ExplicitDeny', statement: { index: denies, sid: statements[denies]?.sid } };
  const allows = deciding('Allow');
  if (allows !== -1) return { effect: 'Allow', statement: { index: allows, sid: statements[allows]?.sid } };
  return { effect: 'ImplicitDeny' };
}

/**
 * A policy variable that a request has no value for matches nothing. Where matching nothing is what makes a statement
 * apply (NotResource, StringNotEquals and their like), it does so for a Deny only: never is more allowed by a value
 * that is not there.
 */
function applies({ effect, actions, resources, conditions }: Statement, request: PolicyRequest): boolean {
  const matchesAction = actions.globs.some((glob) => matchesGlob(glob, request.action));
  if (matchesAction === actions.negated) return false;
  const unresolved = (negated: boolean): boolean => negated && effect === 'Allow';
  const matchesResource = resources.patterns.some((pattern) => {
    const glob = resolve(pattern, request.lookup);
    return glob ? matchesGlob(glob, request.resource) : unresolved(resources.negated);
  });
  if (matchesResource === resources.negated) return false;
  return conditions.every((condition) => holds(condition, request, unresolved));
}

function holds(
  { key, test }: Condition,
  { lookup }: PolicyRequest,
  unresolved: (negated: boolean) => boolean,
): boolean {
  const values = lookup(key) ?? [];
  if (test.kind === 'presence') return test.missing.includes(values.length === 0);
  const { quantifier, ifExists, negated, matchers } = test;
  const matches = (value: string): boolean =>
    matchers.some((matcher) => matcher(value, lookup) ?? unresolved(negated)) !== negated;
  switch (quantifier) {
    case 'ForAllValues':
      return values.every((value) => value === '') || values.every(matches);
    case 'ForAnyValue':
      return values.some(matches);
    case 'plain':
      if (values.length === 0) return ifExists || negated;
      return negated ? values.every(matches) : values.some(matches);
  }
}
