import type { HostEvidence } from '@assay/model/evidence/kinds.ts';
import type { Advisories } from '../../domain/advisories.ts';
import type { Verdict } from '../../domain/rules-package.ts';
import { ecosystemsOf } from './covered-ecosystems.ts';
import type { Release } from './ecosystems.ts';
import { supportOf } from './eol.ts';
import type { Inventory } from './packages.ts';
import { enumerate } from './wording.ts';

/** What is judged of the answer as a whole, beside the CVEs: without these, no findings would mean nothing. */
export const ruleIds = {
  coverage: 'Advisories of the release',
  support: 'Support of the release',
  packages: 'Installed packages',
  kernel: 'Running kernel',
} as const;

interface Given {
  readonly evidence: HostEvidence;
  readonly release: Release;
  readonly advisories: Advisories | undefined;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

const UPDATE = 'run "assay feeds update" and start a new run';

/** One verdict for each of {@link ruleIds}. */
export function verdictOn({ evidence, release, advisories, at }: Given) {
  const ecosystems = advisories ? ecosystemsOf(advisories, release) : [];
  const coverages = ecosystems.flatMap((ecosystem) => advisories?.coverage(ecosystem) ?? []);
  const support = supportOf(release, at);
  return {
    coverage: (): Verdict => {
      if (!advisories) return notAssessed('coverage', `no advisories have been loaded: ${UPDATE}`);
      if (coverages.length === 0) {
        const why =
          support.status === 'ENDED' ? `: ${support.text}` : `: ${UPDATE}, with a feed that has ${release.name}`;
        return notAssessed('coverage', `there are no advisories for ${release.ecosystem}${why}`);
      }
      const observations = coverages
        .slice(0, 200)
        .map(({ ecosystem, feed, updatedAt, digest, cveRecords, advisories: count }) => ({
          source: `${feed} of ${new Date(updatedAt).toISOString()}, SHA-256 ${digest}`,
          observed: `${ecosystem}: ${cveRecords} CVE records, ${count} announcements${cveRecords === 0 || release.manager === 'apk' ? '; of fixes only, so what has no fix yet is not in them' : ''}`,
        }));
      return { ruleId: ruleIds.coverage, outcome: 'PASSED', observations };
    },
    support: (): Verdict =>
      support.status === 'ENDED'
        ? notAssessed(
            'support',
            `${release.name}: ${support.text}. Vulnerabilities found since are not looked into any more, so their absence here means nothing: move to a supported release`,
          )
        : passed('support', release.key, support.text),
    packages: (inventory: Inventory | undefined): Verdict => {
      const limits = (evidence.packages?.limitations ?? []).map(
        ({ subject, detail, code }) => `${subject}: ${detail ?? code}`,
      );
      if (!inventory)
        return notAssessed(
          'packages',
          `no packages were seen${limits.length > 0 ? ` (${enumerate(limits, 2000, '; ')})` : ''}`,
        );
      const reasons = [
        ...limits,
        ...inventory.others.map(
          ({ manager, count }) => `${count} packages of ${manager}: no advisory source for them on ${release.name}`,
        ),
        ...(inventory.subjects.length === 0
          ? [`no package of ${release.manager} was seen, which ${release.name} is made of`]
          : []),
      ];
      return reasons.length > 0
        ? notAssessed('packages', enumerate(reasons, 2000, '; '))
        : passed('packages', release.manager, `${inventory.subjects.length} packages`);
    },
    kernel: (inventory: Inventory | undefined): Verdict => {
      if (!inventory) return notAssessed('kernel', 'no packages were seen');
      const { outcome, text } = inventory.kernel;
      if (outcome === 'PASSED') return passed('kernel', 'uname -r', text);
      return { ruleId: ruleIds.kernel, outcome, reason: text, observations: [] };
    },
  };
}

const notAssessed = (rule: keyof typeof ruleIds, reason: string): Verdict => ({
  ruleId: ruleIds[rule],
  outcome: 'NOT_ASSESSED',
  reason,
  observations: [],
});

const passed = (rule: keyof typeof ruleIds, source: string, observed: string): Verdict => ({
  ruleId: ruleIds[rule],
  outcome: 'PASSED',
  observations: [{ source, observed }],
});
