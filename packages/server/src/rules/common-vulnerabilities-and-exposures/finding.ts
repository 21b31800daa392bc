import { oneLine } from '@assay/model/safe-text.ts';
import type { Advisories, AdvisoryRecord } from '../../domain/advisories.ts';
import type { Attribute, Observation, Severity, Verdict } from '../../domain/rules-package.ts';
import { type AffectedPackage, mostPressing } from './assess-packages.ts';
import { recommendationFor } from './recommendation.ts';
import type { Release } from './release.ts';
import { isAbove, type Rating, rate, type Score, scores } from './severity.ts';
import { standing } from './standing.ts';
import { enumerate } from './wording.ts';

const MAX_VALUE = 256;
const MAX_TEXT = 20_000;
const MAX_OBSERVATIONS = 200;

export interface Setting {
  readonly advisories: Advisories;
  readonly release: Release;
}

/** The finding of one CVE over every package that it affects; its title goes on from where it was found. */
export function findingOf(
  cve: string,
  concerned: readonly AffectedPackage[],
  { advisories, release }: Setting,
): Verdict & { readonly outcome: 'FINDING' } {
  const lookUp = (ids: readonly string[]): AdvisoryRecord[] => ids.flatMap((id) => advisories.record(id) ?? []);
  const deciding = lookUp(distinct(concerned.flatMap(({ match }) => match.decisions.map(({ record }) => record))));
  const announcements = lookUp(distinct(concerned.flatMap(({ match }) => match.announcements))).filter(
    ({ id }) => !deciding.some((record) => record.id === id),
  );
  const others = () => advisories.recordsOf(cve);
  // What the distribution's own record of the CVE rates counts where an announcement decided too.
  const ownRecord = release.names === 'BINARY_AND_SOURCE' ? lookUp([`REDHAT-${cve}`]) : [];
  const rated = [...announcements, ...ownRecord.filter(({ id }) => !deciding.some((record) => record.id === id))];
  const rating = severityOf(concerned, deciding, rated, others);
  const own = scores([...deciding, ...rated]);
  const vectors = own.length > 0 ? own : scores(others());
  const state = mostPressing(concerned);
  const names = distinct(concerned.map(({ subject }) => oneLine(subject.name, 128)));
  const facts = advisories.facts(cve);
  const prose = oneLine(
    [...deciding, ...announcements].map(({ details, summary }) => details || summary).find(Boolean) ?? '',
    2000,
  );
  const known = [
    facts?.knownExploited === undefined ? '' : `It is known to be exploited (CISA KEV, ${facts.knownExploited}).`,
    facts?.epss
      ? `EPSS: ${percent(facts.epss.score)} likely to be exploited within 30 days, above ${percent(facts.epss.percentile)} of all CVEs.`
      : '',
  ];
  const description = [
    ...groups(concerned).map((group) => paragraph(group, deciding)),
    prose,
    `Severity ${rating.severity}: ${rating.because}.${vectors.map(scoreText).join('')}`,
    announcements.length === 0 ? '' : `Announced in ${enumerate(announcements.map(reference), 2000)}.`,
    known.filter(Boolean).join(' '),
  ];
  const finding = {
    title: `${cve} affects ${enumerate(names, 200)}`,
    description: clip(description.filter(Boolean).join('\n\n')),
    recommendation: clip(recommendationFor(cve, concerned, release)),
    severity: rating.severity,
    attributes: attributesOf([
      ['CVE_ID', cve],
      ['STATE', state],
      ['package_name', enumerate(names, MAX_VALUE)],
      ['installed_version', enumerate(distinct(concerned.map(({ subject }) => subject.installedVersion)), MAX_VALUE)],
      ['fixed_version', enumerate(distinct(concerned.flatMap(({ match }) => match.fixed ?? [])), MAX_VALUE)],
      [
        'ADVISORY_ID',
        enumerate(
          [...deciding, ...announcements].map(({ id }) => id),
          MAX_VALUE,
        ),
      ],
      ['SEVERITY_SOURCE', rating.because],
      ...cvssAttributes(vectors),
      ['KNOWN_EXPLOITED', facts?.knownExploited === undefined ? '' : 'true'],
      ['EPSS_SCORE', facts?.epss ? String(facts.epss.score) : ''],
      ['EPSS_PERCENTILE', facts?.epss ? String(facts.epss.percentile) : ''],
    ]),
    state,
    packages: concerned.map(({ subject, match, state: each }) => ({
      name: subject.name,
      sourceName: subject.sourceName,
      installedVersion: subject.installedVersion,
      fixedVersion: match.fixed,
      state: each,
    })),
  };
  return { ruleId: oneLine(cve, 128), outcome: 'FINDING', observations: observationsOf(concerned), finding };
}

/** What an affected package is rated, the most urgent of them; what does not run or is not known to be affected is not shouted. */
function severityOf(
  concerned: readonly AffectedPackage[],
  deciding: readonly AdvisoryRecord[],
  announcements: readonly AdvisoryRecord[],
  others: () => readonly AdvisoryRecord[],
): Rating {
  const loud = concerned.filter(({ state }) => !hushed[state]);
  let best: Rating | undefined;
  for (const { match, state } of loud.length > 0 ? loud : concerned) {
    const own = deciding.filter(({ id }) => match.decisions.some(({ record }) => record === id));
    const said = rate(match.urgencies, [...own, ...announcements], others);
    const quiet = hushed[state];
    const because = quiet ? `${quiet[1]} (otherwise ${said.severity}: ${said.because})` : said.because;
    const rating = { severity: quiet?.[0] ?? said.severity, because };
    if (!best || isAbove(rating.severity, best.severity)) best = rating;
  }
  return best ?? { severity: 'Undefined', because: 'nothing is affected' };
}

const hushed: Readonly<Partial<Record<AffectedPackage['state'], readonly [Severity, string]>>> = {
  INSTALLED_NOT_RUNNING: ['Informational', 'the kernel does not run'],
  UNDETERMINED: ['Undefined', 'the distribution has not determined whether the package is affected'],
};

/** Packages of one source in one version that stand alike are one paragraph. */
function groups(concerned: readonly AffectedPackage[]): (readonly [AffectedPackage, ...AffectedPackage[]])[] {
  const found = new Map<string, [AffectedPackage, ...AffectedPackage[]]>();
  for (const each of concerned) {
    const { sourceName, lookup } = each.subject;
    const key = [
      sourceName,
      lookup.version,
      each.state,
      each.match.fixed,
      each.match.decisions.map(({ comparison }) => comparison),
    ].join('\0');
    const group = found.get(key);
    if (group) group.push(each);
    else found.set(key, [each]);
  }
  return [...found.values()];
}

function paragraph(
  group: readonly [AffectedPackage, ...AffectedPackage[]],
  records: readonly AdvisoryRecord[],
): string {
  const [first] = group;
  const { sourceName, lookup } = first.subject;
  const names = enumerate(
    group.map(({ subject }) => `${oneLine(subject.name, 256)} ${oneLine(subject.installedVersion, 256)}`),
    2000,
  );
  const source =
    lookup.name === first.subject.name ? '' : ` (source ${oneLine(sourceName, 256)} ${oneLine(lookup.version, 256)})`;
  const decided = first.match.decisions.map(({ record, ecosystem, comparison }) => {
    const link = records.find(({ id }) => id === record)?.link;
    return `${record} for ${ecosystem}: ${comparison}${link ? `, ${link}` : ''}`;
  });
  const contradicted = (first.match.dissent ?? []).map(
    ({ record, ecosystem, comparison }) => `${record} for ${ecosystem}: ${comparison}`,
  );
  const dissent = contradicted.length === 0 ? '' : ` Contradicted by ${enumerate(contradicted, 1000, '; ')}.`;
  return `${names}${source}: ${standing(first)}. Decided by ${enumerate(decided, 3000, '; ')}.${dissent}`;
}

const observationsOf = (concerned: readonly AffectedPackage[]): Observation[] =>
  concerned.slice(0, MAX_OBSERVATIONS).map(({ subject, match }) => ({
    source: oneLine(
      enumerate(
        match.decisions.map(({ record }) => record),
        1000,
      ),
      1000,
    ),
    observed: oneLine(
      `${subject.name} ${subject.installedVersion}: ${match.decisions.map(({ comparison }) => comparison).join('; ')}`,
      4096,
    ),
    ...(match.fixed === null ? {} : { expected: `at least ${match.fixed}` }),
  }));

const cvssAttributes = (vectors: readonly Score[]): [string, string][] =>
  (['CVSS4', 'CVSS3', 'CVSS2'] as const).flatMap((name) => {
    const found = vectors.find(({ version }) => version.startsWith(name.slice(-1)));
    return found
      ? [
          [`${name}_SCORE`, found.score.toFixed(1)],
          [`${name}_VECTOR`, found.vector],
        ]
      : [];
  });

const attributesOf = (pairs: readonly (readonly [string, string])[]): Attribute[] =>
  pairs.flatMap(([key, value]) => (value === '' ? [] : [{ key, value: oneLine(value, MAX_VALUE) }]));

const scoreText = ({ version, score, vector, by }: Score): string =>
  ` CVSS ${version}: ${score.toFixed(1)}, ${vector} (${by}).`;
const reference = ({ id, link }: AdvisoryRecord): string => (link ? `${id} (${link})` : id);
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
const distinct = (values: readonly string[]): string[] => [...new Set(values)];
const clip = (text: string): string =>
  (text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT - 1)}…`).toWellFormed();
