import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Knowledge } from '../../../packages/server/src/domain/rules-package.ts';
import { judgeHost } from '../../../packages/server/src/engine/judging/judge-host.ts';
import { catalogOf } from '../../../packages/server/src/engine/judging/rules-package-catalog.ts';
import { advisoriesOf } from '../../support/accuracy/advisories-of.ts';
import { agentOf } from '../../support/accuracy/agent-of.ts';
import { type DataHost, dataHost, otherHosts } from '../../support/accuracy/data-host.ts';
import { at } from '../../support/accuracy/measure-accuracy.ts';
import { oracles } from '../../support/accuracy/oracles.ts';
import { sharedData, skipNote, withoutData } from '../../support/shared-data.ts';
import { ofTheFeeds } from './hosts.ts';

if (withoutData) console.warn(`What is said of hosts without an oracle is not looked at: ${withoutData}.`);

/** What a run says of a host: how many findings, and each thing that was not assessed. */
function said(host: DataHost, knowledge: Knowledge): { readonly findings: number; readonly notAssessed: string[] } {
  const entry = catalogOf('us-east-1').find(({ name }) => name === 'Common Vulnerabilities and Exposures');
  if (!entry) throw new Error('the catalog lacks the package');
  const { verdicts, findings, exclusions } = judgeHost(entry, agentOf('i-1'), dataHost(host), knowledge);
  // What the verdicts say reaches the run as an exclusion.
  expect(exclusions).toHaveLength(1);
  const notAssessed = verdicts.flatMap((verdict) =>
    verdict.outcome === 'NOT_ASSESSED' &&
    !ofTheFeeds.has(verdict.ruleId) &&
    !verdict.ruleId.startsWith('Software outside')
      ? [`${verdict.ruleId}: ${verdict.reason}`]
      : [],
  );
  return { findings: findings.length, notAssessed };
}

const by = "(by Assay's own table of 2026-12-01)";
const over = (ecosystem: string, name: string, end: string, found: string): string[] => [
  `Advisories of the release: there are no advisories for ${ecosystem}: ${end} ${by}`,
  `Support of the release: ${name}: ${end} ${by}. Vulnerabilities found since ${found} investigated, so their absence here means nothing: move to a supported release`,
];
const ended = (ecosystem: string, name: string, end: string): string[] => over(ecosystem, name, end, 'are no longer');
const uncertain = (ecosystem: string, name: string, end: string): string[] =>
  over(ecosystem, name, `${end}; whether this host gets these is not known`, 'may no longer be');
const oracleLinux =
  "Oracle Linux's advisories are not read, and those of other distributions do not apply to its packages";

/** Each with real advisories of its distribution, or of what it is built from: none of them is of its release. */
const hosts = [
  ['amazon2', 'AlmaLinux', 'AlmaLinux:8', ended('Amazon Linux:2', 'Amazon Linux 2', 'end of life since 2026-06-30')],
  [
    'leap151',
    'SUSE',
    'openSUSE:Leap 15.5',
    ended('openSUSE:Leap 15.1', 'openSUSE Leap 15.1', 'end of life since 2021-02-02'),
  ],
  [
    'oracle8',
    'AlmaLinux',
    'AlmaLinux:8',
    ['Advisories of the release', 'Support of the release', 'Installed packages', 'Running kernel'].map(
      (rule) => `${rule}: ${oracleLinux}`,
    ),
  ],
  [
    'ubi7',
    'RedHat',
    'Red Hat:enterprise_linux:8::baseos',
    uncertain(
      'Red Hat:enterprise_linux:7::*',
      'Red Hat Enterprise Linux 7',
      'end of life since 2024-06-30; for subscribers: Extended Life Cycle Support until 2028-06-30',
    ),
  ],
  [
    'ubuntu1804',
    'Ubuntu-2024-08-09',
    'Ubuntu:22.04:LTS',
    uncertain(
      'Ubuntu:18.04:LTS',
      'Ubuntu 18.04',
      'end of life since 2023-05-31; for subscribers: Ubuntu Pro (Expanded Security Maintenance) until 2028-04-26, Ubuntu Pro with Legacy support until 2030-04-30',
    ),
  ],
] as const;

describe.skipIf(withoutData)(`real hosts that there are no advisories for${skipNote(withoutData)}`, () => {
  test.each(hosts)(
    '%s: with other advisories nothing is guessed, and why is said',
    async (name, data, ecosystem, why) => {
      const advisories = await advisoriesOf(data, ecosystem);
      expect(advisories.ecosystems()).toContain(ecosystem);
      expect(said(otherHosts[name], { advisories, at })).toEqual({ findings: 0, notAssessed: why });
    },
  );

  test.each(hosts)('%s: without any advisories that is said', (name) => {
    const { findings, notAssessed } = said(otherHosts[name], { at });
    expect(findings).toBe(0);
    expect(notAssessed[0]).toBe(
      name === 'oracle8'
        ? `Advisories of the release: ${oracleLinux}`
        : 'Advisories of the release: vulnerabilities were not checked, as no advisories have been downloaded yet: run "assay feeds update" and start a new run',
    );
  });

  test('every host of hosts/ is one of these, or has an oracle', () => {
    const known = new Set([...Object.values(otherHosts), ...oracles.map(({ host }) => host)].map(({ file }) => file));
    expect([...known].sort()).toEqual(readdirSync(join(sharedData, 'hosts')).sort());
  });
});
