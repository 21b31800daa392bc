import type { VersionOrder } from '../../domain/versions/version-order.ts';

/** A release of a distribution, and how its packages are compared with its advisories. */
export interface Release {
  /** For texts: `Debian 12`. */
  readonly name: string;
  /** In the table of ends of life: `debian:12`. */
  readonly key: string;
  readonly manager: 'dpkg' | 'rpm' | 'apk';
  readonly order: VersionOrder;
  /**
   * What the records' package names are: source packages, binary packages, binary packages and source packages named as
   * their files (`bash.src`), or source packages with the fixed versions of their binary packages beside them.
   */
  readonly names: 'SOURCE' | 'BINARY' | 'BINARY_AND_SOURCE' | 'SOURCE_WITH_BINARIES';
  /** The ecosystems of the release, for texts: as feeds name it, `SUSE:* 15 SP5` where there are many. */
  readonly ecosystem: string;
  readonly holds: (ecosystem: string) => boolean;
  /** Ecosystems of some of its packages alone: without one that it holds, they do not cover the release. */
  readonly besides?: (ecosystem: string) => boolean;
  /** The ecosystem of the release whose fixes are for subscribers. */
  readonly subscribers?: string;
  /**
   * Ecosystems of builds that count their versions apart and are judged by their own records alone, told by the version
   * or the source's name: undefined for an ordinary build.
   */
  readonly apart?: (build: { readonly name: string; readonly version: string }) => BuildLine | undefined;
  /** Of Red Hat Enterprise Linux, whose minor releases are kept in streams of their own. */
  readonly version?: { readonly major: string; readonly minor: string | undefined };
  /** Ecosystems of the release's extended streams whose fixes decide for a build of the same minor release. */
  readonly extended?: (version: string) => (ecosystem: string) => boolean;
  /** The records leave epochs out, so that one of the installed package must not decide. */
  readonly epochs?: 'LEFT_OUT';
  /** Whom the distribution's own rpm packages name as their vendor. */
  readonly vendor?: RegExp;
  readonly upgrade: (packages: readonly string[]) => string;
}

export interface BuildLine {
  readonly name: 'FIPS';
  readonly holds: (ecosystem: string) => boolean;
}
