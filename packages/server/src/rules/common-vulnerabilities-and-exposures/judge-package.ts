import type { Advisories, AdvisoryRecord, AffectedPackage } from '../../domain/advisories.ts';
import { type VulnerabilityState, vulnerabilityStates } from '../../domain/rules-package.ts';
import { type Judgement, together } from './affected.ts';
import { hasItsFix } from './has-its-fix.ts';
import { judgeEntry } from './judge-entry.ts';
import type { Lookup } from './packages.ts';
import type { Release } from './release.ts';
import { dissentIn, weighStatements } from './weigh-statements.ts';

/** What one record says of a version, with the comparison that can be checked by hand. */
export interface Decision extends Judgement {
  readonly record: string;
  readonly ecosystem: string;
}

/** What the records of an ecosystem say of one CVE in one version of one package. */
export interface Match {
  readonly cve: string;
  readonly outcome: Judgement['outcome'];
  readonly state: VulnerabilityState;
  readonly fixed: string | null;
  /** The distribution's ratings of the package in its release. */
  readonly urgencies: readonly string[];
  /** The records that decided: of NOT_AFFECTED, all that name the package for the CVE. */
  readonly decisions: readonly Decision[];
  /** Of NOT_AFFECTED: the version has a fix, which is more than that a record says so. */
  readonly fixInstalled?: true;
  /** Every record is about another module stream. */
  readonly beside?: true;
  /** What records say that contradict those that decided; absent where none does. */
  readonly dissent?: readonly Decision[];
  /** Announcements of fixes of the package for the CVE, by record id. */
  readonly announcements: readonly string[];
}

interface Said {
  readonly kind: AdvisoryRecord['kind'];
  readonly decision: Decision;
  readonly entry: AffectedPackage;
  /** It is about another module stream than the installed package's. */
  readonly beside: boolean;
}

export interface Wanted {
  /** Only this CVE. */
  readonly cve?: string | undefined;
  /** Also what is not affected: it costs a look at every record of the package. */
  readonly notAffected: boolean;
}

/** Judges a package's version by all that the ecosystems' deciding records say of it. */
export function judgePackage(
  advisories: Advisories,
  ecosystems: readonly string[],
  release: Release,
  lookup: Lookup,
  wanted: Wanted,
): Map<string, Match> {
  const matches = new Map<string, Match>();
  const weighs = release.names === 'BINARY_AND_SOURCE';
  const all = new Map<string, Said[]>();
  for (const ecosystem of ecosystems) {
    for (const [cve, each] of spoken(
      advisories,
      ecosystem,
      release,
      lookup,
      weighs ? { ...wanted, notAffected: true } : wanted,
    )) {
      const others = all.get(cve);
      if (others) others.push(each);
      else all.set(cve, [each]);
    }
  }
  for (const [cve, said] of all) {
    if (weighs && wanted.cve === undefined && said.every(({ decision }) => decision.outcome === 'NOT_AFFECTED')) {
      if (wanted.notAffected) matches.set(cve, cleared(cve, said));
      continue;
    }
    const settled = weighs
      ? weighStatements(said, lookup.version, advisories.record)
      : ecosystems.flatMap((ecosystem) => deciding(said.filter(({ decision }) => decision.ecosystem === ecosystem)));
    // Of a package nearly all is fixed: that is not put into words which nobody asks for.
    if (!wanted.notAffected && settled.every(({ decision }) => decision.outcome === 'NOT_AFFECTED')) continue;
    const match = conclude(cve, settled, release);
    // Of what is not affected they are told only to whoever asks for the CVE.
    const tells = match.outcome !== 'NOT_AFFECTED' || wanted.cve !== undefined;
    const announcements = new Set(
      tells ? ecosystems.flatMap((ecosystem) => announced(advisories, ecosystem, lookup.name, cve)) : [],
    );
    for (const { decision } of settled) announcements.delete(decision.record);
    matches.set(cve, { ...match, announcements: [...announcements].sort() });
  }
  return matches;
}

/**
 * The records that decide on one CVE in one package: the distribution's own record of the CVE where it speaks of the
 * package, else its announcements. What other CVEs and other packages have does not matter.
 */
const deciding = (said: readonly Said[]): readonly Said[] => {
  const own = said.filter(({ kind }) => kind === 'CVE');
  // One that could not be read does not outweigh an announcement that could.
  return own.some(({ entry }) => entry.unreadable === undefined) ? own : said;
};

/** All that an ecosystem's records say of a package, by CVE. */
function* spoken(
  advisories: Advisories,
  ecosystem: string,
  release: Release,
  lookup: Lookup,
  wanted: Wanted,
): Generator<[cve: string, Said]> {
  const [vendor = ''] = ecosystem.split(':');
  const judge = (entry: AffectedPackage, of: Lookup) => {
    const { fixedModule, beside, ...decision } = judgeEntry(entry, of, release, vendor, () =>
      advisories.record(entry.record),
    );
    return { entry, fixedModule, beside, decision: { ...decision, record: entry.record, ecosystem } };
  };
  const named = ofTopics(advisories.affected(ecosystem, lookup.name), lookup);
  const judged = (wanted.notAffected ? named : undecided(named, advisories, lookup, release)).map((entry) =>
    judge(entry, lookup),
  );
  if (lookup.source) {
    const ofSource = { ...lookup, ...lookup.source };
    for (const entry of advisories.affected(ecosystem, ofSource.name)) {
      // What a record says of the very package counts, and not what it says of the source.
      if (!named.some(({ record }) => record === entry.record)) judged.push(judge(entry, ofSource));
    }
  }
  const fixedModules = new Set(judged.flatMap(({ entry, fixedModule }) => (fixedModule ? [entry.record] : [])));
  for (const { entry, decision, fixedModule, beside } of judged) {
    // Builds of one fix for several minor releases: to have any of them is to have the fix.
    if (!fixedModule && fixedModules.has(entry.record)) continue;
    const own = ownCve(entry.record);
    const kind = own === undefined ? 'ADVISORY' : 'CVE';
    if (decision.outcome === 'NOT_AFFECTED' && !wanted.notAffected) {
      // That the distribution's own record speaks of the package counts, whatever it says; looking it up is not needed.
      if (own !== undefined && (wanted.cve === undefined || wanted.cve === own))
        yield [own, { entry, kind, decision, beside }];
      continue;
    }
    const record = advisories.record(entry.record);
    const cves = record && record.cves.length > 0 ? record.cves : [own ?? entry.record];
    for (const cve of cves) {
      if (wanted.cve === undefined || wanted.cve === cve)
        yield [cve, { entry, kind, decision: record ? decision : lost(decision), beside }];
    }
  }
}

/**
 * Without the entries of CVEs that every entry says the version has the fix of: of a package that is nearly all. An own
 * record that says so of a CVE that another entry does not is still judged, as it may decide.
 */
function undecided(
  entries: readonly AffectedPackage[],
  advisories: Advisories,
  lookup: Lookup,
  release: Release,
): readonly AffectedPackage[] {
  const settled = new Set(entries.filter((entry) => hasItsFix(entry, lookup, release)));
  if (settled.size === 0) return entries;
  const open = new Set<string | undefined>();
  for (const entry of entries) {
    if (settled.has(entry)) continue;
    open.add(ownCve(entry.record));
    for (const cve of advisories.record(entry.record)?.cves ?? []) open.add(cve);
  }
  if (open.size === 0) return [];
  return entries.filter((entry) => !settled.has(entry) || open.has(ownCve(entry.record)));
}

/**
 * Without what is said of extras that the host has not enabled, where core has the package too and no line of versions
 * tells the two apart: `lamp-mariadb10.2-php7.2` has the packages of core under the same names.
 */
function ofTopics(entries: readonly AffectedPackage[], { topics }: Lookup): readonly AffectedPackage[] {
  if (!topics || entries.every(({ repository }) => repository !== undefined)) return entries;
  return entries.filter(
    ({ repository, ranges }) =>
      repository === undefined ||
      topics.includes(repository) ||
      !ranges.every(([first]) => first !== undefined && 'introduced' in first && first.introduced === '0'),
  );
}

/** `CVE-2024-3094` of `DEBIAN-CVE-2024-3094`; undefined for an announcement's id. */
const ownCve = (id: string): string | undefined => /^(?:[A-Z]+-)?(CVE-\d{4}-\d{4,10})$/.exec(id)?.[1];

const lost = (decision: Decision): Decision => ({
  ...decision,
  outcome: 'NOT_ASSESSED',
  comparison: `the feeds name the record ${decision.record} and do not hold it`,
});

function conclude(cve: string, said: readonly Said[], { order, names }: Release): Omit<Match, 'announcements'> {
  const weighs = names === 'BINARY_AND_SOURCE';
  for (const outcome of ['AFFECTED', 'NOT_ASSESSED', 'NOT_AFFECTED'] as const) {
    const agreeing = said.filter(({ decision }) => decision.outcome === outcome);
    if (agreeing.length === 0) continue;
    const decisions = agreeing.map(({ decision }) => decision).sort(byRecord);
    const { fixed } = outcome === 'AFFECTED' ? together(decisions, order) : { fixed: null };
    const dissent = weighs
      ? dissentIn(said, outcome)
          .map(({ decision }) => decision)
          .sort(byRecord)
      : [];
    const urgencies = [...new Set(agreeing.flatMap(({ entry }) => entry.urgency ?? []))].sort();
    return {
      cve,
      outcome,
      fixed,
      state: fixed === null ? unfixedState(agreeing) : 'FIX_AVAILABLE',
      urgencies,
      decisions,
      ...(dissent.length > 0 && { dissent }),
      ...(outcome === 'NOT_AFFECTED' && agreeing.some(isFix) && { fixInstalled: true }),
      ...(said.every(({ beside }) => beside) && { beside: true }),
    };
  }
  throw new Error(`nothing is said of ${cve}`);
}

/** What nothing says to be affected, in short: nobody asked why. */
const cleared = (cve: string, said: readonly Said[]): Match => ({
  cve,
  outcome: 'NOT_AFFECTED',
  fixed: null,
  state: 'NO_FIX',
  urgencies: [],
  decisions: said.map(({ decision }) => decision),
  announcements: [],
  ...(said.some(isFix) && { fixInstalled: true }),
  ...(said.every(({ beside }) => beside) && { beside: true }),
});

const isFix = ({ entry, beside }: Said): boolean =>
  !beside && entry.ranges.some((events) => events.some((event) => 'fixed' in event));

/** Records and ranges come in any order: the same ones give the same texts. */
const byRecord = (a: Decision, b: Decision): number => {
  const [x, y] = [a, b].map(({ record, ecosystem, comparison }) => `${record}\0${ecosystem}\0${comparison}`);
  return (x ?? '') < (y ?? '') ? -1 : 1;
};

function unfixedState(said: readonly Said[]): VulnerabilityState {
  const states = said.map(({ entry }) => entry.disposition ?? 'NO_FIX');
  return vulnerabilityStates.find((state) => states.some((each) => each === state)) ?? 'NO_FIX';
}

/** The announcements of fixes of a package for a CVE. */
function announced(advisories: Advisories, ecosystem: string, name: string, cve: string): string[] {
  const announcements = advisories.advisoriesFor(ecosystem, cve);
  if (announcements.length === 0) return [];
  const ofPackage = new Set(advisories.affected(ecosystem, name).map(({ record }) => record));
  return announcements.flatMap(({ id }) => (ofPackage.has(id) ? [id] : []));
}
