import { DAY } from '../../domain/durations.ts';

/** Until when a release gets fixes for everyone, for everyone but of fewer packages or by others, and for payment. */
interface Support {
  readonly security: string;
  readonly extended?: { readonly name: string; readonly until: string };
  /** For subscribers only: it does not count as support here. */
  readonly paid?: string;
}

export interface SupportStatus {
  readonly status: 'SUPPORTED' | 'EXTENDED' | 'ENDED' | 'UNKNOWN';
  /** A sentence without its full stop. */
  readonly text: string;
}

const lts = (until: string) => ({ name: 'Debian LTS', until });
const esm = (until: string): string => `Ubuntu Pro (Expanded Security Maintenance) until ${until}`;

/**
 * Last days with security fixes. Sources: distro-info-data (Debian, Ubuntu), alpinelinux.org/releases, wiki.almalinux.org,
 * wiki.rockylinux.org, access.redhat.com/support/policy/updates/errata, suse.com/lifecycle, en.opensuse.org/Lifetime,
 * aws.amazon.com/linux.
 */
const releases: Readonly<Record<string, Support>> = {
  'debian:7': { security: '2016-04-25', extended: lts('2018-05-31') },
  'debian:8': { security: '2018-06-17', extended: lts('2020-06-30') },
  'debian:9': { security: '2020-07-18', extended: lts('2022-06-30'), paid: 'Freexian ELTS until 2027-06-30' },
  'debian:10': { security: '2022-09-10', extended: lts('2024-06-30'), paid: 'Freexian ELTS until 2029-06-30' },
  'debian:11': { security: '2024-08-14', extended: lts('2026-08-31'), paid: 'Freexian ELTS until 2031-06-30' },
  'debian:12': { security: '2026-07-11', extended: lts('2028-06-30'), paid: 'Freexian ELTS until 2033-06-30' },
  'debian:13': { security: '2028-08-09', extended: lts('2030-06-30'), paid: 'Freexian ELTS until 2035-06-30' },
  'ubuntu:14.04': { security: '2019-04-25', paid: esm('2024-04-25') },
  'ubuntu:16.04': { security: '2021-04-29', paid: esm('2026-04-23') },
  'ubuntu:18.04': { security: '2023-05-31', paid: esm('2028-04-01') },
  'ubuntu:20.04': { security: '2025-05-29', paid: esm('2030-04-23') },
  'ubuntu:22.04': { security: '2027-06-01', paid: esm('2032-04-21') },
  'ubuntu:23.04': { security: '2024-01-25' },
  'ubuntu:23.10': { security: '2024-07-11' },
  'ubuntu:24.04': { security: '2029-05-31', paid: esm('2034-04-25') },
  'ubuntu:24.10': { security: '2025-07-10' },
  'ubuntu:25.04': { security: '2026-01-15' },
  'ubuntu:25.10': { security: '2026-07-09' },
  'ubuntu:26.04': { security: '2031-05-29', paid: esm('2036-04-23') },
  'alpine:3.9': { security: '2020-11-01' },
  'alpine:3.10': { security: '2021-05-01' },
  'alpine:3.11': { security: '2021-11-01' },
  'alpine:3.12': { security: '2022-05-01' },
  'alpine:3.13': { security: '2022-11-01' },
  'alpine:3.14': { security: '2023-05-01' },
  'alpine:3.15': { security: '2023-11-01' },
  'alpine:3.16': { security: '2024-05-23' },
  'alpine:3.17': { security: '2024-11-22' },
  'alpine:3.18': { security: '2025-05-09' },
  'alpine:3.19': { security: '2025-11-01' },
  'alpine:3.20': { security: '2026-04-01' },
  'alpine:3.21': { security: '2026-11-01' },
  'alpine:3.22': { security: '2027-05-01' },
  'alpine:3.23': { security: '2027-11-01' },
  'almalinux:8': { security: '2029-03-01' },
  'almalinux:9': { security: '2032-05-31' },
  'almalinux:10': { security: '2035-05-31' },
  'rocky:8': { security: '2029-05-31' },
  'rocky:9': { security: '2032-05-31' },
  'rocky:10': { security: '2035-05-31' },
  'rhel:6': { security: '2020-11-30' },
  'rhel:7': { security: '2024-06-30', paid: 'Extended Life Cycle Support until 2028-06-30' },
  'rhel:8': { security: '2029-05-31' },
  'rhel:9': { security: '2032-05-31' },
  'rhel:10': { security: '2035-05-31' },
  'sles:12.5': { security: '2024-10-31', paid: 'SUSE LTSS until 2027-10-31' },
  'sles:15.3': { security: '2022-12-31', paid: 'SUSE LTSS until 2025-12-31' },
  'sles:15.4': { security: '2023-12-31', paid: 'SUSE LTSS until 2026-12-31' },
  'sles:15.5': { security: '2024-12-31', paid: 'SUSE LTSS until 2027-12-31' },
  'sles:15.6': { security: '2025-12-31', paid: 'SUSE LTSS until 2028-12-31' },
  'sles:15.7': { security: '2031-07-31' },
  'opensuse-leap:15.0': { security: '2019-12-03' },
  'opensuse-leap:15.1': { security: '2021-02-02' },
  'opensuse-leap:15.2': { security: '2022-01-04' },
  'opensuse-leap:15.3': { security: '2022-12-31' },
  'opensuse-leap:15.4': { security: '2023-12-07' },
  'opensuse-leap:15.5': { security: '2024-12-31' },
  'opensuse-leap:15.6': { security: '2026-04-30' },
  'amzn:1': { security: '2023-12-31' },
  'amzn:2': { security: '2026-06-30' },
  'amzn:2023': { security: '2029-06-30' },
};

/** Those that are no release: they get fixes for as long as somebody updates them. */
const ROLLING: readonly string[] = ['wolfi', 'chainguard', 'opensuse-tumbleweed'];

/** How a release stands at a time (milliseconds since the epoch); the last day counts as supported, in UTC. */
export function supportOf({ name, key }: { readonly name: string; readonly key: string }, at: number): SupportStatus {
  if (ROLLING.includes(key))
    return { status: 'SUPPORTED', text: `${name} is a rolling release, which gets security fixes` };
  const support = releases[key];
  if (!support) return { status: 'UNKNOWN', text: `when ${name} ends is not known to this version of Assay` };
  const { security, extended, paid } = support;
  const over = (day: string): boolean => at >= Date.parse(`${day}T00:00:00Z`) + DAY;
  if (!over(security)) return { status: 'SUPPORTED', text: `${name} gets security fixes until ${security}` };
  if (extended && !over(extended.until)) {
    return {
      status: 'EXTENDED',
      text: `${name} has been past its regular end of life since ${security}; ${extended.name} fixes most of its packages until ${extended.until}`,
    };
  }
  const last = extended ? `${security}, ${extended.name} since ${extended.until}` : security;
  return { status: 'ENDED', text: `end of life since ${last}${paid ? `; paid support: ${paid}` : ''}` };
}
