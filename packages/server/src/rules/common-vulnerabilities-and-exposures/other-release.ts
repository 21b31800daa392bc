import type { Release } from './release.ts';

/**
 * The release that a package was built for, where its version names another than the host's: `Debian 13`. Such packages stay
 * behind when a system is upgraded in place, or were taken from a later release. Their versions are no measure for the fixes
 * of this one. The last release that a version names counts: `+deb12u1~deb11u1` is of Debian 11.
 */
export function otherReleaseOf(release: Release, version: string): string | undefined {
  const [distribution = '', number = ''] = release.key.split(':');
  switch (distribution) {
    case 'debian': {
      // An earlier release's is often carried on unchanged. Until Debian 7 the number had a nought: `deb70u1`.
      const [, named] = /.*[+~]deb(\d{1,2})u\d/.exec(version) ?? [];
      const major = named === undefined || /^[67]0$/.test(named) ? 0 : Number(named);
      return major > Number(number) ? `Debian ${major}` : undefined;
    }
    case 'ubuntu': {
      const [, named] = /.*(?:ubuntu\d*\.|~(?:ubuntu)?|build\d*\.)(\d\d\.(?:04|10))(?!\d)/.exec(version) ?? [];
      return named !== undefined && named > number ? `Ubuntu ${named}` : undefined;
    }
    case 'amzn': {
      const [, named] = /.*\.amzn(\d+)/.exec(version) ?? [];
      return named !== undefined && named !== number ? `Amazon Linux ${named}` : undefined;
    }
    case 'rhel':
    case 'almalinux':
    case 'rocky': {
      const [, named] = /.*[.+_-]el(\d+)/.exec(version) ?? [];
      return named !== undefined && named !== number ? `Enterprise Linux ${named}` : undefined;
    }
    default:
      return undefined;
  }
}
