import {
  AssessmentRun,
  AssessmentTarget,
  AssessmentTemplate,
  Exclusion,
  Finding,
  ResourceGroup,
} from '@assay/model/api/structures.ts';
import {
  exclusionArn,
  findingArn,
  resourceGroupArn,
  runArn,
  type Scope,
  targetArn,
  templateArn,
} from '@assay/model/arn.ts';
import { elementOf, membersOf, type Shape, type Static } from '@assay/model/shape.ts';
import fc from 'fast-check';

const alphabet = [...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'];
const id = fc
  .array(fc.constantFrom(...alphabet), { minLength: 8, maxLength: 8 })
  .map((letters) => `0-${letters.join('')}`);
const scope: fc.Arbitrary<Scope> = fc.record({
  account: fc.constantFrom('123456789012', '000000000001'),
  region: fc.constantFrom('us-east-1', 'us-gov-west-1', 'cn-north-1', 'eu-west-1'),
});
/** Whole milliseconds, as the API gives times. */
const time = fc.integer({ min: -1e12, max: 4e12 }).map((ms) => ms / 1000);

/** Any value that a shape allows, times in milliseconds. */
function anyOf(shape: Shape): fc.Arbitrary<unknown> {
  switch (shape.type) {
    case 'string': {
      const { min = 0, max = 40 } = shape;
      return fc
        .string({ unit: 'binary', minLength: min, maxLength: Math.max(min, Math.min(max, 12)) })
        .map((text) => text.replaceAll('\0', '\n'));
    }
    case 'enum':
      return fc.constantFrom(...shape.values);
    case 'integer':
    case 'long':
      return fc.integer({ min: shape.min ?? -(2 ** 31), max: shape.max ?? 2 ** 31 - 1 });
    case 'double':
      return fc.double({ min: shape.min ?? -1e9, max: shape.max ?? 1e9, noNaN: true }).map((value) => value + 0);
    case 'boolean':
      return fc.boolean();
    case 'timestamp':
      return time;
    case 'list':
      return fc.array(anyOf(elementOf(shape)), { minLength: shape.min ?? 0, maxLength: Math.min(shape.max ?? 4, 4) });
    case 'map':
      return fc.dictionary(anyOf(shape.key as Shape) as fc.Arbitrary<string>, anyOf(elementOf(shape)), {
        maxKeys: 5,
      });
    case 'structure': {
      const members = Object.entries(membersOf(shape)).map(([name, member]) => [name, anyOf(member)] as const);
      return fc.record(Object.fromEntries(members), {
        requiredKeys: shape.required as string[],
        noNullPrototype: true,
      });
    }
  }
}

const of = <S extends Shape>(shape: S): fc.Arbitrary<Static<S>> => anyOf(shape) as fc.Arbitrary<Static<S>>;

/** A line of an import, and whose it is. */
export interface RandomItem {
  readonly kind: string;
  readonly scope: Scope;
  readonly item: { readonly arn: string };
}

const item = (
  kind: string,
  values: fc.Arbitrary<object>,
  members: (scope: Scope, ids: readonly [string, string, string, string], value: object) => { arn: string },
): fc.Arbitrary<RandomItem> =>
  fc
    .tuple(scope, fc.tuple(id, id, id, id), values)
    .map(([own, ids, value]) => ({ kind, scope: own, item: { ...value, ...members(own, ids, value) } }));

/** Items of every kind as describe-* could return them, members that may be left out left out at random. */
export const randomItem: fc.Arbitrary<RandomItem> = fc.oneof(
  item('resourceGroup', of(ResourceGroup), (own, [group]) => ({ arn: resourceGroupArn(own, group) })),
  item('assessmentTarget', of(AssessmentTarget), (own, [target, group], value) => ({
    arn: targetArn(own, target),
    ...('resourceGroupArn' in value ? { resourceGroupArn: resourceGroupArn(own, group) } : {}),
  })),
  item('assessmentTemplate', of(AssessmentTemplate), (own, [target, template]) => ({
    arn: templateArn(own, target, template),
    assessmentTargetArn: targetArn(own, target),
  })),
  item('assessmentRun', of(AssessmentRun), (own, [target, template, run]) => ({
    arn: runArn(own, target, template, run),
    assessmentTemplateArn: templateArn(own, target, template),
  })),
  item('finding', of(Finding), (own, [target, template, run, finding], value) => {
    const { serviceAttributes } = value as Static<typeof Finding>;
    return {
      arn: findingArn(own, target, template, run, finding),
      ...(serviceAttributes === undefined
        ? {}
        : {
            serviceAttributes: {
              ...serviceAttributes,
              ...('assessmentRunArn' in serviceAttributes
                ? { assessmentRunArn: runArn(own, target, template, run) }
                : {}),
            },
          }),
    };
  }),
  item('exclusion', of(Exclusion), (own, [target, template, run, exclusion]) => ({
    arn: exclusionArn(own, target, template, run, exclusion),
  })),
);

const own: Scope = { account: '123456789012', region: 'us-east-1' };
export const packageArn = 'arn:aws:inspector:us-east-1:316112463485:rulespackage/0-R01qwB5Q';

/** A run as describe-assessment-runs returned it. */
export const runItem = (changes: Record<string, unknown> = {}, id = '0-run00000') => ({
  arn: runArn(own, '0-target00', '0-templat0', id),
  name: 'nightly',
  assessmentTemplateArn: templateArn(own, '0-target00', '0-templat0'),
  state: 'COMPLETED',
  durationInSeconds: 3600,
  rulesPackageArns: [packageArn],
  userAttributesForFindings: [{ key: 'team', value: 'blue' }, { key: 'bare' }],
  createdAt: 1458680170.035,
  startedAt: 1458680171,
  completedAt: 1458683770.5,
  stateChangedAt: 1458683770.5,
  dataCollected: true,
  stateChanges: [{ stateChangedAt: 1458680170.035, state: 'CREATED' }],
  notifications: [{ date: 1458680171.25, event: 'ASSESSMENT_RUN_STARTED', error: false }],
  findingCounts: { High: 1, Low: 0 },
  ...changes,
});
