import type { Gap } from '../../domain/advisories.ts';
import { dpkg } from '../../domain/versions/dpkg.ts';

/** An announcement of Debian (DSA, DLA), as far as it is about one release. */
export interface Announcement {
  readonly id: string;
  readonly cves: readonly string[];
  /** Source packages and the versions that they are fixed in. */
  readonly fixes: ReadonlyMap<string, string>;
}

/** A release of Debian that the security tracker's records of CVEs are there for. */
export interface TrackedRelease {
  /** `Debian:12` */
  readonly ecosystem: string;
  /** Source packages that the records name. */
  readonly packages: ReadonlySet<string>;
  readonly announcements: readonly Announcement[];
}

/**
 * CVEs that an announcement of Debian fixed and of which Debian has no record at all: the fix was due in the announcement's
 * own release, and in each later one that has the source, which carries it on. Earlier releases are often not affected, so
 * nothing is said of them. `releases` in their order.
 */
export function announcementGaps(releases: readonly TrackedRelease[], isKnown: (cve: string) => boolean): Gap[] {
  const found = new Map<string, Gap>();
  for (const [index, { ecosystem: announcedFor, announcements }] of releases.entries()) {
    for (const { id, cves, fixes } of announcements) {
      const missing = cves.filter((cve) => !isKnown(cve));
      if (missing.length === 0) continue;
      for (const { ecosystem, packages } of releases.slice(index)) {
        for (const [source, fixed] of fixes) {
          const shipped = ecosystem === announcedFor || packages.has(source);
          if (!shipped) continue;
          for (const cve of missing) {
            const key = `${ecosystem} ${cve} ${source}`;
            const known = found.get(key)?.siblingFixed;
            // Of several announcements the one that says most of the release: the latest.
            if (known != null && dpkg.compare(known, fixed) >= 0) continue;
            found.set(key, gapOf({ ecosystem, announcedFor, id, cve, source, fixed }));
          }
        }
      }
    }
  }
  return [...found.values()];
}

interface Missing {
  readonly ecosystem: string;
  readonly announcedFor: string;
  readonly id: string;
  readonly cve: string;
  readonly source: string;
  readonly fixed: string;
}

const gapOf = ({ ecosystem, announcedFor, id, cve, source, fixed }: Missing): Gap => ({
  ...{ ecosystem, cve, package: source, names: [], shipped: true },
  sibling: `Debian's announcements (${id})`,
  siblingFixed: fixed,
  why: `Debian's security tracker has no record of ${cve}, which ${id} fixed in ${source} ${fixed} of ${announcedFor}`,
});
