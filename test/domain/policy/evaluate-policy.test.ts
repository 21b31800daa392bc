// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policy variables are written so
import { describe, expect, test } from 'vitest';
import { evaluatePolicy } from '../../../packages/server/src/domain/policy/evaluate-policy.ts';
import { parsePolicy } from '../../../packages/server/src/domain/policy/parse-policy.ts';

type Context = Readonly<Record<string, string | readonly string[]>>;
const target = 'arn:aws:inspector:us-east-1:123456789012:target/0-AbCdEfGh';

function decide(
  statements: object | readonly object[],
  { action = 'inspector:ListFindings', resource = '*', context = {} as Context, version = '2012-10-17' } = {},
) {
  const values = new Map(
    Object.entries(context).map(([key, value]) => [key.toLowerCase(), typeof value === 'string' ? [value] : value]),
  );
  const policy = parsePolicy(JSON.stringify({ Version: version, Statement: statements }));
  return evaluatePolicy(policy, { action, resource, lookup: (key) => values.get(key) });
}
const allow = { Effect: 'Allow', Action: '*', Resource: '*' };
const deny = { Effect: 'Deny', Action: '*', Resource: '*' };

describe('statements', () => {
  test('what nothing allows is denied', () => {
    expect(decide({ ...allow, Action: 'inspector:ListRulesPackages' })).toEqual({ effect: 'ImplicitDeny' });
    expect(decide({ ...deny, Action: 'inspector:ListRulesPackages' })).toEqual({ effect: 'ImplicitDeny' });
    expect(decide({ ...allow, Action: 's3:*' })).toEqual({ effect: 'ImplicitDeny' });
  });
  test('an allow names its statement', () => {
    const other = { ...allow, Action: 's3:*', Sid: 'Other' };
    expect(decide([other, { ...allow, Sid: 'This' }])).toEqual({
      effect: 'Allow',
      statement: { index: 1, sid: 'This' },
    });
  });
  test('an explicit deny wins wherever it stands', () => {
    const expected = (index: number) => ({ effect: 'ExplicitDeny', statement: { index, sid: undefined } });
    expect(decide([deny, allow])).toEqual(expected(0));
    expect(decide([allow, allow, deny])).toEqual(expected(2));
  });
  test('a deny whose condition does not hold denies nothing', () => {
    expect(decide([allow, { ...deny, Condition: { Null: { 'aws:username': 'false' } } }]).effect).toBe('Allow');
  });
});

describe('actions', () => {
  test.each([
    ['*', true],
    ['*:*', true],
    ['inspector:*', true],
    ['inspector:ListFindings', true],
    ['INSPECTOR:listfindings', true],
    ['inspector:List*', true],
    ['inspector:*Findings', true],
    ['inspector:List?indings', true],
    ['inspector:List?', false],
    ['inspector:ListFinding', false],
    ['inspector2:ListFindings', false],
    ['s3:*', false],
  ])('%s: %s', (pattern, expected) => {
    expect(decide({ ...allow, Action: pattern }).effect === 'Allow').toBe(expected);
    const { Action: _, ...rest } = allow;
    expect(decide({ ...rest, NotAction: pattern }).effect === 'Allow').toBe(!expected);
    expect(decide({ ...rest, NotAction: ['s3:Get*', pattern] }).effect === 'Allow').toBe(!expected);
  });
});

describe('resources', () => {
  test.each([
    ['*', target, true],
    ['*', '*', true],
    [target, target, true],
    [target, '*', false],
    [target, target.toLowerCase(), false],
    [target.replace('AbCdEfGh', 'AbCdEf??'), target, true],
    [target.replace('AbCdEfGh', 'AbCdEfG'), target, false],
    ['arn:aws:inspector:*:*:target/*', target, true],
    ['arn:aws:inspector:*:*:target/*', `${target}/template/0-aaaaaaaa`, true],
    ['arn:aws:inspector:*:*:target/*/template/*', target, false],
    ['arn:aws:inspector:eu-*:*:*', target, false],
    ['arn:aws:inspector:*:123456789012:*', target, true],
    ['arn:*:inspector:us-east-1:*:*', target, true],
    ['arn:aws:inspector', target, true],
    ['arn:aws:inspector:us-east-1', target, true],
    ['arn:aws:inspector:us-east-1:', target, true],
    ['arn:aws:inspector:us-east-2:', target, false],
    ['arn:aws:inspector:us-east-1:123456789012', target, true],
    ['arn:aws:inspector:us-east-1:12345678901', target, false],
    ['arn:aws:inspector:*', target, true],
    ['arn:aws:s3:::*', target, false],
  ])('%s against %s: %s', (pattern, resource, expected) => {
    expect(decide({ ...allow, Resource: pattern }, { resource }).effect === 'Allow').toBe(expected);
    const { Resource: _, ...rest } = allow;
    expect(decide({ ...rest, NotResource: pattern }, { resource }).effect === 'Allow').toBe(!expected);
    expect(decide({ ...rest, NotResource: ['arn:aws:s3:::a', pattern] }, { resource }).effect === 'Allow').toBe(
      !expected,
    );
  });
});

describe('policy variables', () => {
  const own = { ...allow, Resource: 'arn:aws:inspector:us-east-1:${aws:PrincipalAccount}:target/${AWS:username}' };
  const at = (account: string, name: string) => `arn:aws:inspector:us-east-1:${account}:target/${name}`;
  const context = { 'aws:PrincipalAccount': '123456789012', 'aws:username': 'me' };
  test('stand for the values of the request', () => {
    expect(decide(own, { context, resource: at('123456789012', 'me') }).effect).toBe('Allow');
    expect(decide(own, { context, resource: at('123456789012', 'you') }).effect).toBe('ImplicitDeny');
  });
  test('are text in the older version', () => {
    const version = '2008-10-17';
    expect(decide(own, { context, version, resource: at('123456789012', 'me') }).effect).toBe('ImplicitDeny');
    expect(decide(own, { context, version, resource: at('${aws:PrincipalAccount}', '${AWS:username}') }).effect).toBe(
      'Allow',
    );
  });
  test('bring no wildcards with them', () => {
    const hostile = { ...context, 'aws:username': '*' };
    expect(decide(own, { context: hostile, resource: at('123456789012', 'you') }).effect).toBe('ImplicitDeny');
    expect(decide(own, { context: hostile, resource: at('123456789012', '*') }).effect).toBe('Allow');
  });
  test('for characters are those characters', () => {
    const literal = { ...allow, Resource: 'arn:aws:inspector:::${*}${?}${$}' };
    expect(decide(literal, { resource: 'arn:aws:inspector:::*?$' }).effect).toBe('Allow');
    expect(decide(literal, { resource: 'arn:aws:inspector:::abc' }).effect).toBe('ImplicitDeny');
  });
  test('have defaults', () => {
    const guest = { ...allow, Resource: "arn:aws:inspector:::${aws:username, 'guest'}" };
    expect(decide(guest, { resource: 'arn:aws:inspector:::guest' }).effect).toBe('Allow');
    expect(decide(guest, { context, resource: 'arn:aws:inspector:::guest' }).effect).toBe('ImplicitDeny');
    expect(decide(guest, { context, resource: 'arn:aws:inspector:::me' }).effect).toBe('Allow');
  });
  test('without a value match nothing, and never allow more', () => {
    const { Resource: _, ...rest } = allow;
    const unknown = 'arn:aws:inspector:::${aws:nothing}';
    const resource = 'arn:aws:inspector:::x';
    expect(decide({ ...rest, Resource: unknown }, { resource }).effect).toBe('ImplicitDeny');
    expect(decide({ ...rest, Resource: [unknown, '*'] }, { resource }).effect).toBe('Allow');
    expect(decide({ ...rest, NotResource: unknown }, { resource }).effect).toBe('ImplicitDeny');
    expect(decide([allow, { ...rest, Effect: 'Deny', Resource: unknown }], { resource }).effect).toBe('Allow');
    expect(decide([allow, { ...rest, Effect: 'Deny', NotResource: unknown }], { resource }).effect).toBe(
      'ExplicitDeny',
    );
    const differs = { StringNotEquals: { 'aws:username': '${aws:nothing}' } };
    expect(decide({ ...allow, Condition: differs }, { context }).effect).toBe('ImplicitDeny');
    expect(decide([allow, { ...deny, Condition: differs }], { context }).effect).toBe('ExplicitDeny');
  });
  test('with several values match nothing', () => {
    const tagged = { ...allow, Resource: 'arn:aws:inspector:::${aws:TagKeys}' };
    const several = { 'aws:TagKeys': ['a', 'b'] };
    expect(decide(tagged, { context: several, resource: 'arn:aws:inspector:::a' }).effect).toBe('ImplicitDeny');
  });
  test('stand in the values of conditions', () => {
    const same = { StringLike: { 'aws:UserAgent': '*/${aws:username}/*' } };
    const agent = (name: string) => ({ ...context, 'aws:UserAgent': `sdk/${name}/1` });
    expect(decide({ ...allow, Condition: same }, { context: agent('me') }).effect).toBe('Allow');
    expect(decide({ ...allow, Condition: same }, { context: agent('you') }).effect).toBe('ImplicitDeny');
  });
});

const holds = (condition: object, context: Context = {}): boolean =>
  decide({ ...allow, Condition: condition }, { context }).effect === 'Allow';

describe('condition operators', () => {
  const time = '2026-03-01T12:00:00.000Z';
  test.each<[operator: string, value: unknown, matching: readonly string[], other: readonly string[]]>([
    ['StringEquals', 'Ab*', ['Ab*'], ['ab*', 'Abc', '']],
    ['StringEquals', ['a', 'b'], ['a', 'b'], ['c', 'ab']],
    ['StringEqualsIgnoreCase', 'ÄB*', ['äb*', 'ÄB*'], ['äbc']],
    ['StringLike', 'A*c?', ['Acd', 'Abbcd'], ['acd', 'Ac']],
    ['StringLike', ['x*', '*y'], ['xa', 'ay'], ['a']],
    ['NumericEquals', '10', ['10', '10.0', '+10'], ['11', 'ten', '']],
    ['NumericLessThan', 10, ['9.99', '-1'], ['10', '11', 'x']],
    ['NumericLessThanEquals', 10, ['9', '10'], ['10.01', 'x']],
    ['NumericGreaterThan', 10, ['10.01'], ['10', '9', 'x']],
    ['NumericGreaterThanEquals', 10, ['10', '11'], ['9.99', 'x']],
    ['DateEquals', '2026-03-01T13:00:00+01:00', [time, '1772366400'], ['2026-03-01T13:00:00Z', 'x']],
    ['DateLessThan', time, ['2026-03-01T11:59:59.999Z', '2026-03', '2026'], [time, 'x']],
    ['DateLessThanEquals', time, [time, '2026-03-01'], ['2026-03-02', 'x']],
    [
      'DateGreaterThan',
      '2026-03-01',
      [time, '2026-03-01T00:00Z'.replace('00:00', '00:01')],
      ['2026-03-01', '2025', 'x'],
    ],
    ['DateGreaterThanEquals', 1772366400, [time], ['2026-03-01T11:59:59Z', 'x']],
    ['Bool', 'true', ['true', 'True'], ['false', '', 'yes']],
    ['Bool', [true, 'false'], ['true', 'false'], ['x']],
    ['BinaryEquals', 'w7w=', ['ü'], ['u', 'w7w=']],
    ['IpAddress', '203.0.113.0/24', ['203.0.113.0', '203.0.113.255'], ['203.0.114.0', '2001:db8::1', 'unknown']],
    ['IpAddress', '203.0.113.77/24', ['203.0.113.1'], ['203.0.112.255']],
    ['IpAddress', '203.0.113.7', ['203.0.113.7'], ['203.0.113.8']],
    ['IpAddress', '0.0.0.0/0', ['203.0.113.7'], ['::1']],
    ['IpAddress', '2001:DB8::/33', ['2001:db8:7fff::1'], ['2001:db8:8000::1', '32.1.13.184']],
    ['IpAddress', ['10.0.0.0/8', '::1'], ['10.1.2.3', '::1', '0:0:0:0:0:0:0:1'], ['11.0.0.0', '::2']],
    [
      'ArnEquals',
      'arn:aws:sns:*:1:a*',
      ['arn:aws:sns:eu:1:ab', 'arn:aws:sns::1:a:b'],
      ['arn:aws:sns:eu:2:ab', 'arn:aws:sns:eu:x:1:a', 'x'],
    ],
    ['ArnLike', 'arn:aws:sns:??:*:*', ['arn:aws:sns:eu:1:a'], ['arn:aws:sns:eur:1:a', 'arn:aws:sns:eu']],
    ['ArnLike', '*', ['arn:aws:sns:eu:1:a'], []],
  ])('%s %j', (operator, value, matching, other) => {
    const key = 'aws:key';
    const negated = {
      StringEquals: 'StringNotEquals',
      StringEqualsIgnoreCase: 'StringNotEqualsIgnoreCase',
      StringLike: 'StringNotLike',
      NumericEquals: 'NumericNotEquals',
      DateEquals: 'DateNotEquals',
      IpAddress: 'NotIpAddress',
      ArnEquals: 'ArnNotEquals',
      ArnLike: 'ArnNotLike',
    }[operator];
    for (const [values, expected] of [
      [matching, true],
      [other, false],
    ] as const) {
      for (const one of values) {
        expect([one, holds({ [operator]: { [key]: value } }, { [key]: one })]).toEqual([one, expected]);
        expect(holds({ [`${operator}IfExists`]: { [key]: value } }, { [key]: one })).toBe(expected);
        if (negated !== undefined) {
          expect([one, holds({ [negated]: { [key]: value } }, { [key]: one })]).toEqual([one, !expected]);
          expect(holds({ [`${negated}IfExists`]: { [key]: value } }, { [key]: one })).toBe(!expected);
        }
      }
    }
    // A missing key: only what is negated, asks IfExists, or is about all of nothing holds.
    expect(holds({ [operator]: { [key]: value } })).toBe(false);
    expect(holds({ [`${operator}IfExists`]: { [key]: value } })).toBe(true);
    expect(holds({ [`ForAllValues:${operator}`]: { [key]: value } })).toBe(true);
    expect(holds({ [`ForAnyValue:${operator}`]: { [key]: value } })).toBe(false);
    expect(holds({ [`ForAllValues:${operator}IfExists`]: { [key]: value } })).toBe(true);
    expect(holds({ [`ForAnyValue:${operator}IfExists`]: { [key]: value } })).toBe(false);
    if (negated !== undefined) {
      expect(holds({ [negated]: { [key]: value } })).toBe(true);
      expect(holds({ [`${negated}IfExists`]: { [key]: value } })).toBe(true);
      expect(holds({ [`ForAllValues:${negated}`]: { [key]: value } })).toBe(true);
      expect(holds({ [`ForAnyValue:${negated}`]: { [key]: value } })).toBe(false);
    }
  });

  test('Null asks whether a key is there', () => {
    const here = { 'aws:key': 'x' };
    expect(holds({ Null: { 'aws:key': 'true' } })).toBe(true);
    expect(holds({ Null: { 'aws:key': 'true' } }, here)).toBe(false);
    expect(holds({ Null: { 'aws:key': false } })).toBe(false);
    expect(holds({ Null: { 'aws:key': false } }, here)).toBe(true);
    expect(holds({ Null: { 'aws:key': ['true', 'false'] } }, here)).toBe(true);
  });

  test.each<[operator: string, values: readonly string[], expected: boolean]>([
    ['ForAllValues:StringEquals', [], true],
    ['ForAllValues:StringEquals', [''], true],
    ['ForAllValues:StringEquals', ['a'], true],
    ['ForAllValues:StringEquals', ['a', 'b'], true],
    ['ForAllValues:StringEquals', ['a', 'c'], false],
    ['ForAllValues:StringEquals', ['A'], false],
    ['ForAnyValue:StringEquals', [], false],
    ['ForAnyValue:StringEquals', ['c', 'a'], true],
    ['ForAnyValue:StringEquals', ['c'], false],
    ['ForAllValues:StringNotEquals', [], true],
    ['ForAllValues:StringNotEquals', ['c', 'd'], true],
    ['ForAllValues:StringNotEquals', ['c', 'a'], false],
    ['ForAnyValue:StringNotEquals', [], false],
    ['ForAnyValue:StringNotEquals', ['a', 'c'], true],
    ['ForAnyValue:StringNotEquals', ['a', 'b'], false],
    ['StringEquals', ['c', 'a'], true],
    ['StringEquals', ['c', 'd'], false],
    ['StringNotEquals', ['c', 'a'], false],
    ['StringNotEquals', ['c', 'd'], true],
  ])('%s of a, b against %j: %s', (operator, values, expected) => {
    expect(holds({ [operator]: { 'aws:TagKeys': ['a', 'b'] } }, { 'aws:TagKeys': values })).toBe(expected);
  });

  test('every operator and every key must hold; names of keys have no case', () => {
    const context = { 'aws:username': 'me', 'aws:SourceIp': '10.0.0.1' };
    const both = (name: string, range: string) => ({
      StringEquals: { 'AWS:UserName': name },
      IpAddress: { 'aws:sourceip': range },
    });
    expect(holds(both('me', '10.0.0.0/8'), context)).toBe(true);
    expect(holds(both('you', '10.0.0.0/8'), context)).toBe(false);
    expect(holds(both('me', '11.0.0.0/8'), context)).toBe(false);
    expect(holds({ StringEquals: { 'aws:username': 'me', 'aws:userid': 'me' } }, context)).toBe(false);
  });
});
