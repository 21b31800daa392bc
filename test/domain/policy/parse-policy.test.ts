// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policy variables are written so
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  builtInDocument,
  builtInNames,
  keptPolicy,
  policyName,
} from '../../../packages/server/src/domain/policy/built-in.ts';
import { MAX_POLICY, parsePolicy } from '../../../packages/server/src/domain/policy/parse-policy.ts';
import { PolicyFault } from '../../../packages/server/src/domain/policy/policy-fault.ts';
import { propertyRuns } from '../../support/effort.ts';

const allow = { Effect: 'Allow', Action: '*', Resource: '*' };
const withStatement = (change: object) => ({ Version: '2012-10-17', Statement: [{ ...allow, ...change }] });
const withCondition = (condition: unknown) => withStatement({ Condition: condition });

describe('is taken:', () => {
  test.each<[string, unknown]>([
    ['one statement without a list', { Statement: allow }],
    ['the older version', { Version: '2008-10-17', Statement: [allow] }],
    ['an Id and Sids', { Id: 'any text: ü', Statement: [{ ...allow, Sid: 'A1' }, { ...allow, Sid: 'a1' }, allow] }],
    [
      'an empty Sid, twice',
      {
        Statement: [
          { ...allow, Sid: '' },
          { ...allow, Sid: '' },
        ],
      },
    ],
    [
      'statements of other services',
      withStatement({ Action: ['s3:GetObject', 'EC2:Describe*', '*:*'], Resource: 'arn:aws:s3:::bucket/*' }),
    ],
    [
      'NotAction and NotResource',
      { Statement: { Effect: 'Deny', NotAction: 'iam:*', NotResource: ['arn:aws:inspector:*'] } },
    ],
    ['an ARN that is not complete', withStatement({ Resource: 'arn:aws:inspector' })],
    ['an empty Condition', withCondition({})],
    [
      'numbers and booleans as values',
      withCondition({ NumericEquals: { 'aws:EpochTime': 1.5 }, Bool: { 'aws:SecureTransport': [true, 'False'] } }),
    ],
    [
      'policy variables',
      withStatement({ Resource: "arn:aws:inspector:*:*:target/${aws:username}${*}${?}${$}${aws:UserId, 'none'}" }),
    ],
    [
      'no policy variables in the older version',
      { Statement: { ...allow, Resource: 'arn:aws:inspector:*:*:target/${aws:' } },
    ],
    ['tags in condition keys', withCondition({ StringEquals: { 'aws:RequestTag/cost centre+1': 'x' } })],
    ['a member called __proto__ in another object only', { Statement: allow, Id: '__proto__' }],
  ])('%s', (_, document) => {
    expect(parsePolicy(JSON.stringify(document)).statements.length).toBeGreaterThan(0);
  });

  test.each(builtInNames)('the built-in %s', (name) => {
    expect(keptPolicy(name)).toEqual(parsePolicy(builtInDocument(name)));
    expect(policyName(name)).toBe(name);
  });

  test('null as the administrator', () => {
    expect(keptPolicy(null)).toEqual(keptPolicy('administrator'));
    expect(policyName(null)).toBe('administrator');
  });
});

describe('is refused, with the place:', () => {
  test.each<[string, unknown, string]>([
    ['no JSON', '{', 'The policy must be a JSON object'],
    ['nothing', '', 'The policy must be a JSON object'],
    ['a text of brackets', '['.repeat(9000), 'The policy is nested deeper than 16 levels'],
    ['objects in objects', `${'{"a":'.repeat(1500)}1${'}'.repeat(1500)}`, 'The policy is nested deeper than 16 levels'],
    ['a list', '[]', 'The policy must be a JSON object'],
    ['null', 'null', 'The policy must be a JSON object'],
    ['an unknown element', { Statement: allow, Statements: [] }, 'The policy has no element "Statements"'],
    ['an element in another case', { statement: allow }, 'The policy has no element "statement"'],
    ['__proto__', '{"__proto__": {}, "Statement": {}}', 'The policy has no element "__proto__"'],
    ['another version', { Version: '2012-10-18', Statement: allow }, 'Version must be "2012-10-17" or "2008-10-17"'],
    ['a version that is no string', { Version: 2012, Statement: allow }, 'Version must be'],
    ['an Id that is no string', { Id: 1, Statement: allow }, 'Id must be a string'],
    ['no Statement', { Version: '2012-10-17' }, 'Statement is missing'],
    ['no statement', { Statement: [] }, 'Statement must have a statement'],
    ['a statement that is none', { Statement: [allow, 'allow'] }, 'Statement[1] must be a JSON object'],
    ['a Principal', withStatement({ Principal: '*' }), 'Statement[0].Principal has no place here'],
    ['a NotPrincipal', withStatement({ NotPrincipal: '*' }), 'Statement[0].NotPrincipal has no place here'],
    [
      'an unknown element of a statement',
      withStatement({ Conditions: {} }),
      'Statement[0] has no element "Conditions"',
    ],
    ['a Sid with blanks', withStatement({ Sid: 'a b' }), 'Statement[0].Sid must be letters and digits'],
    [
      'the same Sid twice',
      {
        Statement: [
          { ...allow, Sid: 'A' },
          { ...allow, Sid: 'A' },
        ],
      },
      'Statement has two statements of Sid "A"',
    ],
    ['no Effect', { Statement: { Action: '*', Resource: '*' } }, 'Statement[0].Effect must be "Allow" or "Deny"'],
    ['an Effect in another case', withStatement({ Effect: 'allow' }), 'Statement[0].Effect must be "Allow" or "Deny"'],
    [
      'no Action',
      { Statement: { Effect: 'Allow', Resource: '*' } },
      'Statement[0] must have either Action or NotAction',
    ],
    ['Action and NotAction', withStatement({ NotAction: '*' }), 'Statement[0] must have either Action or NotAction'],
    [
      'no Resource',
      { Statement: { Effect: 'Allow', Action: '*' } },
      'Statement[0] must have either Resource or NotResource',
    ],
    [
      'Resource and NotResource',
      withStatement({ NotResource: '*' }),
      'Statement[0] must have either Resource or NotResource',
    ],
    ['no actions', withStatement({ Action: [] }), 'Statement[0].Action must have a value'],
    [
      'an action without a service',
      withStatement({ Action: 'ListFindings' }),
      'Statement[0].Action must be * or of the form',
    ],
    [
      'an action of a wildcard service',
      withStatement({ Action: 'insp*:List' }),
      'Statement[0].Action must be * or of the form',
    ],
    [
      'an action with blanks',
      withStatement({ Action: 'inspector:List ' }),
      'Statement[0].Action must be * or of the form',
    ],
    ['an action that is no string', withStatement({ Action: [1] }), 'Statement[0].Action must be a string'],
    ['null', withStatement({ Action: null }), 'Statement[0].Action must be a string'],
    ['a resource that is no ARN', withStatement({ Resource: 'target/*' }), 'Statement[0].Resource must be * or an ARN'],
    ['an empty resource', withStatement({ Resource: '' }), 'Statement[0].Resource must be * or an ARN'],
    [
      'a policy variable that does not end',
      withStatement({ Resource: 'arn:aws:inspector:*:*:${aws:username' }),
      'Statement[0].Resource has a ${',
    ],
    [
      'a policy variable of no service',
      withStatement({ Resource: 'arn:aws:inspector:*:*:${username}' }),
      'Statement[0].Resource has a ${',
    ],
    [
      'a lone surrogate',
      '{"Id": "\\ud800", "Statement": {"Effect":"Allow","Action":"*","Resource":"*"}}',
      'The policy must be Unicode text',
    ],
    [
      'a member twice',
      '{"Statement": {"Effect":"Deny","Action":"*","Resource":"*","Effect":"Allow"}}',
      'The policy has an object with two members "Effect"',
    ],
    [
      'a member twice, once with an escape',
      '{"Statement": {"Effect":"Deny","Action":"*","Resource":"*","\\u0045ffect":"Allow"}}',
      'two members "Effect"',
    ],
    [
      'an operator twice',
      '{"Statement": {"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"true"},"Bool":{"aws:username":"true"}}}}',
      'two members "Bool"',
    ],
  ])('%s', (_, document, says) => {
    const text = typeof document === 'string' ? document : JSON.stringify(document);
    expect(() => parsePolicy(text)).toThrow(PolicyFault);
    expect(() => parsePolicy(text)).toThrow(says);
  });

  test('more than 10 KiB, counted in bytes', () => {
    const padded = (fill: string) => JSON.stringify({ Id: fill, Statement: allow });
    const rest = Buffer.byteLength(padded(''));
    expect(parsePolicy(padded('a'.repeat(MAX_POLICY - rest))).statements).toHaveLength(1);
    expect(() => parsePolicy(padded('a'.repeat(MAX_POLICY - rest + 1)))).toThrow('must be at most 10240 bytes');
    expect(() => parsePolicy(padded('ü'.repeat((MAX_POLICY - rest) / 2 + 1)))).toThrow('must be at most 10240 bytes');
  });

  test('what is nested as deep as fits', () => {
    expect(() => parsePolicy(`{"Statement":${'['.repeat(5000)}${']'.repeat(5000)}}`)).toThrow(
      'nested deeper than 16 levels',
    );
    expect(() => parsePolicy(`{"Id":${'{"a":'.repeat(1500)}1${'}'.repeat(1500)}}`)).toThrow(
      'nested deeper than 16 levels',
    );
  });
});

test('the same member name in different objects is not twice', () => {
  const condition = { StringEquals: { 'aws:username': 'a' }, StringNotEquals: { 'aws:username': '{"b":1,"b":2}' } };
  expect(
    parsePolicy(JSON.stringify({ Statement: [{ ...allow, Condition: condition }, allow] })).statements,
  ).toHaveLength(2);
});

test('whatever JSON it is given, it compiles or says why', () => {
  const words = fc.constantFrom(
    'Version',
    '2012-10-17',
    'Statement',
    'Effect',
    'Allow',
    'Deny',
    'Action',
    'NotAction',
    '*',
    'Resource',
    'Condition',
    'StringLike',
    'aws:username',
    'arn:aws:inspector:*',
    '${aws:username}',
    '${',
    'IpAddress',
    '::/0',
    'Sid',
    '__proto__',
  );
  const { json } = fc.letrec((tie) => ({
    json: fc.oneof(
      { depthSize: 'medium' },
      words,
      fc.jsonValue(),
      fc.array(tie('json'), { maxLength: 3 }),
      fc.dictionary(words, tie('json'), { maxKeys: 5 }),
    ),
  }));
  fc.assert(
    fc.property(json, (value) => {
      try {
        parsePolicy(JSON.stringify(value));
      } catch (error) {
        expect(error).toBeInstanceOf(PolicyFault);
      }
    }),
    { numRuns: propertyRuns(2000) },
  );
});
