import { FeedFault } from '../feed-fault.ts';
import { listOf, member, objectOf, tokenOf } from '../hostile-value.ts';
import type { FeedOutcome } from '../imported-record.ts';
import { cveOf } from '../osv/cve-ids.ts';
import { parseOsv } from '../osv/parse-osv.ts';
import { wholeJson } from './whole-json.ts';

const MAX_BYTES = 256 * 1024 * 1024;
const MAX_ENTRIES = 2_000_000;
const NONE = 'NA';

/**
 * What Photon OS says of each CVE in each package of one release (`cve_data_photon5.0.json`): a list of `cve_id`, `pkg`,
 * `cve_score`, `res_ver` (the fixed version, or `NA`) and `status`. The release is told by its fixed versions alone
 * (`1.2-3.ph5`). It has no dates. Throws {@link FeedFault} where no fix tells the release, or fixes tell several.
 */
export async function* photonFile(path: string): AsyncGenerator<FeedOutcome> {
  const entries = listOf(await wholeJson(path, MAX_BYTES), 'the list', MAX_ENTRIES);
  const ecosystem = `Photon OS:${releaseIn(entries)}.0`;
  for (const [index, each] of entries.entries()) {
    let what = `entry ${index + 1}`;
    try {
      const entry = objectOf(each, 'an entry');
      const name = tokenOf(member(entry, 'pkg'), 'pkg');
      const id = tokenOf(member(entry, 'cve_id'), 'cve_id');
      what = `${id} ${name}`.slice(0, 100);
      const cve = cveOf(id);
      if (cve === undefined) yield { refusal: 'names no CVE', what, reason: 'it names no CVE' };
      else yield parseOsv(asOsv(cve, { ecosystem, name }, eventsOf(entry)), what);
    } catch (error) {
      if (!(error instanceof FeedFault)) throw error;
      yield { refusal: 'unreadable', what, reason: error.message };
    }
  }
}

function releaseIn(entries: readonly unknown[]): string {
  const releases = new Set(
    entries.flatMap((entry) => {
      const fixed = typeof entry === 'object' && entry !== null ? member({ ...entry }, 'res_ver') : undefined;
      return typeof fixed === 'string' ? (/\.ph(\d{1,2})$/.exec(fixed)?.[1] ?? []) : [];
    }),
  );
  const [release, ...others] = releases;
  if (release === undefined) throw new FeedFault('no fixed version tells which release of Photon OS it is of');
  if (others.length > 0)
    throw new FeedFault(`its fixed versions are of several releases (${[...releases].join(', ')})`);
  return release;
}

function eventsOf(entry: Readonly<Record<string, unknown>>): readonly object[] {
  const status = member(entry, 'status');
  if (status === 'Not Affected') return [{ introduced: '0' }, { fixed: '0' }];
  const fixed = tokenOf(member(entry, 'res_ver') ?? NONE, 'res_ver');
  if (status === 'Fixed' && fixed !== NONE) return [{ introduced: '0' }, { fixed }];
  // Anything but these two is open as far as can be known.
  if (typeof status === 'string' && fixed === NONE) return [{ introduced: '0' }];
  throw new FeedFault('its status and its fixed version do not go together');
}

/** Its score is of no stated kind (CVSS 2 and 3 both occur), so no severity is taken from it. */
const asOsv = (
  cve: string,
  affected: { readonly ecosystem: string; readonly name: string },
  events: object,
): object => ({
  id: `PHOTON-${cve}`,
  modified: '1970-01-01T00:00:00Z',
  references: [{ type: 'ADVISORY', url: `https://nvd.nist.gov/vuln/detail/${cve}` }],
  affected: [{ package: affected, ranges: [{ type: 'ECOSYSTEM', events }] }],
});
