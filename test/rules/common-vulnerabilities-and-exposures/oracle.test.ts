import { describe, expect, test } from 'vitest';
import { advisoriesFromRecords } from '../../../packages/server/src/feeds/index/advisories-from-records.ts';
import { accuracyTable } from '../../support/accuracy/accuracy-table.ts';
import { belowFloor, floorOf } from '../../support/accuracy/floor.ts';
import { compare, measureAccuracy } from '../../support/accuracy/measure-accuracy.ts';
import type { Oracle } from '../../support/accuracy/oracles.ts';
import { skipNote, withoutData } from '../../support/shared-data.ts';
import { debianCve, hostOf, installed } from './hosts.ts';

describe.skipIf(withoutData)(`the reference tools on the same data${skipNote(withoutData)}`, async () => {
  const measured = withoutData ? [] : await measureAccuracy();
  const of = (file: string) => measured.find(({ oracle }) => oracle.file === file);

  test('no number is below the best there has been, and no difference is without its explanation', () => {
    expect(belowFloor(measured)).toEqual([]);
    expect(measured).toHaveLength(7);
  });

  test('each explanation is of as many pairs as docs/accuracy.md says', () => {
    const pairs = measured.map(({ explained }) => explained.map((each) => each.pairs));
    expect(pairs).toEqual([[], [], [], [946, 9], [473, 9], [473, 9, 3], []]);
  });

  test('what is not assessed is said, and nothing else', () => {
    // 20.20.2-1nodesource1+repack1 and 2.9-1~bpo12+1 are not Debian 12's.
    const others = ['Package nodejs', 'Package osslsigncode'];
    expect(of('tracker/debian12-workstation.debsecan.txt')?.notAssessed).toEqual(others);
    expect(of('alpine-3.10.4.expected.txt')?.notAssessed).toEqual([
      'Support of the release',
      'Vulnerabilities without a fix',
      'Repositories of the host',
    ]);
  });
});

describe('how accuracy is measured', async () => {
  const oracle: Oracle = {
    host: { file: 'none', os: { id: 'debian', versionId: '12' } },
    data: 'none',
    ecosystem: 'Debian:12',
    tool: 'none',
    file: 'none.txt',
    names: 'SOURCE',
    explanations: [
      { side: 'THEIRS', packages: ['foreign'], because: 'it is not Debian’s', record: 'DEBIAN-CVE-2024-0003' },
    ],
  };
  const advisories = await advisoriesFromRecords([
    debianCve('CVE-2024-0001', 'alpha', '2'),
    debianCve('CVE-2024-0002', 'beta'),
  ]);
  const host = hostOf(installed('alpha 1', 'beta 1', 'gamma 1', 'foreign 1'));
  const against = (...lines: string[]) => compare(oracle, host, advisories, lines);
  const same = ['CVE-2024-0001 alpha', 'CVE-2024-0002 beta'];

  test('the same pairs are all of both', () => {
    expect(against(...same)).toMatchObject({ ours: 2, theirs: 2, both: 2, precision: 1, recall: 1, unexplained: [] });
  });

  test('what differs lowers the one or the other, explained or not', () => {
    const measured = against(
      'CVE-2024-0001 alpha',
      'CVE-2024-0003 foreign',
      'CVE-2024-0004 gamma',
      'CVE-2024-0005 gamma',
    );
    expect(measured).toMatchObject({ both: 1, precision: 0.5, recall: 0.25, explainedPairs: 1 });
    expect(measured.settledRecall).toBeCloseTo(1 / 3);
    expect(measured.unexplained).toEqual(['+CVE-2024-0002 beta', '-CVE-2024-0004 gamma', '-CVE-2024-0005 gamma']);
  });

  test('an explanation holds for its own side alone', () => {
    const turned = { ...oracle, explanations: [{ ...oracle.explanations[0], side: 'OURS' as const }] } as Oracle;
    expect(compare(turned, host, advisories, [...same, 'CVE-2024-0003 foreign']).unexplained).toEqual([
      '-CVE-2024-0003 foreign',
    ]);
  });

  test('falling below the best, an unexplained difference, and what is not measured or not recorded are faults', () => {
    const best = floorOf([against(...same, 'CVE-2024-0003 foreign')]);
    expect(belowFloor([against(...same, 'CVE-2024-0003 foreign')], best)).toEqual([]);
    expect(belowFloor([against(...same, 'CVE-2024-0003 foreign', 'CVE-2024-0004 foreign')], best)).toEqual([
      'none.txt: recall fell from 0.666666 to 0.5',
    ]);
    expect(belowFloor([against('CVE-2024-0001 alpha')], best)).toEqual([
      'none.txt: both fell from 2 to 1',
      'none.txt: precision fell from 1 to 0.5',
      'none.txt: +CVE-2024-0002 beta is not explained in oracles.ts',
    ]);
    expect(belowFloor([], best)).toEqual(['none.txt: not measured any more']);
    expect(belowFloor([against(...same)], {})).toEqual(['none.txt: no number is recorded in test/accuracy-floor.json']);
  });

  test('the table has every number, every explanation and every pair without one', () => {
    const lines = accuracyTable([against('CVE-2024-0001 alpha', 'CVE-2024-0003 foreign', 'CVE-2024-0004 gamma')]);
    expect(lines.split('\n').map((line) => line.replace(/ {2,}/g, ' | '))).toEqual([
      'host | advisories | tool | pairs of | ours | theirs | both | precision | recall | explained | unexplained | recall without the explained',
      'none | none | none | CVE, source | 2 | 3 | 1 | 50.00 % | 33.33 % | 1 | 2 | 50.00 %',
      '',
      'none.txt:',
      ' | 1 only the tool’s, foreign: it is not Debian’s (DEBIAN-CVE-2024-0003)',
      ' | not explained: +CVE-2024-0002 beta',
      ' | not explained: -CVE-2024-0004 gamma',
    ]);
  });
});
