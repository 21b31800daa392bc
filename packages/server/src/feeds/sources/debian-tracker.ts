import { FeedFault } from '../feed-fault.ts';
import { member, objectOf, tokenOf } from '../hostile-value.ts';
import type { FeedOutcome, TrackerStatement } from '../imported-record.ts';
import { cveOf } from '../osv/cve-ids.ts';
import { fileBytes } from './file-bytes.ts';
import { jsonMembers } from './json-members.ts';

const RELEASES: ReadonlyMap<string, string> = new Map([
  ['jessie', '8'],
  ['stretch', '9'],
  ['buster', '10'],
  ['bullseye', '11'],
  ['bookworm', '12'],
  ['trixie', '13'],
  ['forky', '14'],
  ['duke', '15'],
]);

/**
 * Debian's security tracker (https://security-tracker.debian.org/tracker/data/json): where each CVE stands in each package
 * of each release. Records of OSV tell more where there are some, and decide where both name a fix.
 */
export async function* debianTrackerFile(path: string): AsyncGenerator<FeedOutcome> {
  const strange = new Set<string>();
  for await (const [name, cves] of jsonMembers(fileBytes(path))) {
    let what = name.slice(0, 100);
    try {
      const packageName = tokenOf(name, 'a package’s name');
      for (const [id, entry] of Object.entries(objectOf(cves, 'a package'))) {
        const cve = cveOf(id);
        // Issues that have no CVE yet are under TEMP- numbers.
        if (cve === undefined) continue;
        what = `${packageName} ${cve}`;
        const releases = objectOf(member(objectOf(entry, 'a CVE'), 'releases') ?? {}, 'releases');
        for (const [codename, value] of Object.entries(releases)) {
          const release = RELEASES.get(codename);
          if (release === undefined && codename !== 'sid') strange.add(codename.slice(0, 40));
          if (release === undefined) continue;
          const said = objectOf(value, 'a release');
          const urgency = member(said, 'urgency');
          yield {
            item: {
              kind: 'disposition',
              ecosystem: `Debian:${release}`,
              package: packageName,
              cve,
              ...(typeof urgency === 'string' && /^[a-z][a-z *-]{0,39}$/.test(urgency) && { urgency }),
              ...statementOf(said),
            },
          };
        }
      }
    } catch (error) {
      if (!(error instanceof FeedFault)) throw error;
      yield { refusal: 'unreadable', what, reason: error.message };
    }
  }
  for (const codename of strange) {
    yield { refusal: 'unreadable', what: codename, reason: 'it is no release that is known', elsewhere: true };
  }
}

function statementOf(release: Readonly<Record<string, unknown>>): TrackerStatement {
  const status = member(release, 'status');
  if (status === 'undetermined') return { disposition: 'UNDETERMINED' };
  if (status === 'resolved') {
    const fixed = member(release, 'fixed_version');
    // Resolved without a version: the package has left the release.
    return fixed === undefined ? { disposition: 'NOT_AFFECTED' } : { fixed: tokenOf(fixed, 'fixed_version') };
  }
  if (status !== 'open') throw new FeedFault('a status is not known');
  if (member(release, 'urgency') === 'end-of-life') return { disposition: 'END_OF_LIFE' };
  // `nodsa` is why there will be no DSA; `nodsa_reason` is empty where that may still change with a point release.
  if (member(release, 'nodsa') === undefined) return {};
  return { disposition: member(release, 'nodsa_reason') === 'ignored' ? 'WILL_NOT_FIX' : 'DEFERRED' };
}
