import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { feedsDirectory, readCurrent } from '../../packages/server/src/feeds/feeds-directory.ts';
import { type OpenedAdvisories, openAdvisories } from '../../packages/server/src/feeds/index/open-advisories.ts';
import { expandSource } from '../../packages/server/src/feeds/sources/expand-source.ts';
import { osvFile } from '../../packages/server/src/feeds/sources/osv-file.ts';
import { type UpdateSummary, updateFeeds } from '../../packages/server/src/feeds/update-feeds.ts';
import { sharedData, sharedFile, skipNote } from '../support/shared-data.ts';
import { feedPorts } from './feed-server.ts';
import { collected } from './fixture-files.ts';

const { absent } = sharedFile('data/osv/Debian-2025-02-12/all.zip');

describe.skipIf(absent)(`real feeds${skipNote(absent)}`, () => {
  let summary: UpdateSummary;
  let advisories: OpenedAdvisories;
  let indexFile: string;

  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'assay-feeds-'));
    const directory = feedsDirectory(folder);
    const sources = [
      ...['AlmaLinux', 'Alpaquita', 'Alpine', 'RockyLinux', 'RedHat', 'SUSE', 'Ubuntu-2024-08-09', 'Debian'].map(
        (name) => `osv/${name}.jsonl.gz`,
      ),
      'osv/Debian-2025-02-12/all.zip',
      'kev/known_exploited_vulnerabilities.json.gz',
      'epss/epss_scores-2026-08-16.csv.gz',
    ];
    const feeds = sources.flatMap((source) => expandSource(join(sharedData, source)));
    summary = await updateFeeds(feedPorts(), directory, feeds);
    indexFile = join(directory.index, readCurrent(directory).index ?? '');
    advisories = openAdvisories(indexFile);
    return () => {
      advisories.close();
      rmSync(folder, { recursive: true, force: true });
    };
  });

  test('every record is taken, or left for a reason: all but one can be read', () => {
    const counts = summary.feeds.map(({ name, part }) => [
      name,
      part?.records,
      part?.refused.withdrawn,
      part?.refused['names no CVE'],
      part?.refused.unreadable,
      part?.notes,
    ]);
    expect(counts).toEqual([
      ['AlmaLinux', 5637 - 1206, 0, 1206, 0, 0],
      ['Alpaquita', 16989 - 4588, 4588, 0, 0, 0],
      ['Alpine', 7584, 0, 0, 0, 0],
      ['RockyLinux', 1491, 0, 0, 0, 0],
      ['RedHat', 4643, 0, 0, 0, 0],
      ['SUSE', 2043 - 113, 0, 113, 0, 0],
      ['Ubuntu-2024-08-09', 7207, 0, 0, 0, 0],
      // DSA-423 gives the name of a package as the fix of it.
      ['Debian', 11271 - 508, 0, 508, 1, 0],
      ['Debian-2025-02-12', 44152 - 522, 0, 522, 1, 0],
      ['known_exploited_vulnerabilities', 1662, 0, 0, 0, 0],
      ['epss_scores-2026-08-16', 360142, 0, 0, 0, 0],
    ]);
  });

  test('the index is well under 65 MB', () => {
    expect(statSync(indexFile).size).toBeLessThan(55_000_000);
  });

  test('Debian 12 has what the README counts of it, and what the oracle found is in it', () => {
    expect(advisories.coverage('Debian:12')).toMatchObject({ feed: 'Debian, Debian-2025-02-12' });
    const lines = readFileSync(join(sharedData, 'oracle/tracker/debian12-workstation.cve-source.txt'), 'utf8')
      .trim()
      .split('\n');
    const missing = lines.filter((line) => {
      const [cve = '', source = ''] = line.split(/\s+/);
      return !advisories.affected('Debian:12', source).some(({ record }) => record === `DEBIAN-${cve}`);
    });
    expect(lines.length).toBe(812);
    expect(missing).toEqual([]);
  });

  test('every entry’s record is there', () => {
    for (const [ecosystem, name] of [
      ['Debian:12', 'linux'],
      ['Ubuntu:22.04:LTS', 'linux'],
      ['AlmaLinux:9', 'kernel'],
      ['Red Hat:enterprise_linux:9::baseos', 'kernel'],
      ['openSUSE:Leap 15.5', 'kernel-default'],
      ['Alpine:v3.20', 'openssl'],
      ['Rocky Linux:8', 'kernel'],
    ] as const) {
      const entries = advisories.affected(ecosystem, name);
      expect([ecosystem, entries.length > 0]).toEqual([ecosystem, true]);
      expect(entries.filter(({ record }) => advisories.record(record)?.id !== record)).toEqual([]);
    }
  });

  test('facts of a CVE that everybody knows', () => {
    expect(advisories.facts('CVE-2021-44228')).toMatchObject({ knownExploited: '2021-12-10', epss: { percentile: 1 } });
  });
});

test.skipIf(absent)(`one feed as lines and as a zip archive gives one digest${skipNote(absent)}`, async () => {
  const digests = await Promise.all(
    ['osv/AlmaLinux.jsonl.gz', 'osv/AlmaLinux/all.zip'].map(async (source, index) => {
      const folder = mkdtempSync(join(tmpdir(), 'assay-feeds-'));
      const feeds = expandSource(join(sharedData, source));
      const { digest } = await updateFeeds(feedPorts({ now: index }), feedsDirectory(folder), feeds);
      rmSync(folder, { recursive: true, force: true });
      return digest;
    }),
  );
  expect(digests[0]).toBeDefined();
  expect(digests[1]).toBe(digests[0]);
});

test.skipIf(absent)(`untouched records of Debian’s old export are all read${skipNote(absent)}`, async () => {
  const outcomes = await collected(osvFile(join(sharedData, 'samples/debian-osv-untouched.jsonl.gz')));
  const unread = outcomes.filter((outcome) => 'refusal' in outcome && outcome.refusal === 'unreadable');
  expect([outcomes.length, unread]).toEqual([299, []]);
});
