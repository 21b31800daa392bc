import { ListAssessmentRunsRequest } from '@assay/model/api/operations.ts';
import { AssessmentRunState } from '@assay/model/api/values.ts';
import { check } from '@assay/model/check.ts';
import { parse } from '@assay/model/parse.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { filterFields, parseDuration, runsQuery } from '../../packages/console/src/pages/runs/filter.ts';
import { queryOf, tokensOf } from '../../packages/console/src/pages/runs/filtering.ts';

const query = (...entries: [string, string][]) => runsQuery(new URLSearchParams(entries));
const local = (text: string): number => new Date(text).getTime() / 1000;
const template = 'arn:aws:inspector:us-east-1:123456789012:target/0-00000001/template/0-00000002';
const rulesPackage = 'arn:aws:inspector:us-east-1:316112463485:rulespackage/0-R01qwB5Q';

test('an empty form asks for every run', () => {
  expect(query()).toEqual({ input: {}, problems: [] });
  expect(runsQuery(new URLSearchParams(Object.values(filterFields).map((name) => [name, ' '])))).toEqual({
    input: {},
    problems: [],
  });
});

test('all seven filters and the templates, together', () => {
  expect(
    query(
      ['name', ' nightly-* '],
      ['state', 'FAILED'],
      ['state', 'COMPLETED'],
      ['template', template],
      ['package', rulesPackage],
      ['duration-min', '15m'],
      ['duration-max', '1h'],
      ['started-from', '2026-03-01T10:00'],
      ['started-to', '2026-03-02T10:00:30'],
      ['ended-from', '2026-03-03T00:00'],
      ['changed-to', '2026-03-04T23:59'],
    ),
  ).toEqual({
    input: {
      assessmentTemplateArns: [template],
      filter: {
        namePattern: 'nightly-*',
        states: ['FAILED', 'COMPLETED'],
        durationRange: { minSeconds: 900, maxSeconds: 3600 },
        rulesPackageArns: [rulesPackage],
        startTimeRange: { beginDate: local('2026-03-01T10:00'), endDate: local('2026-03-02T10:00:30.999') },
        completionTimeRange: { beginDate: local('2026-03-03T00:00') },
        stateChangeTimeRange: { endDate: local('2026-03-04T23:59:59.999') },
      },
    },
    problems: [],
  });
});

test.each([
  [['name', 'a'], { namePattern: '*a*' }],
  [['name', 'a*b'], { namePattern: 'a*b' }],
  [['name-is', 'a'], { namePattern: 'a' }],
  [['state', 'CANCELED'], { states: ['CANCELED'] }],
  [['package', rulesPackage], { rulesPackageArns: [rulesPackage] }],
  [['duration-min', '1'], { durationRange: { minSeconds: 1 } }],
  [['duration-max', '7d'], { durationRange: { maxSeconds: 604_800 } }],
  [['started-from', '2026-03-01T10:00'], { startTimeRange: { beginDate: local('2026-03-01T10:00') } }],
  [['ended-to', '2026-03-01T10:00'], { completionTimeRange: { endDate: local('2026-03-01T10:00:59.999') } }],
  [['changed-from', '2026-03-01T10:00'], { stateChangeTimeRange: { beginDate: local('2026-03-01T10:00') } }],
] as const)('one field alone: %j', ([name, value], filter) => {
  expect(query([name, value])).toEqual({ input: { filter }, problems: [] });
});

describe('what cannot be asked for is said at its field and left out', () => {
  test.each([
    ['state', 'NO_SUCH_STATE'],
    ['name', 'x'.repeat(141)],
    ['duration-min', '0'],
    ['duration-min', '-5'],
    ['duration-max', '8d'],
    ['duration-max', 'soon'],
    ['started-from', 'yesterday'],
    ['ended-to', '2026-13-01T00:00'],
    ['changed-from', '2026-03-01'],
  ])('%s=%s', (field, value) => {
    const { input, problems } = query([field, value]);
    expect(input).toEqual({});
    expect(problems).toMatchObject([{ field }]);
  });

  test.each([
    ['duration-min', '2h', 'duration-max', '1h'],
    ['started-from', '2026-03-02T00:00', 'started-to', '2026-03-01T00:00'],
    ['ended-from', '2026-03-02T00:00', 'ended-to', '2026-03-01T00:00'],
    ['changed-from', '2026-03-02T00:00', 'changed-to', '2026-03-01T00:00'],
  ])('a range that ends before it begins: %s=%s %s=%s', (from, begin, to, end) => {
    expect(query([from, begin], [to, end])).toMatchObject({ input: {}, problems: [{ field: to }] });
  });

  test('the rest is still asked for', () => {
    expect(query(['name', 'a*'], ['duration-min', 'x'])).toMatchObject({
      input: { filter: { namePattern: 'a*' } },
      problems: [{ field: 'duration-min' }],
    });
  });
});

test.each([
  ['1', 1],
  ['90s', 90],
  ['15 m', 900],
  ['1H', 3600],
  ['2d', 172_800],
  ['604800', 604_800],
  ['604801', undefined],
  ['1.5h', undefined],
  ['1h30m', undefined],
  ['', undefined],
])('the duration %j is %j seconds', (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds);
});

test('tokens stand in the address and come back from it', () => {
  const tokens = [
    { propertyKey: 'name', operator: ':', value: 'a & b' },
    { propertyKey: 'state', operator: '=', value: ['FAILED', 'ERROR'] },
    { propertyKey: 'duration-min', operator: '<=', value: '1h' },
    { propertyKey: 'started-from', operator: '>=', value: '2026-03-01T10:00' },
  ];
  const address = 'name=a+%26+b&state=FAILED&state=ERROR&duration-max=1h&started-from=2026-03-01T10%3A00';
  expect(queryOf(tokens).toString()).toBe(address);
  expect(tokensOf(new URLSearchParams(address))).toEqual(tokens);
});

test('a newer name or range takes the place of an older one, and states join', () => {
  expect(
    queryOf([
      { operator: ':', value: 'a' },
      { propertyKey: 'name', operator: '=', value: 'b' },
      { propertyKey: 'state', operator: '=', value: ['FAILED'] },
      { propertyKey: 'state', operator: '=', value: ['ERROR', 'FAILED'] },
      { propertyKey: 'ended-from', operator: '>=', value: '2026-03-01T10:00' },
      { propertyKey: 'ended-from', operator: '>=', value: '2026-03-02T10:00' },
      { propertyKey: 'changed-from', operator: '<=', value: null },
    ]).toString(),
  ).toBe('name-is=b&state=FAILED&state=ERROR&ended-from=2026-03-02T10%3A00');
});

test('whatever an address says, what is asked is an input of the API or has a problem that says why not', () => {
  const value = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 150 }),
    fc.constantFrom(...AssessmentRunState.values, '15m', '0', '1h', '9d', '2026-03-01T10:00', '2025-03-01T10:00:59'),
  );
  const entry = fc.tuple(fc.constantFrom(...Object.values(filterFields)), value);
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 12 }), (entries) => {
      const form = new URLSearchParams(entries.map(([name, text]) => [name, text.toWellFormed()]));
      // ARNs come from the lists that the API gave, and are left to it to judge.
      form.delete('template');
      form.delete('package');
      const { input, problems } = runsQuery(form);
      expect(check(ListAssessmentRunsRequest, parse(ListAssessmentRunsRequest, input))).toEqual([]);
      const filled = [...form.values()].filter((text) => text.trim() !== '');
      if (filled.length > 0 && Object.keys(input).length === 0) expect(problems).not.toEqual([]);
    }),
  );
});
