import type { AdvisoryRecord, CvssVector } from '../../domain/advisories.ts';
import { scoreVector } from '../cvss.ts';
import { FeedFault } from '../feed-fault.ts';
import { instantOf, listOf, member, objectOf, proseOf } from '../hostile-value.ts';
import type { FeedOutcome } from '../imported-record.ts';
import { cveOf } from '../osv/cve-ids.ts';
import { linkOf } from '../osv/link.ts';
import { entriesOf, idsIn } from './entries.ts';
import { readProductTree } from './product-tree.ts';

const MAX_SUMMARY = 300;
const MAX_DESCRIPTION = 1_000;
const MAX_MITIGATION = 500;
const MAX_LIST = 100_000;

type Members = Readonly<Record<string, unknown>>;

/** `REDHAT-CVE-2024-1` of `2024/cve-2024-1.json`; another name as it is. */
export function documentName(name: string): string {
  const cve = cveOf(
    name
      .replace(/^.*\//, '')
      .replace(/\.json$/, '')
      .toUpperCase(),
  );
  return cve === undefined ? name.slice(0, 100) : recordId(cve);
}

const recordId = (cve: string): string => `REDHAT-${cve}`;

/**
 * A CSAF document of Red Hat in the VEX profile (https://redhatproductsecurity.github.io/security-data-guidelines/csaf-vex/)
 * as the record of its CVE: what each stream of Red Hat Enterprise Linux has to say of each source package. Never throws:
 * what cannot be read is named with its reason.
 */
export function parseCsafVex(value: unknown, name: string): FeedOutcome {
  let what = documentName(name);
  try {
    const { document, tracking, vulnerability, cve } = headOf(value);
    what = recordId(cve);
    const modified = instantOf(member(tracking, 'current_release_date'));
    if (modified === undefined) throw new FeedFault('current_release_date is no instant');
    if (member(tracking, 'status') === 'deleted') {
      return { refusal: 'withdrawn', what, reason: `deleted ${modified}`, modified };
    }
    const notes: string[] = [];
    const rating = ratingOf(document);
    const tree = readProductTree(member(objectOf(value, 'the document'), 'product_tree') ?? {});
    const { entries, faults } = entriesOf(vulnerability, { record: what, tree, rating });
    const published = instantOf(member(vulnerability, 'release_date'));
    const link = linkOf(what, []);
    const record: AdvisoryRecord = {
      id: what,
      kind: 'CVE',
      cves: [cve],
      summary: proseOf(member(vulnerability, 'title') ?? member(document, 'title'), MAX_SUMMARY),
      details: entries.length === 0 ? '' : detailsOf(vulnerability),
      cvss: vectorsOf(vulnerability, notes),
      ...(rating !== undefined && { rating }),
      ...(link !== undefined && { link }),
      ...(published !== undefined && { published }),
      modified,
    };
    return {
      item: { kind: 'advisory', advisory: { record, entries } },
      notes,
      ...(faults.length > 0 && { unreadable: faults, unplaced: faults }),
    };
  } catch (error) {
    if (!(error instanceof FeedFault)) throw error;
    return { refusal: 'unreadable', what, reason: error.message };
  }
}

function headOf(value: unknown) {
  const whole = objectOf(value, 'the document');
  const document = objectOf(member(whole, 'document'), 'document');
  if (member(document, 'category') !== 'csaf_vex') throw new FeedFault('it is no VEX document');
  const tracking = objectOf(member(document, 'tracking'), 'document.tracking');
  const cve = cveOf(String(member(tracking, 'id')));
  if (cve === undefined) throw new FeedFault('it is about no CVE');
  const [first, ...others] = listOf(member(whole, 'vulnerabilities'), 'vulnerabilities', MAX_LIST);
  const vulnerability = objectOf(first ?? {}, 'a vulnerability');
  if (others.length > 0) throw new FeedFault('it has several vulnerabilities');
  const named = member(vulnerability, 'cve');
  if (named !== undefined && named !== cve) throw new FeedFault('its vulnerability is another CVE');
  return { document, tracking, vulnerability, cve };
}

/** Red Hat's word for the CVE as a whole. */
function ratingOf(document: Members): string | undefined {
  const text = member(objectOf(member(document, 'aggregate_severity') ?? {}, 'aggregate_severity'), 'text');
  return typeof text === 'string' && /^(?:critical|important|moderate|low)$/i.test(text)
    ? text.toLowerCase()
    : undefined;
}

function vectorsOf(vulnerability: Members, notes: string[]): CvssVector[] {
  const found = new Map<string, CvssVector>();
  for (const each of listOf(member(vulnerability, 'scores'), 'scores', MAX_LIST)) {
    const score = objectOf(each, 'a score');
    for (const [name, type] of [
      ['cvss_v2', 'CVSS_V2'],
      ['cvss_v3', 'CVSS_V3'],
      ['cvss_v4', 'CVSS_V4'],
    ] as const) {
      const stated = member(score, name);
      if (stated === undefined) continue;
      const text = member(objectOf(stated, name), 'vectorString');
      const vector = typeof text === 'string' ? scoreVector(type, text) : undefined;
      if (vector) found.set(vector.vector, vector);
      else notes.push(`${name} has no vector of it`);
    }
  }
  return [...found.values()].sort((a, b) => (a.type + a.vector < b.type + b.vector ? -1 : 1));
}

/** Red Hat's description and, where it knows one, what helps without a fix. */
function detailsOf(vulnerability: Members): string {
  const note = listOf(member(vulnerability, 'notes'), 'notes', MAX_LIST)
    .map((each) => objectOf(each, 'a note'))
    .find((each) => member(each, 'category') === 'description');
  const mitigation = listOf(member(vulnerability, 'remediations'), 'remediations', MAX_LIST)
    .map((each) => objectOf(each, 'a remediation'))
    .filter((each) => member(each, 'category') === 'workaround' && idsIn(each, 'product_ids').length > 0)
    .map((each) => proseOf(member(each, 'details'), MAX_MITIGATION))
    .find((text) => text !== '' && !/^Mitigation for this issue is either not available/.test(text));
  const description = note ? proseOf(member(note, 'text'), MAX_DESCRIPTION) : '';
  return mitigation === undefined
    ? description
    : `${description}\n\nMitigation, as Red Hat describes it: ${mitigation}`;
}
