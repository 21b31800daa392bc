import { describe, expect, test } from 'vitest';
import type { ReleaseSupport } from '../../../packages/server/src/domain/release-support.ts';
import { advisoriesFromRecords } from '../../../packages/server/src/feeds/index/advisories-from-records.ts';
import { commonVulnerabilitiesAndExposures as rules } from '../../../packages/server/src/rules/common-vulnerabilities-and-exposures/index.ts';
import { supportOf } from '../../../packages/server/src/rules/common-vulnerabilities-and-exposures/support-of.ts';
import { debianCve, type HostOptions, hostOf, installed, record } from './hosts.ts';

const bookworm = { name: 'Debian 12', key: 'debian:12' };
const bionic = { name: 'Ubuntu 18.04', key: 'ubuntu:18.04' };
const day = (text: string): number => Date.parse(`${text}T12:00:00Z`);
const at = day('2026-08-21');

/** What a feed of a date says of a release. */
const feed = (date: string, said: Omit<ReleaseSupport, 'release'>, source = 'ends-of-life') => ({
  support: () => [{ ...said, release: 'any', source, date: day(date) }],
});

test('the last day of support counts', () => {
  const status = (time: string): string => supportOf(bookworm, { at: Date.parse(time), has: () => 'NO' }).status;
  expect(status('2026-07-11T23:59:59Z')).toBe('SUPPORTED');
  expect(status('2026-07-12T00:00:00Z')).toBe('EXTENDED');
  expect(status('2028-06-30T23:59:59Z')).toBe('EXTENDED');
  expect(status('2028-07-01T00:00:00Z')).toBe('ENDED');
});

describe('what says so, and of which date', () => {
  test("without a feed it is Assay's own table", () => {
    expect(supportOf(bookworm, { at }).text).toMatch(/by Assay's own table of 2026-12-01\)$/);
  });
  test('the later of two decides, whichever that is', () => {
    const later = feed('2026-12-02', { security: '2027-01-01', extended: [] });
    expect(supportOf(bookworm, { at, advisories: later })).toEqual({
      status: 'SUPPORTED',
      text: 'Debian 12 gets security fixes until 2027-01-01 (by ends-of-life of 2026-12-02)',
    });
    const frozen = feed('2024-01-01', { security: '2099-01-01', extended: [] });
    expect(supportOf(bookworm, { at, advisories: frozen }).status).toBe('EXTENDED');
  });
  test('a phase that only the earlier names stays', () => {
    const later = feed('2026-12-02', { security: '2026-07-11', extended: [] });
    expect(supportOf(bookworm, { at, advisories: later })).toMatchObject({
      status: 'EXTENDED',
      text: expect.stringContaining('Debian LTS fixes most of its packages until 2028-06-30'),
    });
  });
  test('an end that nobody announced is believed for a year', () => {
    const open = { advisories: feed('2027-01-01', { security: 'OPEN', extended: [] }) };
    expect(supportOf(bookworm, { at: day('2027-12-01'), ...open })).toMatchObject({
      status: 'SUPPORTED',
      text: expect.stringContaining('with no end announced'),
    });
    expect(supportOf(bookworm, { at: day('2028-02-01'), ...open }).status).toBe('UNKNOWN');
  });
  test('an end on a day that is not known is an end', () => {
    const over = { advisories: feed('2027-01-01', { security: 'OVER', extended: [] }) };
    expect(supportOf({ name: 'X 1', key: 'x:1' }, { at, ...over })).toMatchObject({ status: 'ENDED' });
  });
});

describe('support for subscribers is had, not had, or not known', () => {
  test.each([
    ['YES', 'EXTENDED'],
    ['NO', 'ENDED'],
    ['UNKNOWN', 'UNCERTAIN'],
  ] as const)('%s', (has, status) => {
    expect(supportOf(bionic, { at, has: () => has }).status).toBe(status);
  });

  const records = [
    record('UBUNTU-CVE-2024-0001', [{ ecosystem: 'Ubuntu:18.04:LTS', name: 'thing', fixed: '2' }]),
    record('UBUNTU-CVE-2024-0002', [{ ecosystem: 'Ubuntu:Pro:18.04:LTS', name: 'thing', fixed: '3' }]),
  ];
  const archive = { name: 'archive.ubuntu.com/ubuntu bionic main', origin: 'Ubuntu' };
  const esm = { name: 'esm.ubuntu.com/infra/ubuntu bionic-infra-security main', origin: 'UbuntuESM' };
  const of = async (version: string, repositories: HostOptions['repositories'], all = records) => {
    const evidence = hostOf(installed(`thing ${version}`), {
      os: { id: 'ubuntu', versionId: '18.04' },
      ...(repositories ? { repositories } : {}),
    });
    const verdicts = rules.evaluate(evidence, { at, advisories: await advisoriesFromRecords(all) });
    const verdict = verdicts.find(({ ruleId }) => ruleId === 'Support of the release');
    return verdict?.outcome === 'NOT_ASSESSED' ? verdict.reason : verdict?.outcome;
  };
  test('a host shows it by its repositories, or by what it has installed', async () => {
    expect(await of('2', [archive, esm])).toBe('PASSED');
    expect(await of('2+esm1', undefined)).toBe('PASSED');
    expect(await of('2', [archive])).toContain('are no longer investigated');
    expect(await of('2', [{ ...esm, enabled: false }, archive])).toContain('are no longer investigated');
    expect(await of('2', undefined)).toContain('whether this host gets these is not known');
  });
  test('without advisories of it, it is no support that a host is judged by', async () => {
    expect(await of('2+esm1', [archive, esm], records.slice(0, 1))).toContain('may no longer be investigated');
  });
});

test('a release whose end nothing tells is not told as supported', async () => {
  const evidence = hostOf(installed('thing 1'), { os: { versionId: '20' } });
  const advisories = await advisoriesFromRecords([
    debianCve('CVE-2024-0001', 'thing'),
    record('DEBIAN-CVE-2024-0002', [{ ecosystem: 'Debian:20', name: 'thing', fixed: '1' }]),
  ]);
  const verdict = rules
    .evaluate(evidence, { at, advisories })
    .find(({ ruleId }) => ruleId === 'Support of the release');
  expect(verdict).toMatchObject({ outcome: 'NOT_ASSESSED', because: { code: 'NOT_SETTLED' } });
});
