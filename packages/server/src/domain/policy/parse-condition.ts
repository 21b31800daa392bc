import { comparisons } from './comparisons.ts';
import type { Condition } from './policy.ts';
import { refuse } from './policy-fault.ts';

const OPERATOR = /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/;
/** A tag's key, which may hold blanks, is part of the name of `aws:RequestTag/…`. */
const KEY = /^[A-Za-z0-9-]{1,64}:[^\p{Cc}]{1,200}$/u;

/** Reads a Condition block: every key under every operator of it must hold. Throws PolicyFault. */
export function parseCondition(value: unknown, variables: boolean, place: string): Condition[] {
  return membersOf(value, place).flatMap(([operator, block]) => {
    const at = `${place}.${operator}`;
    const keys = membersOf(block, at);
    if (keys.length === 0) refuse(at, 'must name a condition key');
    const test = operatorOf(operator, at);
    return keys.map(([key, values]) => {
      if (!KEY.test(key)) refuse(`${at}.${key}`, 'is no condition key such as aws:SourceIp');
      return { key: key.toLowerCase(), test: test(valuesOf(values, `${at}.${key}`), variables, `${at}.${key}`) };
    });
  });
}

type CompileTest = (values: readonly string[], variables: boolean, place: string) => Condition['test'];

function operatorOf(operator: string, place: string): CompileTest {
  if (operator === 'Null') {
    return (values, _variables, at) => ({
      kind: 'presence',
      missing: values.map((value) =>
        /^(?:true|false)$/i.test(value) ? value.toLowerCase() === 'true' : refuse(at, 'must be true or false'),
      ),
    });
  }
  const [, quantifier = 'plain', name = '', ifExists] = OPERATOR.exec(operator) ?? [];
  const comparison = comparisons.get(name) ?? refuse(place, 'is no condition operator; their names keep their case');
  return (values, variables, at) => ({
    kind: 'comparison',
    quantifier: quantifier as 'plain' | 'ForAllValues' | 'ForAnyValue',
    ifExists: ifExists !== undefined,
    negated: comparison.negated,
    matchers: values.map((value) => comparison.compile(value, variables, at)),
  });
}

function membersOf(value: unknown, place: string): [string, unknown][] {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.entries(value)
    : refuse(place, 'must be an object');
}

/** Numbers and booleans stand for their text. */
function valuesOf(value: unknown, place: string): string[] {
  const values: unknown[] = Array.isArray(value) ? value : [value];
  if (values.length === 0) refuse(place, 'must have a value');
  return values.map((one) =>
    typeof one === 'string' || typeof one === 'boolean' || (typeof one === 'number' && Number.isFinite(one))
      ? String(one)
      : refuse(place, 'must be a string, a number, true or false, or a list of them'),
  );
}
