import { type ReleaseSupport, type SupportPhase, supportPhases } from '../../domain/release-support.ts';

/** Of when the table is. */
const DATE = '2026-12-01';

const phase =
  (of: Omit<SupportPhase, 'until'>) =>
  (until: string): SupportPhase => ({ ...of, until });
const lts = phase(supportPhases.debianLts);
const elts = phase(supportPhases.freexianElts);
const esm = phase(supportPhases.ubuntuEsm);
const legacy = phase(supportPhases.ubuntuLegacy);
const els = phase(supportPhases.redHatEls);
const ltss = phase(supportPhases.suseLtss);

/**
 * Last days with security fixes, for servers that have no feed of them and for releases that the feed does not name. Sources:
 * distro-info-data (Debian, Ubuntu), endoflife.date, alpinelinux.org/releases, wiki.almalinux.org, wiki.rockylinux.org,
 * access.redhat.com/support/policy/updates/errata, suse.com/lifecycle, en.opensuse.org/Lifetime, aws.amazon.com/linux.
 */
const releases: Readonly<Record<string, readonly [security: string, ...extended: SupportPhase[]]>> = {
  'debian:7': ['2016-04-25', lts('2018-05-31')],
  'debian:8': ['2018-06-17', lts('2020-06-30')],
  'debian:9': ['2020-07-18', lts('2022-06-30'), elts('2027-06-30')],
  'debian:10': ['2022-09-10', lts('2024-06-30'), elts('2029-06-30')],
  'debian:11': ['2024-08-14', lts('2026-08-31'), elts('2031-06-30')],
  'debian:12': ['2026-07-11', lts('2028-06-30'), elts('2033-06-30')],
  'debian:13': ['2028-08-09', lts('2030-06-30'), elts('2035-06-30')],
  'ubuntu:14.04': ['2019-04-25', esm('2024-04-25'), legacy('2026-04-28')],
  'ubuntu:16.04': ['2021-04-30', esm('2026-04-23'), legacy('2028-04-25')],
  'ubuntu:18.04': ['2023-05-31', esm('2028-04-26'), legacy('2030-04-30')],
  'ubuntu:20.04': ['2025-05-29', esm('2030-04-23'), legacy('2032-04-27')],
  'ubuntu:22.04': ['2027-06-01', esm('2032-04-21'), legacy('2034-04-25')],
  'ubuntu:23.04': ['2024-01-25'],
  'ubuntu:23.10': ['2024-07-11'],
  'ubuntu:24.04': ['2029-05-31', esm('2034-04-25'), legacy('2036-04-29')],
  'ubuntu:24.10': ['2025-07-10'],
  'ubuntu:25.04': ['2026-01-15'],
  'ubuntu:25.10': ['2026-07-09'],
  'ubuntu:26.04': ['2031-05-29', esm('2036-04-23'), legacy('2038-04-27')],
  'alpine:3.9': ['2020-11-01'],
  'alpine:3.10': ['2021-05-01'],
  'alpine:3.11': ['2021-11-01'],
  'alpine:3.12': ['2022-05-01'],
  'alpine:3.13': ['2022-11-01'],
  'alpine:3.14': ['2023-05-01'],
  'alpine:3.15': ['2023-11-01'],
  'alpine:3.16': ['2024-05-23'],
  'alpine:3.17': ['2024-11-22'],
  'alpine:3.18': ['2025-05-09'],
  'alpine:3.19': ['2025-11-01'],
  'alpine:3.20': ['2026-04-01'],
  'alpine:3.21': ['2026-11-01'],
  'alpine:3.22': ['2027-05-01'],
  'alpine:3.23': ['2027-11-01'],
  'azurelinux:2': ['2025-07-31'],
  'azurelinux:3': ['2027-08-31'],
  'openeuler:20.03-LTS-SP4': ['2025-11-30'],
  'openeuler:22.03-LTS': ['2024-03-31'],
  'openeuler:22.03-LTS-SP1': ['2024-12-31'],
  'openeuler:22.03-LTS-SP2': ['2024-03-31'],
  'openeuler:22.03-LTS-SP3': ['2025-12-31'],
  'openeuler:22.03-LTS-SP4': ['2026-06-30'],
  'openeuler:24.03-LTS': ['2026-05-31'],
  'openeuler:24.03-LTS-SP1': ['2026-12-31'],
  'openeuler:24.03-LTS-SP2': ['2026-03-31'],
  'openeuler:24.03-LTS-SP3': ['2027-12-31'],
  'almalinux:8': ['2029-03-01'],
  'almalinux:9': ['2032-05-31'],
  'almalinux:10': ['2035-05-31'],
  'rocky:8': ['2029-05-31'],
  'rocky:9': ['2032-05-31'],
  'rocky:10': ['2035-05-31'],
  'rhel:6': ['2020-11-30'],
  'rhel:7': ['2024-06-30', els('2028-06-30')],
  'rhel:8': ['2029-05-31'],
  'rhel:9': ['2032-05-31'],
  'rhel:10': ['2035-05-31'],
  'sles:12.5': ['2024-10-31', ltss('2027-10-31')],
  'sles:15.3': ['2022-12-31', ltss('2025-12-31')],
  'sles:15.4': ['2023-12-31', ltss('2026-12-31')],
  'sles:15.5': ['2024-12-31', ltss('2027-12-31')],
  'sles:15.6': ['2025-12-31', ltss('2028-12-31')],
  'sles:15.7': ['2031-07-31'],
  'opensuse-leap:15.0': ['2019-12-03'],
  'opensuse-leap:15.1': ['2021-02-02'],
  'opensuse-leap:15.2': ['2022-01-04'],
  'opensuse-leap:15.3': ['2022-12-31'],
  'opensuse-leap:15.4': ['2023-12-07'],
  'opensuse-leap:15.5': ['2024-12-31'],
  'opensuse-leap:15.6': ['2026-04-30'],
  'opensuse-leap:16.0': ['2027-10-31'],
  'amzn:1': ['2023-12-31'],
  'amzn:2': ['2026-06-30'],
  'amzn:2023': ['2029-06-30'],
};

/** What this version of Assay knows of a release, and of when (milliseconds since the epoch) that is. */
export function knownEndOfLife(release: string): (ReleaseSupport & { readonly date: number }) | undefined {
  const known = Object.hasOwn(releases, release) ? releases[release] : undefined;
  if (!known) return undefined;
  const [security, ...extended] = known;
  return { release, security, extended, date: Date.parse(DATE) };
}
