import type { EvidenceData, HostEvidence } from '@assay/model/evidence/kinds.ts';
import type { Advisories } from '../../domain/advisories.ts';
import { notAssessedBecause, type ReasonCode, type ReasonParams } from '../../domain/not-assessed.ts';
import type { Verdict } from '../../domain/rules-package.ts';
import { ecosystemsOf } from './covered-ecosystems.ts';
import { hostSupport } from './host-support.ts';
import type { Inventory } from './packages.ts';
import type { Release } from './release.ts';
import { repositoriesWithout } from './repositories-without.ts';
import { isOver } from './support-of.ts';
import { enumerate } from './wording.ts';

/** What is judged of the answer as a whole, beside the CVEs: without these, no findings would mean nothing. */
export const ruleIds = {
  coverage: 'Advisories of the release',
  support: 'Support of the release',
  packages: 'Installed packages',
  kernel: 'Running kernel',
  unfixed: 'Vulnerabilities without a fix',
  otherSoftware: 'Software outside of packages',
  records: 'Records of the advisories',
  repositories: 'Repositories of the host',
} as const;

interface Given {
  readonly evidence: HostEvidence;
  readonly release: Release;
  readonly advisories: Advisories | undefined;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

const SEE_KERNEL =
  'Assess the host while it runs, with an agent on it, and compare the kernel that it runs with the installed ones.';

const UPDATE = 'run "assay feeds update" and start a new run';

/** One verdict for each of {@link ruleIds}. */
export function verdictOn({ evidence, release, advisories, at }: Given) {
  const ecosystems = advisories ? ecosystemsOf(advisories, release) : [];
  const coverages = ecosystems.flatMap((ecosystem) => advisories?.coverage(ecosystem) ?? []);
  const support = hostSupport(evidence, release, { advisories, at });
  return {
    coverage: (): Verdict => {
      if (!advisories)
        return wholly('coverage', 'NO_KNOWLEDGE', {
          why: `vulnerabilities were not checked, as no advisories have been downloaded yet: ${UPDATE}`,
          obtain: 'assay feeds update',
        });
      if (coverages.length === 0) {
        const why = isOver(support) ? `: ${support.text}` : `: ${UPDATE}, with a feed that has ${release.name}`;
        return wholly('coverage', isOver(support) ? 'UNSUPPORTED_RELEASE' : 'NO_KNOWLEDGE', {
          why: `there are no advisories for ${release.ecosystem}${why}`,
          obtain: 'assay feeds update',
        });
      }
      const observations = coverages
        .slice(0, 200)
        .map(({ ecosystem, feed, updatedAt, digest, cveRecords, advisories: count }) => ({
          source: `${feed} of ${new Date(updatedAt).toISOString()}, SHA-256 ${digest}`,
          observed: `${ecosystem}: ${cveRecords} CVE records, ${count} announcements`,
        }));
      return { ruleId: ruleIds.coverage, outcome: 'PASSED', observations };
    },
    support: (): Verdict => {
      switch (support.status) {
        case 'ENDED':
        case 'UNCERTAIN':
          return wholly('support', 'UNSUPPORTED_RELEASE', {
            why: `${release.name}: ${support.text}. Vulnerabilities found since ${support.status === 'ENDED' ? 'are' : 'may'} no longer ${support.status === 'ENDED' ? '' : 'be '}investigated, so their absence here means nothing: move to a supported release`,
          });
        case 'UNKNOWN':
          return notAssessed('support', 'NOT_SETTLED', { why: support.text });
        default:
          return passed('support', release.key, support.text);
      }
    },
    unfixed: (): Verdict => {
      if (coverages.length === 0)
        return notAssessed('unfixed', 'NO_KNOWLEDGE', {
          why: 'there are no advisories',
          obtain: 'assay feeds update',
        });
      const recorded = coverages.reduce((sum, { cveRecords }) => sum + cveRecords, 0);
      return recorded === 0 || release.manager === 'apk'
        ? notAssessed('unfixed', 'NOT_COVERED', {
            why: `the advisories of ${release.name} are announcements of fixes: vulnerabilities that have no fix yet are not in them and were not looked for`,
            instead: `Look up vulnerabilities without a fix in the security pages of ${release.name}.`,
          })
        : passed('unfixed', release.ecosystem, `${recorded} CVE records, with and without a fix`);
    },
    records: (): Verdict => {
      if (coverages.length === 0) return notAssessed('records', 'NO_KNOWLEDGE', nothingToRead);
      // One feed may hold several ecosystems of the release.
      const feeds = new Map(coverages.map(({ feed, unreadable }) => [feed, unreadable]));
      const count = [...feeds.values()].reduce((sum, { count: each }) => sum + each, 0);
      if (count === 0) return passed('records', release.ecosystem, 'every record that the feeds hold was read');
      const examples = [...feeds.values()].flatMap((each) => each.examples);
      return notAssessed('records', 'NO_KNOWLEDGE', {
        why: `${count === 1 ? 'one record could not be read, and which packages it is' : `${count} records could not be read, and which packages they are`} about is not known: ${enumerate(examples, 1500, '; ')}`,
        obtain: 'assay feeds update',
      });
    },
    repositories: (): Verdict => {
      if (coverages.length === 0) return notAssessed('repositories', 'NO_KNOWLEDGE', nothingToRead);
      const { reasons, seen } = repositoriesWithout(evidence, release, coverages);
      return reasons.length === 0
        ? passed('repositories', release.ecosystem, seen)
        : notAssessed('repositories', 'NO_KNOWLEDGE', {
            why: enumerate(reasons, 2000, '; '),
            obtain: 'assay feeds update',
          });
    },
    otherSoftware: (): Verdict => {
      const other = evidence.packages?.data?.otherSoftware;
      if (!evidence.packages?.data) return notAssessed('otherSoftware', 'OTHER', { why: 'no packages were seen' });
      if (!other) {
        return notAssessed('otherSoftware', 'NOT_COLLECTED', {
          why: 'the agent on the host is of an earlier version and does not look for snaps, flatpaks or packages of programming languages',
        });
      }
      return other.length === 0
        ? passed('otherSoftware', 'file system', 'no snap, flatpak or package of a programming language was found')
        : notAssessed('otherSoftware', 'NOT_COVERED', {
            why: `not looked at: ${enumerate(other.map(inWords), 2000)}`,
            instead: 'Check snaps, flatpaks and the packages of programming languages with a tool that reads them.',
          });
    },
    packages: (inventory: Inventory | undefined): Verdict => {
      const forbidden = evidence.packages?.limitations.some(({ code }) => code === 'PERMISSION_DENIED');
      const asRoot = forbidden
        ? { instead: 'Run the agent as root so that it can read what is named above, then start a new run.' }
        : {};
      const limits = (evidence.packages?.limitations ?? []).map(
        ({ subject, detail, code }) => `${subject}: ${detail ?? code}`,
      );
      if (!inventory)
        return wholly('packages', 'OTHER', {
          why: `no packages were seen${limits.length > 0 ? ` (${enumerate(limits, 2000, '; ')})` : ''}`,
          ...asRoot,
        });
      const reasons = [
        ...limits,
        ...inventory.others.map(
          ({ manager, count }) => `${count} packages of ${manager}: no advisory source for them on ${release.name}`,
        ),
        ...(inventory.subjects.length === 0
          ? [`no package of ${release.manager} was seen, which ${release.name} is made of`]
          : []),
      ];
      const verdict = inventory.subjects.length === 0 ? wholly : notAssessed;
      return reasons.length > 0
        ? verdict('packages', 'OTHER', { why: enumerate(reasons, 2000, '; '), ...asRoot })
        : passed('packages', release.manager, `${inventory.subjects.length} packages`);
    },
    kernel: (inventory: Inventory | undefined): Verdict => {
      if (!inventory) return notAssessed('kernel', 'OTHER', { why: 'no packages were seen' });
      const { outcome, text } = inventory.kernel;
      if (outcome === 'PASSED') return passed('kernel', 'uname -r', text);
      if (outcome === 'NOT_ASSESSED') return notAssessed('kernel', 'OTHER', { why: text, instead: SEE_KERNEL });
      return { ruleId: ruleIds.kernel, outcome, reason: text, observations: [] };
    },
  };
}

const nothingToRead = { why: 'there are no advisories', obtain: 'assay feeds update' };

type OtherSoftware = NonNullable<EvidenceData<'packages'>['otherSoftware']>[number];

const kindsOfSoftware: Readonly<Record<OtherSoftware['kind'], readonly [one: string, several: string]>> = {
  SNAP: ['snap', 'snaps'],
  FLATPAK: ['flatpak', 'flatpaks'],
  PYTHON: ['language package of Python', 'language packages of Python'],
  NODE: ['language package of Node.js', 'language packages of Node.js'],
  JAVA: ['Java archive', 'Java archives'],
  RUBY: ['language package of Ruby', 'language packages of Ruby'],
  PHP: ['set of language packages of PHP', 'sets of language packages of PHP'],
};

function inWords({ kind, count, more, names }: OtherSoftware): string {
  const [one, several] = kindsOfSoftware[kind];
  const which = names.length === 0 ? '' : ` (${enumerate(names, 150)}${count > names.length ? ' …' : ''})`;
  return `${more ? 'at least ' : ''}${count} ${count === 1 ? one : several}${which}`;
}

const notAssessed = (rule: keyof typeof ruleIds, code: ReasonCode, params: ReasonParams): Verdict =>
  notAssessedBecause(ruleIds[rule], code, params);

/** Nothing can be said of any CVE on this host. */
const wholly = (...given: Parameters<typeof notAssessed>): Verdict =>
  Object.assign(notAssessed(...given), { whole: true } as const);

const passed = (rule: keyof typeof ruleIds, source: string, observed: string): Verdict => ({
  ruleId: ruleIds[rule],
  outcome: 'PASSED',
  observations: [{ source, observed }],
});
