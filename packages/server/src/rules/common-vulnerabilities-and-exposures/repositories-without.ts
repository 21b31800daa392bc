import type { HostEvidence } from '@assay/model/evidence/kinds.ts';
import type { Coverage } from '../../domain/advisories.ts';
import type { Release } from './release.ts';
import { enumerate } from './wording.ts';

interface Answer {
  /** Repositories that packages may come from and that no advisories here speak of, each in words. */
  readonly reasons: readonly string[];
  /** What there are advisories of. */
  readonly seen: string;
}

type Repositories = NonNullable<
  NonNullable<NonNullable<HostEvidence['packages']>['data']>['databases'][number]['repositories']
>;

/**
 * A release is covered in parts where its distribution publishes advisories by repository: which of the host's own are
 * not. Where the host does not say which it uses, any may be.
 */
export function repositoriesWithout(evidence: HostEvidence, release: Release, coverages: readonly Coverage[]): Answer {
  const covered = new Set(coverages.flatMap(({ repositories }) => repositories));
  const seen = covered.size === 0 ? 'advisories of the whole release' : enumerate([...covered].sort(), 1000);
  const database = evidence.packages?.data?.databases.find(({ manager }) => manager === release.manager);
  const enabled = database?.repositories?.filter(({ enabled: on }) => on !== false);
  const [family] = release.key.split(':');
  if (family === 'alpine') return { reasons: ofAlpine(release, covered, enabled), seen };
  if (release.key === 'amzn:2') return { reasons: ofAmazon(covered, enabled), seen };
  if (family === 'rhel') return { reasons: ofRedHat(release, coverages), seen };
  return { reasons: [], seen };
}

function ofAlpine(release: Release, covered: ReadonlySet<string>, enabled: Repositories | undefined): string[] {
  const branch = release.key.replace('alpine:', 'v');
  const missing = ['main', 'community'].filter((part) => !covered.has(part));
  if (enabled === undefined) {
    return missing.map(
      (part) =>
        `there are no advisories for ${branch}/${part}, and whether the host has packages of it is not known, as /etc/apk/repositories was not seen`,
    );
  }
  return [...new Set(enabled.map(({ name }) => name))].flatMap((name) => {
    const [, of, part = ''] = /(?:^|\/)(v\d+\.\d+|edge|latest-stable)\/([\w-]+)\/?$/.exec(name) ?? [];
    if (of === undefined) return [];
    if (of !== branch)
      return [`packages may be of ${of}/${part} (${name}), which the advisories of ${branch} do not speak of`];
    return covered.has(part) ? [] : [`there are no advisories for the repository ${of}/${part} (${name})`];
  });
}

/** Core has advisories of its own, and so has each of the extras. */
function ofAmazon(covered: ReadonlySet<string>, enabled: Repositories | undefined): string[] {
  const core = covered.has('core') ? [] : ['there are no advisories for the repository core'];
  if (enabled === undefined) {
    const known = [...covered].filter((part) => part !== 'core');
    const extras =
      known.length === 0
        ? 'there are no advisories for the extras repositories (docker, nginx, postgresql and others); packages from them are not assessed'
        : `which extras repositories the host has enabled is not known; those with advisories here are ${enumerate(known.sort(), 300)}; packages from others are not assessed`;
    return [...core, extras];
  }
  const extras = enabled.flatMap(({ name }) => /^amzn2extra-(.+)$/.exec(name)?.[1] ?? []);
  const missing = extras.filter((extra) => !covered.has(extra.toLowerCase()));
  return [
    ...core,
    ...missing.map((extra) => `there are no advisories for the extras repository ${extra} (amzn2extra-${extra})`),
  ];
}

/** From version 8 on every host has both. */
function ofRedHat(release: Release, coverages: readonly Coverage[]): string[] {
  const major = Number(release.key.replace('rhel:', ''));
  if (major < 8) return [];
  const parts = new Set(coverages.map(({ ecosystem }) => ecosystem.split('::')[1]));
  // A feed that does not tell them apart has all.
  if (parts.has(undefined) || parts.has('')) return [];
  return ['baseos', 'appstream']
    .filter((part) => !parts.has(part))
    .map((part) => `there are no advisories for the repository ${part} of ${release.name}`);
}
