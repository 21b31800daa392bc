import type { EvidenceData } from '@assay/model/evidence/kinds.ts';

export type Repository = NonNullable<EvidenceData<'packages'>['databases'][number]['repositories']>[number];

/** Whose one of apt's repositories is; UNKNOWN where it looks like a mirror and no Release file says. */
export interface Whose {
  readonly of: 'DISTRIBUTION' | 'THIRD_PARTY' | 'UNKNOWN';
  /** Why its packages are not those that the release's advisories speak of, where that is not plain. */
  readonly why?: string;
}

/** `codename` is that of the host's release, where it is known. */
export function whoseRepository(
  { name, origin, codename: stated }: Repository,
  distribution: 'debian' | 'ubuntu',
  codename: string | undefined,
): Whose {
  const [site = '', suite = ''] = name.split(' ');
  const by = origin === undefined ? bySite(site, distribution) : byOrigin(origin, distribution);
  if (by !== 'DISTRIBUTION') return { of: by };
  // Backports and other releases are the distribution's, but not what the advisories of this release speak of.
  if (/backports/i.test(`${origin ?? ''} ${suite}`)) return { of: 'THIRD_PARTY', why: 'backports' };
  const release = (stated ?? suite).toLowerCase().replace(/[-/].*$/, '');
  if (codename === undefined || !/^[a-z]+$/.test(release) || release === codename || generic.test(release)) {
    return { of: 'DISTRIBUTION' };
  }
  return { of: 'THIRD_PARTY', why: `of the release ${release}, and not of ${codename}` };
}

const generic = /^(?:stable|oldstable|oldoldstable)$/;

const origins = { debian: /^Debian(?: Backports)?$/i, ubuntu: /^Ubuntu(?:ESM\w*|FIPS\w*|Realtime\w*)?$/i } as const;
const byOrigin = (origin: string, distribution: 'debian' | 'ubuntu'): 'DISTRIBUTION' | 'THIRD_PARTY' =>
  origins[distribution].test(origin) ? 'DISTRIBUTION' : 'THIRD_PARTY';

const hosts = { debian: /(?:^|\.)debian\.org$/, ubuntu: /(?:^|\.)(?:ubuntu|canonical)\.com$/ } as const;
const paths = {
  debian: /^(?:debian|debian-security|debian-lts|debian\/updates)?$/,
  ubuntu: /^(?:ubuntu|ubuntu-ports|ubuntu-security|(?:apps|infra|fips\S*)\/ubuntu)$/,
} as const;

/** A mirror anywhere has the paths of the archive; so have a few vendors. */
function bySite(site: string, distribution: 'debian' | 'ubuntu'): Whose['of'] {
  const [host = '', ...path] = site.split('/');
  if (!paths[distribution].test(path.join('/'))) return 'THIRD_PARTY';
  return hosts[distribution].test(host) ? 'DISTRIBUTION' : 'UNKNOWN';
}
