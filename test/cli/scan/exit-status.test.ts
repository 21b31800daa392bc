import { expect, test } from 'vitest';
import type { WireFinding } from '../../../packages/server/src/cli/scan/assessment.ts';
import { gapsIn, scanStatus } from '../../../packages/server/src/cli/scan/exit-status.ts';
import { namedPackages } from '../../../packages/server/src/cli/scan/packages-to-ask.ts';

const finding = (severity: WireFinding['severity'], knownExploited = false) =>
  ({
    severity,
    attributes: knownExploited ? [{ key: 'KNOWN_EXPLOITED', value: 'true' }] : [],
  }) as unknown as WireFinding;
const gap = { package: 'Any', reason: 'no advisories' };

test.each([
  ['clean and looked at', [], [], 'Low', 0],
  ['a finding at the threshold', [finding('Medium')], [], 'Medium', 1],
  ['a finding below it', [finding('Low')], [], 'Medium', 0],
  ['nothing found, and not everything looked at', [], [gap], 'Low', 2],
  ['findings fail a gate whatever was not looked at', [finding('High')], [gap], 'High', 1],
  ['findings below the threshold do not hide what was not looked at', [finding('Low')], [gap], 'High', 2],
  ['known to be exploited counts as High', [finding('Low', true)], [], 'High', 1],
  ['known to be exploited without a rating too', [finding('Undefined', true)], [], 'High', 1],
  ['without a rating counts as Medium', [finding('Undefined')], [], 'Medium', 1],
  ['and as no more than that', [finding('Undefined')], [], 'High', 0],
  ['Informational can be asked for', [finding('Informational')], [], 'Informational', 1],
  ['and is nothing otherwise', [finding('Informational')], [], 'Low', 0],
] as const)('%s', (_, findings, gaps, failOn, status) => expect(scanStatus(findings, gaps, failOn)).toBe(status));

test('a gap is a package that says nothing of the host, not one that lacks a rule', () => {
  const verdicts = { passed: 1, finding: 0, notApplicable: 0, notAssessed: 1 };
  expect(
    gapsIn([
      { agent: 'i-1', package: 'One', verdicts, whole: undefined },
      { agent: 'i-1', package: 'Two', verdicts, whole: 'why' },
    ]),
  ).toEqual([{ package: 'Two', reason: 'why' }]);
});

test('--rules takes short names in any case, and says which there are', () => {
  expect(namedPackages('CVE, best-practices,cve').names).toEqual([
    'Common Vulnerabilities and Exposures',
    'Security Best Practices',
  ]);
  expect(() => namedPackages('cve,,docker')).toThrow('does not know docker. It takes cve, cis, network');
  expect(() => namedPackages(' , ')).toThrow('--rules takes one or more of');
});
