import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { epssFile } from '../../../packages/server/src/feeds/sources/epss.ts';
import { kevFile } from '../../../packages/server/src/feeds/sources/kev.ts';
import { collected, testFile } from '../fixture-files.ts';

test('EPSS: a score and a percentile by CVE', async () => {
  const csv =
    '#model_version:v2025.03.14,score_date:2026-08-16T00:00:00Z\ncve,epss,percentile\nCVE-1999-0001,0.01297,0.85\n';
  expect(await collected(epssFile(testFile('epss.csv.gz', gzipSync(csv))))).toEqual([
    { item: { kind: 'epss', cve: 'CVE-1999-0001', score: 0.01297, percentile: 0.85 }, asOf: '2026-08-16T00:00:00Z' },
  ]);
});

test.each(['CVE-1999-0001,1.5,0.1', 'CVE-1999-0001,,0.1', 'CVE-1999-0001,0.1', 'X,0.1,0.1', 'CVE-1999-0001,0.1,0.1,1'])(
  'EPSS: the line %s is named',
  async (line) => {
    const [outcome] = await collected(epssFile(testFile('epss.csv', `cve,epss,percentile\n${line}\n`)));
    expect(outcome).toMatchObject({ refusal: 'unreadable' });
  },
);

test.each(['', '#only a comment\n', 'cve,score\nCVE-1999-0001,1\n', '<html>'])('EPSS: %j is none', async (csv) => {
  await expect(collected(epssFile(testFile('epss.csv', csv)))).rejects.toThrow(/columns|empty/);
});

test('KEV: the date that each CVE was added', async () => {
  const json = {
    catalogVersion: '1',
    vulnerabilities: [
      { cveID: 'CVE-2021-44228', dateAdded: '2021-12-10' },
      { cveID: 'CVE-2021-44229', dateAdded: 'soon' },
      null,
    ],
  };
  expect(await collected(kevFile(testFile('kev.json', JSON.stringify(json))))).toEqual([
    { item: { kind: 'knownExploited', cve: 'CVE-2021-44228', added: '2021-12-10' } },
    { refusal: 'unreadable', what: 'CVE-2021-44229', reason: 'it has no CVE with a date' },
    { refusal: 'unreadable', what: 'entry 3', reason: 'it has no CVE with a date' },
  ]);
});

test.each(['{}', '[]', '{"vulnerabilities": 7}', '<html>'])('KEV: %s is none', async (json) => {
  await expect(collected(kevFile(testFile('kev.json', json)))).rejects.toThrow();
});
