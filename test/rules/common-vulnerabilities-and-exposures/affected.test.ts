import { expect, test } from 'vitest';
import { dpkg } from '../../../packages/server/src/domain/versions/dpkg.ts';
import { judgeVersion } from '../../../packages/server/src/rules/common-vulnerabilities-and-exposures/affected.ts';

type Events = Parameters<typeof judgeVersion>[0]['ranges'][number];
const judge = (version: string, ...ranges: Events[]) => {
  const { outcome, fixed, comparison } = judgeVersion({ ranges }, version, dpkg);
  return [outcome, fixed, comparison];
};

const all = { introduced: '0' };

test.each<[string, Events, ...(string | null)[]]>([
  ['1.0', [all], 'AFFECTED', null, 'every version is affected, none has the fix'],
  ['1.0', [all, { fixed: '2.0' }], 'AFFECTED', '2.0', '1.0 < 2.0 (fixed)'],
  ['2.0', [all, { fixed: '2.0' }], 'NOT_AFFECTED', null, '2.0 >= 2.0 (fixed)'],
  ['2.0~rc1', [all, { fixed: '2.0' }], 'AFFECTED', '2.0', '2.0~rc1 < 2.0 (fixed)'],
  ['1.0', [all, { fixed: '0' }], 'NOT_AFFECTED', null, 'no version was ever affected (fixed 0)'],
  ['0~git1', [all, { fixed: '1.0' }], 'AFFECTED', '1.0', '0~git1 < 1.0 (fixed)'],
  ['0.9', [{ introduced: '1.0' }, { fixed: '2.0' }], 'NOT_AFFECTED', null, '0.9 < 1.0 (introduced)'],
  ['1.0', [{ introduced: '1.0' }, { fixed: '2.0' }], 'AFFECTED', '2.0', '1.0 >= 1.0 (introduced), 1.0 < 2.0 (fixed)'],
  ['1.0', [{ introduced: '1.0' }], 'AFFECTED', null, '1.0 >= 1.0 (introduced), and no fix'],
  ['1.0', [all, { lastAffected: '1.0' }], 'AFFECTED', null, '1.0 >= 0 (introduced), 1.0 <= 1.0 (last affected)'],
  ['1.1', [all, { lastAffected: '1.0' }], 'NOT_AFFECTED', null, '1.1 > 1.0 (last affected)'],
  ['1.9', [all, { limit: '2.0' }], 'AFFECTED', null, '1.9 >= 0 (introduced), and no fix'],
  ['2.0', [all, { limit: '2.0' }], 'NOT_AFFECTED', null, '2.0 >= 2.0 (limit)'],
  ['2.0', [all, { limit: '*' }], 'AFFECTED', null, 'every version is affected, none has the fix'],
])('%s under %j', (version, events, ...expected) => {
  expect(judge(version, events)).toEqual(expected);
  expect(judge(version, [...events].reverse())).toEqual(expected);
});

const branches: Events = [all, { fixed: '1.5' }, { introduced: '2.0' }, { fixed: '2.3' }];
test.each<[string, ...(string | null)[]]>([
  ['1.4', 'AFFECTED', '1.5', '1.4 >= 0 (introduced), 1.4 < 1.5 (fixed)'],
  ['1.6', 'NOT_AFFECTED', null, '1.6 >= 1.5 (fixed), 1.6 < 2.0 (introduced)'],
  ['2.1', 'AFFECTED', '2.3', '2.1 >= 2.0 (introduced), 2.1 < 2.3 (fixed)'],
  ['2.3', 'NOT_AFFECTED', null, '2.3 >= 2.3 (fixed)'],
])('of several fixed branches, %s is in its own', (version, ...expected) => {
  expect(judge(version, branches)).toEqual(expected);
  expect(judge(version, [...branches].reverse())).toEqual(expected);
});

test('a version is affected when any range says so, and is fixed at the highest', () => {
  expect(judge('1.0', [all, { fixed: '0.5' }], [all, { fixed: '1.2' }], [all, { fixed: '1.10' }])).toEqual([
    'AFFECTED',
    '1.10',
    '1.0 < 1.2 (fixed); 1.0 < 1.10 (fixed)',
  ]);
  expect(judge('1.0', [all, { fixed: '1.2' }], [all])).toEqual([
    'AFFECTED',
    null,
    '1.0 < 1.2 (fixed); every version is affected, none has the fix',
  ]);
});

test('listed versions are affected one by one; neither ranges nor versions is nothing', () => {
  const list = { ranges: [], versions: ['1.0-1', '1.0-2'] };
  expect(judgeVersion(list, '1.0-2', dpkg)).toMatchObject({ outcome: 'AFFECTED', fixed: null });
  expect(judgeVersion(list, '1.0-3', dpkg)).toMatchObject({ outcome: 'NOT_AFFECTED' });
  expect(judgeVersion({ ranges: [] }, '1.0', dpkg)).toMatchObject({ outcome: 'NOT_AFFECTED' });
});

test('a bound that cannot be compared is said, unless another range decides', () => {
  const odd: Events = [all, { fixed: 'not a version' }];
  expect(judge('1.0', odd)).toEqual([
    'NOT_ASSESSED',
    null,
    '"not a version" (fixed) is not a version that can be compared',
  ]);
  expect(judge('1.0', odd, [all])[0]).toBe('AFFECTED');
  expect(judge('1.0', odd, [all, { fixed: '0.1' }])[0]).toBe('NOT_ASSESSED');
});
