// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policy variables are written so
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { evaluatePolicy } from '../../../packages/server/src/domain/policy/evaluate-policy.ts';
import { parsePolicy } from '../../../packages/server/src/domain/policy/parse-policy.ts';
import { propertyRuns } from '../../support/effort.ts';

const names = ['ListFindings', 'ListRulesPackages', 'DescribeFindings', 'DeleteAssessmentRun'];
const ids = ['0-aaaaaaaa', '0-bbbbbbbb', '0-aaaaAAAA'];
const resources = ['*', ...ids.map((id) => `arn:aws:inspector:us-east-1:123456789012:target/${id}`)];

const oneOrMore = <T>(one: fc.Arbitrary<T>) => fc.oneof(one, fc.array(one, { minLength: 1, maxLength: 3 }));
const actionPattern = fc.oneof(
  fc.constantFrom('*', 'inspector:*', 's3:*', 'INSPECTOR:list*', 'inspector:*findings', 'inspector:?????indings'),
  fc.constantFrom(...names).map((name) => `inspector:${name}`),
);
const resourcePattern = fc.constantFrom(
  '*',
  'arn:aws:inspector',
  'arn:aws:inspector:*:*:target/0-a*',
  'arn:aws:inspector:us-east-1:123456789012:target/0-????????',
  'arn:aws:inspector:us-east-1:*:target/0-aaaaAAAA',
  'arn:aws:inspector:eu-west-1:*:*',
  'arn:aws:inspector:::target/${aws:username}',
);
const condition = fc.constantFrom(
  {},
  { StringEquals: { 'aws:username': 'me' } },
  { StringNotEquals: { 'aws:username': ['me', '${aws:nothing}'] } },
  { Bool: { 'aws:SecureTransport': 'true' } },
  { Null: { 'aws:username': 'true' } },
  { 'ForAllValues:StringLike': { 'aws:TagKeys': ['a*'] } },
);
const statementOf = (effect: fc.Arbitrary<string>) =>
  fc
    .record({
      effect,
      action: oneOrMore(actionPattern),
      notAction: fc.boolean(),
      resource: oneOrMore(resourcePattern),
      notResource: fc.boolean(),
      condition,
    })
    .map((one) => ({
      Effect: one.effect,
      [one.notAction ? 'NotAction' : 'Action']: one.action,
      [one.notResource ? 'NotResource' : 'Resource']: one.resource,
      Condition: one.condition,
    }));
const statements = fc.array(statementOf(fc.constantFrom('Allow', 'Deny')), { minLength: 1, maxLength: 5 });
const request = fc.record({
  action: fc.constantFrom(...names).map((name) => `inspector:${name}`),
  resource: fc.constantFrom(...resources),
  context: fc.dictionary(
    fc.constantFrom('aws:username', 'aws:securetransport', 'aws:tagkeys'),
    fc.constantFrom(['me'], ['true'], ['a', 'b'], []),
  ),
});
type Request = typeof request extends fc.Arbitrary<infer T> ? T : never;

const effectOf = (list: readonly object[], { action, resource, context }: Request) =>
  evaluatePolicy(parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: list })), {
    action,
    resource,
    lookup: (key) => (Object.hasOwn(context, key) ? context[key] : undefined),
  }).effect;

const runs = { numRuns: propertyRuns(2000) };

test('one more Deny never allows more', () => {
  fc.assert(
    fc.property(statements, statementOf(fc.constant('Deny')), request, (list, more, asked) => {
      const before = effectOf(list, asked);
      const after = effectOf([...list, more], asked);
      expect(after === before || after === 'ExplicitDeny').toBe(true);
    }),
    runs,
  );
});

test('one more Allow never denies more', () => {
  fc.assert(
    fc.property(statements, statementOf(fc.constant('Allow')), request, (list, more, asked) => {
      const before = effectOf(list, asked);
      const after = effectOf([...list, more], asked);
      expect(after === before || (before === 'ImplicitDeny' && after === 'Allow')).toBe(true);
    }),
    runs,
  );
});

test('the order of statements changes nothing', () => {
  const shuffled = statements.chain((list) =>
    fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
  );
  fc.assert(
    fc.property(shuffled, request, ([list, other], asked) => {
      expect(effectOf(other, asked)).toBe(effectOf(list, asked));
    }),
    runs,
  );
});

test('the generated policies decide in every way', () => {
  const effects = fc
    .sample(fc.tuple(statements, request), { numRuns: 1000, seed: 1 })
    .map(([list, asked]) => effectOf(list, asked));
  expect(new Set(effects)).toEqual(new Set(['Allow', 'ExplicitDeny', 'ImplicitDeny']));
});

/** Matching again, by the regular expression engine. */
const expression = (pattern: string, flags: string): RegExp =>
  new RegExp(
    `^${pattern
      .replace(/[\\^$.|+()[\]{}/]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    flags,
  );
/** An ARN of too few fields has every other field too. */
const complete = (pattern: string): string =>
  pattern === '*' || pattern.split(':').length >= 6 ? pattern : `${pattern.replace(/:$/, '')}:*`;

test('statements without conditions decide as a naive evaluator does', () => {
  const characters = fc.constantFrom('a', 'B', '*', '?', '/', ':', '.', '-');
  const tail = fc.array(characters, { maxLength: 8 }).map((list) => list.join(''));
  const plain = fc.record({
    Effect: fc.constantFrom('Allow', 'Deny'),
    Action: fc.oneof(
      actionPattern,
      fc
        .array(fc.constantFrom('L', 'i', 's', 't', 'F', '*', '?'), { minLength: 1, maxLength: 8 })
        .map((list) => `inspector:${list.join('')}`),
    ),
    Resource: fc.oneof(
      fc.constantFrom('*', 'arn:aws:inspector', 'arn:aws:inspector:'),
      tail.map((text) => `arn:aws:i${text}`),
    ),
  });
  const asked = fc.record({
    action: fc.constantFrom('inspector:ListFindings', 'inspector:ListF', 'inspector:Lit'),
    resource: fc.oneof(
      fc.constantFrom(...resources),
      fc
        .array(fc.constantFrom('a', 'B', '/', ':', '.', '-'), { maxLength: 8 })
        .map((list) => `arn:aws:i${list.join('')}`),
    ),
  });
  fc.assert(
    fc.property(fc.array(plain, { minLength: 1, maxLength: 4 }), asked, (list, { action, resource }) => {
      const applying = list.filter(
        ({ Action, Resource }) =>
          expression(Action, 'is').test(action) && expression(complete(Resource), 's').test(resource),
      );
      const expected = applying.some(({ Effect }) => Effect === 'Deny')
        ? 'ExplicitDeny'
        : applying.length > 0
          ? 'Allow'
          : 'ImplicitDeny';
      expect(effectOf(list, { action, resource, context: {} })).toBe(expected);
    }),
    runs,
  );
});
