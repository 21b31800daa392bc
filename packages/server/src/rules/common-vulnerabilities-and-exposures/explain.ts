import type { HostEvidence } from '@assay/model/evidence/kinds.ts';
import type { Advisories, CveFacts } from '../../domain/advisories.ts';
import type { Knowledge, VulnerabilityState } from '../../domain/rules-package.ts';
import { stateOf } from './assess-packages.ts';
import { ecosystemsOf } from './covered-ecosystems.ts';
import { releaseOf } from './ecosystems.ts';
import { hostSupport } from './host-support.ts';
import type { Match } from './judge-package.ts';
import { isKernelTool } from './kernel.ts';
import { type Matcher, matcherOf } from './matcher.ts';
import { type Inventory, inventoryOf, type Subject } from './packages.ts';
import { describeStreams } from './red-hat-streams.ts';
import type { Release } from './release.ts';
import { gapsOfSubject } from './source-gaps.ts';
import { isOver } from './support-of.ts';
import { enumerate } from './wording.ts';

export type Answer = 'AFFECTED' | 'NOT_AFFECTED' | 'NOT_ASSESSED';

/** Why one installed package is affected by a CVE, or is not, or could not be judged. */
export interface PackageExplanation {
  readonly name: string;
  readonly sourceName: string;
  readonly installedVersion: string;
  readonly fixedVersion: string | null;
  readonly outcome: Answer;
  /** Of AFFECTED. */
  readonly state?: VulnerabilityState;
  /** Why it is not judged by the comparisons, where it is not. */
  readonly reason?: string;
  readonly decisions: readonly {
    readonly record: string;
    readonly ecosystem: string;
    readonly comparison: string;
    readonly link?: string;
  }[];
  /** What other records say that contradict those. */
  readonly dissent?: readonly string[];
  /** Announcements of its fix. */
  readonly announcements: readonly { readonly record: string; readonly link?: string }[];
}

export interface CveExplanation {
  readonly cve: string;
  /** AFFECTED when any package is; NOT_ASSESSED when none is and something stands in the way of saying so. */
  readonly outcome: Answer;
  readonly reason: string;
  readonly packages: readonly PackageExplanation[];
  readonly facts?: CveFacts;
  /** Of Red Hat Enterprise Linux: which update streams count for the host and what tells, in a sentence. */
  readonly streams?: string;
}

/** Answers for any CVE on one host, by the judgement that findings come from. */
export function explain(evidence: HostEvidence, { advisories, at }: Knowledge, cve: string): CveExplanation {
  const unknown = (reason: string): CveExplanation => ({ cve, outcome: 'NOT_ASSESSED', reason, packages: [] });
  const os = evidence.osRelease?.data;
  if (!os) return unknown('the operating system is not known');
  const release = releaseOf(os);
  if ('reason' in release) return unknown(release.reason);
  if (!advisories) return unknown('no advisories have been downloaded yet: run "assay feeds update"');
  const support = hostSupport(evidence, release, { advisories, at });
  if (ecosystemsOf(advisories, release).length === 0) {
    return unknown(`there are no advisories for ${release.ecosystem}${isOver(support) ? `: ${support.text}` : ''}`);
  }
  const inventory = inventoryOf(evidence, release, advisories);
  if (!inventory) return unknown('no packages were seen');
  const ended = isOver(support);
  const matcher = matcherOf(advisories);
  const packages = inventory.subjects.flatMap(
    (subject) => explainPackage(subject, { cve, advisories, release, inventory, matcher, ended }) ?? [],
  );
  const facts = advisories.facts(cve);
  const conclusion = conclude(cve, packages, release, advisories, ended ? support.text : undefined);
  const streams = inventory.streams && { streams: describeStreams(inventory.streams) };
  return { cve, ...conclusion, packages, ...streams, ...(facts ? { facts } : {}) };
}

interface Case {
  readonly cve: string;
  readonly advisories: Advisories;
  readonly release: Release;
  readonly inventory: Inventory;
  readonly matcher: Matcher;
  readonly ended: boolean;
}

function explainPackage(
  subject: Subject,
  { cve, advisories, release, inventory, matcher, ended }: Case,
): PackageExplanation | undefined {
  const { lookup, aside } = subject;
  const { subscribed, streams } = inventory;
  const match = matcher.explain({ release, lookup, subscribed, ...(streams && { streams }) }, cve);
  const gap = gapsOfSubject(subject, release, advisories).find((each) => each.cve === cve);
  if (!match) {
    const { name, sourceName, installedVersion } = subject;
    if (!gap) return undefined;
    const known = { fixedVersion: null, outcome: 'NOT_ASSESSED', reason: gap.why } as const;
    return { name, sourceName, installedVersion, ...known, decisions: [], announcements: [] };
  }
  const link = (record: string): { link?: string } => {
    const url = advisories.record(record)?.link;
    return url === undefined ? {} : { link: url };
  };
  const about = {
    name: subject.name,
    sourceName: subject.sourceName,
    installedVersion: subject.installedVersion,
    announcements: match.announcements.map((record) => ({ record, ...link(record) })),
    ...(match.dissent && {
      dissent: match.dissent.map(({ record, ecosystem, comparison }) => `${record} for ${ecosystem}: ${comparison}`),
    }),
  };
  const named = match.decisions.map(({ record, ecosystem, comparison }) => ({
    record,
    ecosystem,
    comparison,
    ...link(record),
  }));
  if (aside) {
    // What the comparison would say is not said: it does not apply.
    const decisions = named.map((each) => ({ ...each, comparison: 'not compared' }));
    const runsNothing = aside.why === 'BESIDE_KERNEL' && !isKernelTool(subject.name);
    const reason =
      aside.why === 'BESIDE_KERNEL' && !runsNothing
        ? "a program that is built from the source of the kernel: the kernel's records do not say whether they are about it"
        : aside.reason;
    const outcome = runsNothing ? 'NOT_AFFECTED' : 'NOT_ASSESSED';
    return { ...about, fixedVersion: null, outcome, reason, decisions };
  }
  if (gap && match.outcome === 'NOT_AFFECTED') {
    return { ...about, fixedVersion: match.fixed, decisions: named, outcome: 'NOT_ASSESSED', reason: gap.why };
  }
  return {
    ...about,
    fixedVersion: match.fixed,
    decisions: named,
    ...outcomeOf(subject, match, { release, inventory, matcher, ended }),
  };
}

function outcomeOf(
  subject: Subject,
  match: Match,
  { release, inventory, matcher, ended }: Pick<Case, 'release' | 'inventory' | 'matcher' | 'ended'>,
): Pick<PackageExplanation, 'outcome' | 'state'> {
  if (match.outcome !== 'AFFECTED') return { outcome: match.outcome };
  const { state } = stateOf(subject, match, inventory, release, matcher);
  return { outcome: 'AFFECTED', state: ended && state === 'NO_FIX' ? 'END_OF_LIFE' : state };
}

function conclude(
  cve: string,
  packages: readonly PackageExplanation[],
  release: Release,
  advisories: Advisories,
  ended: string | undefined,
): Pick<CveExplanation, 'outcome' | 'reason'> {
  const named = (outcome: Answer): string =>
    packages.flatMap((each) => (each.outcome === outcome ? [`${each.name} ${each.installedVersion}`] : [])).join(', ');
  const affected = named('AFFECTED');
  if (affected) return { outcome: 'AFFECTED', reason: `affected: ${affected}` };
  const unsure = named('NOT_ASSESSED');
  if (unsure) {
    const reasons = new Set(packages.flatMap(({ outcome, reason }) => (outcome === 'NOT_ASSESSED' ? [reason] : [])));
    const [only] = reasons;
    const why = reasons.size === 1 && only !== undefined ? `: ${only}` : '';
    return { outcome: 'NOT_ASSESSED', reason: `${unsure} could not be compared${why}` };
  }
  if (ended !== undefined) {
    return {
      outcome: 'NOT_ASSESSED',
      reason: `no record finds an installed package affected, but ${release.name} is past its end of life (${ended})`,
    };
  }
  if (packages.length > 0)
    return { outcome: 'NOT_AFFECTED', reason: `no installed package is affected: ${named('NOT_AFFECTED')}` };
  return withoutRecord(cve, release, advisories);
}

/** No record finds an installed package affected or says that it is not: that means something only where there could be one. */
function withoutRecord(
  cve: string,
  release: Release,
  advisories: Advisories,
): Pick<CveExplanation, 'outcome' | 'reason'> {
  const records = advisories.recordsOf(cve);
  const own = records.filter(({ id }) => isOfFamily(id, release));
  const others = records.filter(({ id }) => !isOfFamily(id, release)).map(({ id }) => id);
  if (own.length > 0) {
    const ids = enumerate(
      own.map(({ id }) => id),
      300,
    );
    return {
      outcome: 'NOT_AFFECTED',
      reason: `${ids} names no package that is installed here for ${release.ecosystem}`,
    };
  }
  const elsewhere =
    others.length === 0
      ? 'nor does one of any other distribution'
      : `only ${enumerate(others, 300)} of other distributions`;
  return {
    outcome: 'NOT_ASSESSED',
    reason: `no record of ${release.name}'s distribution in the advisories here names ${cve}, ${elsewhere}: it may be too new for them, or not looked into yet`,
  };
}

/** The beginnings of the ids of each distribution's records. Those without one of their own may be any's. */
const families: Readonly<Record<string, RegExp>> = {
  debian: /^(?:DEBIAN-CVE|DSA|DLA|DTSA)-/,
  ubuntu: /^(?:UBUNTU-CVE|USN|LSN)-/,
  alpine: /^ALPINE-CVE-/,
  almalinux: /^AL[SBE]A-/,
  rocky: /^R[LX][SBE]A-/,
  rhel: /^(?:RH[SBE]A|REDHAT-CVE)-/,
  sles: /^SUSE-/,
  'sl-micro': /^SUSE-/,
  'opensuse-leap': /^(?:openSUSE|SUSE)-/,
  'opensuse-leap-micro': /^(?:openSUSE|SUSE)-/,
  'opensuse-tumbleweed': /^(?:openSUSE|SUSE)-/,
  amzn: /^ALAS/,
};

function isOfFamily(id: string, { key }: Release): boolean {
  const family = families[key.replace(/:.*$/, '')];
  const another = Object.values(families).some((each) => each.test(id));
  return family?.test(id) || !another;
}
