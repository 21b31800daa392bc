import type { EvidenceData, HostEvidence } from '@assay/model/evidence/kinds.ts';
import { oneLine } from '@assay/model/safe-text.ts';
import { DAY } from '../../domain/durations.ts';
import type { Knowledge, Rule, RulesPackage, Verdict } from '../../domain/rules-package.ts';
import { assessPackages } from './assess-packages.ts';
import { causes } from './causes.ts';
import { ecosystemsOf } from './covered-ecosystems.ts';
import { releaseOf } from './ecosystems.ts';
import { explaining } from './explaining.ts';
import { hostSupport } from './host-support.ts';
import { matcherOf } from './matcher.ts';
import { memory } from './memory.ts';
import { inventoryOf } from './packages.ts';
import type { Release } from './release.ts';
import { findingsOn } from './remembered-finding.ts';
import { gapVerdicts, openGaps } from './source-gaps.ts';
import { isOver } from './support-of.ts';
import { unassessed } from './unassessed.ts';
import { wantedEcosystems } from './wanted-ecosystems.ts';
import { ruleIds, verdictOn } from './whole-verdicts.ts';

/**
 * Installed packages against the advisories of their distribution: a finding for every CVE, under the CVE's own id, and rules on
 * whether the answer is whole.
 */
export const commonVulnerabilitiesAndExposures: RulesPackage = {
  name: 'Common Vulnerabilities and Exposures',
  shortName: 'cve',
  version: '1.1',
  provider: 'Assay',
  description:
    "Compares the installed packages of a host with its distribution's own advisories, by the distribution's own order of " +
    'versions, and says of every CVE which package is affected, which version has the fix, and which comparison decided.',
  needs: ['osRelease', 'packages', 'kernel'],
  knowledge: [{ kind: 'advisories', maximumAge: 7 * DAY, maximumContentAge: 30 * DAY }],
  supports: (os) => {
    const release = releaseOf(os);
    return 'reason' in release ? { supported: false, reason: release.reason } : { supported: true };
  },
  rules: () => wholeRules,
  // The verdict is read from the package database itself.
  confidence: 10,
  indicatorOfCompromise: false,
  absenceNeeds: [ruleIds.coverage, ruleIds.support, ruleIds.packages],
  advisoriesFor: wantedEcosystems,
  gapsOn: (evidence, advisories) => {
    const os = evidence.osRelease?.data;
    const release = os ? releaseOf(os) : undefined;
    if (!release || 'reason' in release) return [];
    const inventory = inventoryOf(evidence, release, advisories);
    return inventory ? openGaps(inventory, release, advisories).map(({ gap }) => gap) : [];
  },
  explaining,
  causes,
  evaluate: (evidence, knowledge) => {
    const os = evidence.osRelease?.data;
    if (!os) return nothing('the operating system is not known');
    const release = releaseOf(os);
    return 'reason' in release ? nothing(release.reason) : judge(evidence, os, release, knowledge);
  },
};

const wholeRules: readonly Rule[] = Object.values(ruleIds).map((id) => ({ id, title: id, severity: 'Undefined' }));

/** Fleets are made of few kinds of hosts. */
const alike = memory<readonly Verdict[]>(32);

const nothing = (reason: string): Verdict[] =>
  Object.values(ruleIds).map((ruleId) => ({ ruleId, outcome: 'NOT_ASSESSED', reason, observations: [] }));

function judge(
  evidence: HostEvidence,
  os: EvidenceData<'osRelease'>,
  release: Release,
  { advisories, at }: Knowledge,
): readonly Verdict[] {
  const { hostname, ...system } = os;
  const look = () => verdictsOn(evidence, release, { at, ...(advisories ? { advisories } : {}) });
  if (!advisories) return look();
  const { packages, kernel } = evidence;
  // Of the time only the state of support is looked at, and of the kernel only what `uname -r` says.
  const support = hostSupport(evidence, release, { advisories, at }).text;
  const key = JSON.stringify([system, packages?.data, packages?.limitations, kernel?.data?.release, support]);
  return alike(advisories, key, look).map((verdict) => onInstance(hostname, verdict));
}

function onInstance(hostname: string, verdict: Verdict): Verdict {
  if (verdict.outcome !== 'FINDING') return verdict;
  const where = hostname === '' ? 'an instance without a host name' : `instance ${oneLine(hostname, 256)}`;
  const title = `On ${where}, ${verdict.finding.title}`;
  return { ...verdict, finding: { ...verdict.finding, title } };
}

function verdictsOn(evidence: HostEvidence, release: Release, { advisories, at }: Knowledge): Verdict[] {
  const whole = verdictOn({ evidence, release, advisories, at });
  const inventory = inventoryOf(evidence, release, advisories);
  const verdicts = [
    whole.coverage(),
    whole.support(),
    whole.packages(inventory),
    whole.kernel(inventory),
    whole.unfixed(),
    whole.otherSoftware(),
    whole.records(),
    whole.repositories(),
  ];
  if (!advisories || !inventory || ecosystemsOf(advisories, release).length === 0) return verdicts;
  const { affected, unsure } = assessPackages(inventory, release, matcherOf(advisories));
  const ended = isOver(hostSupport(evidence, release, { advisories, at }));
  const findingOf = findingsOn(inventory, { advisories, release });
  const findings = [...affected].map(([cve, concerned]) => {
    // Once support has ended, what has no fix will get none.
    const settled = concerned.map((each) =>
      ended && each.state === 'NO_FIX' ? { ...each, state: 'END_OF_LIFE' as const } : each,
    );
    return findingOf(cve, settled);
  });
  const gaps = gapVerdicts(openGaps(inventory, release, advisories), affected);
  return [...verdicts, ...unassessed(inventory, unsure), ...gaps, ...findings];
}
