import fc from 'fast-check';
import { expect, test } from 'vitest';
import { advisoriesFromRecords } from '../../../packages/server/src/feeds/index/advisories-from-records.ts';
import { explain } from '../../../packages/server/src/rules/common-vulnerabilities-and-exposures/explain.ts';
import { commonVulnerabilitiesAndExposures as rules } from '../../../packages/server/src/rules/common-vulnerabilities-and-exposures/index.ts';
import { propertyRuns } from '../../support/effort.ts';
import { at, clean, debianCve, hostOf, judgeBy, record } from './hosts.ts';

const versions = ['1.0-1', '1.0-1+deb12u1', '1.0~rc1-1', '1:0.5-1', '2.0-1', '2.0-2'];
const version = fc.constantFrom(...versions);
const source = fc.constantFrom('openssl', 'zlib', 'curl', 'linux');
const installed = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom('a', 'b', 'c', 'd', 'openssl', 'zlib', 'linux-image-6.1.0-1-amd64', 'linux-perf'),
    version,
    sourceName: source,
  }),
  { maxLength: 8, selector: ({ name }) => name },
);
const cves = Array.from({ length: 8 }, (_, index) => `CVE-2024-000${index}`);
const urgency = fc.constantFrom('low', 'high', 'unimportant', 'not yet assigned');
const entry = fc.record({ name: source, fixed: fc.option(version, { nil: undefined }), urgency });
const records = fc
  .array(
    fc.tuple(
      fc.constantFrom(...cves),
      fc.uniqueArray(entry, { minLength: 1, maxLength: 3, selector: ({ name }) => name }),
    ),
    { minLength: 1, maxLength: 8 },
  )
  .map((all) =>
    [...new Map(all)].map(([cve, entries]) =>
      record(
        `DEBIAN-${cve}`,
        entries.map(({ name, fixed, urgency: word }) => ({
          ecosystem: 'Debian:12',
          name,
          specific: { urgency: word },
          ...(fixed === undefined ? {} : { fixed }),
        })),
      ),
    ),
  );
const uname = '6.1.0-1-amd64';
const runs = { numRuns: propertyRuns(60) };

const verdicts = async (packages: Parameters<typeof hostOf>[0], all: readonly unknown[]) =>
  rules.evaluate(hostOf(packages, { uname }), { advisories: await advisoriesFromRecords(all), at });

test('an advisory of one CVE changes no verdict of another', () =>
  fc.assert(
    fc.asyncProperty(
      installed,
      records,
      fc.option(version, { nil: undefined }),
      source,
      async (packages, all, fixed, name) => {
        const before = await verdicts(packages, all);
        const after = await verdicts(packages, [...all, debianCve('CVE-2025-9999', name, fixed)]);
        const old = (list: typeof before) => list.filter(({ ruleId }) => ruleId.startsWith('CVE-2024-'));
        expect(old(after)).toEqual(old(before));
      },
    ),
    runs,
  ));

test('packages that all have the fix have no findings', () =>
  fc.assert(
    fc.asyncProperty(installed, records, async (packages, all) => {
      const fixed = all.filter(({ affected }) =>
        affected.every(({ ranges }) => ranges.every(({ events }) => events.length === 2)),
      );
      const updated = packages.map((each) => ({ ...each, version: '2:1-1' }));
      const advisories = await advisoriesFromRecords([...fixed, debianCve('CVE-2025-0001', 'other')]);
      expect(judgeBy(hostOf(updated), advisories).findings).toEqual(clean.findings);
    }),
    runs,
  ));

test('the order of packages and of records is irrelevant, to the byte', () =>
  fc.assert(
    fc.asyncProperty(installed, records, async (packages, all) => {
      const withoutDigest = (list: Awaited<ReturnType<typeof verdicts>>) =>
        JSON.stringify(list).replace(/SHA-256 [0-9a-f]{64}/g, 'SHA-256');
      const one = withoutDigest(await verdicts(packages, all));
      expect(withoutDigest(await verdicts([...packages].reverse(), [...all].reverse()))).toBe(one);
    }),
    runs,
  ));

test('why answers as the findings do, for every CVE', () =>
  fc.assert(
    fc.asyncProperty(installed, records, async (packages, all) => {
      const advisories = await advisoriesFromRecords(all);
      const host = hostOf(packages, { uname });
      const found = new Map(
        rules
          .evaluate(host, { advisories, at })
          .flatMap((each) => (each.outcome === 'FINDING' ? [[each.ruleId, each.finding.packages]] : [])),
      );
      for (const cve of cves) {
        const { outcome, packages: explained } = explain(host, { advisories, at }, cve);
        expect([cve, outcome === 'AFFECTED']).toEqual([cve, found.has(cve)]);
        // Without a record of the CVE there is nothing to conclude from.
        if (!all.some(({ id }) => id === `DEBIAN-${cve}`)) expect([cve, outcome]).toEqual([cve, 'NOT_ASSESSED']);
        const affected = explained.flatMap(({ name, sourceName, installedVersion, fixedVersion, state }) =>
          state === undefined ? [] : [{ name, sourceName, installedVersion, fixedVersion, state }],
        );
        expect(affected).toEqual(found.get(cve) ?? []);
      }
    }),
    runs,
  ));
