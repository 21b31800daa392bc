import type { AdvisoryRecord, CvssVector } from '../../domain/advisories.ts';
import type { Severity } from '../../domain/rules-package.ts';
import { severities } from '../../domain/severity.ts';

/** A severity, and whose word it is: both are written into the finding. */
export interface Rating {
  readonly severity: Severity;
  /** A sentence without its full stop: `rated "high" by the distribution for this package (DEBIAN-CVE-2024-3094)`. */
  readonly because: string;
}

/** Words of distributions. What is not here (`not yet assigned`, `untriaged`, `end-of-life`) rates nothing. */
const words: ReadonlyMap<string, Severity> = new Map([
  ['critical', 'High'],
  ['high', 'High'],
  ['important', 'High'],
  ['medium', 'Medium'],
  ['moderate', 'Medium'],
  ['low', 'Low'],
  ['negligible', 'Informational'],
  ['unimportant', 'Informational'],
]);

/**
 * The distribution's word for the package in its release, then its word for the record, then CVSS in a fixed order of
 * versions. `records` are asked in their order: those that decided come first; `others` are all of the CVE, of any
 * distribution, asked last.
 */
export function rate(
  urgencies: readonly (string | undefined)[],
  records: readonly AdvisoryRecord[],
  others: () => readonly AdvisoryRecord[] = () => [],
): Rating {
  const [deciding] = records;
  const ofPackage = mostUrgent(urgencies.map((urgency) => ({ word: urgency, by: deciding?.id ?? '' })));
  if (ofPackage) return { ...ofPackage, because: `rated ${ofPackage.because} by the distribution for this package` };
  const ofRecord = mostUrgent(records.map(({ id, rating }) => ({ word: rating, by: id })));
  if (ofRecord) return { ...ofRecord, because: `rated ${ofRecord.because} by the distribution` };
  const score = preferred(records);
  if (!score) return borrowed(others());
  const { severity } = score;
  const because = `CVSS ${score.version} base score ${score.score.toFixed(1)} (${score.by}), as the distribution gives no rating`;
  return { severity, because };
}

/** Of a CVE that its own distribution does not rate: what another record of it says, which is said to be borrowed. */
function borrowed(others: readonly AdvisoryRecord[]): Rating {
  const because = 'as the distribution gives no rating and no CVSS vector';
  const score = preferred(others);
  if (score) {
    const { version, score: base, by, severity } = score;
    return { severity, because: `CVSS ${version} base score ${base.toFixed(1)}, borrowed from ${by} ${because}` };
  }
  const word = mostUrgent(others.map(({ id, rating }) => ({ word: rating, by: id })));
  if (word) return { severity: word.severity, because: `rated ${word.because} by another distribution, ${because}` };
  return { severity: 'Undefined', because: 'neither the distribution nor any record of it here rates it' };
}

function mostUrgent(given: readonly { readonly word: string | undefined; readonly by: string }[]): Rating | undefined {
  let best: Rating | undefined;
  for (const { word, by } of given) {
    // Debian writes `low**` where its own tools derived the word.
    const severity = words.get(word?.toLowerCase().replace(/\*+$/, '') ?? '');
    if (severity && (!best || isAbove(severity, best.severity))) best = { severity, because: `"${word}" (${by})` };
  }
  return best;
}

export const isAbove = (a: Severity, b: Severity): boolean => severities.indexOf(a) > severities.indexOf(b);

export interface Score extends CvssVector {
  /** `3.1`, as the vector says. */
  readonly version: string;
  /** The record that it stands in. */
  readonly by: string;
}

/** The vectors of records, the first record's first, at most one of each version. */
export function scores(records: readonly AdvisoryRecord[]): Score[] {
  const found = new Map<string, Score>();
  for (const { id, cvss } of records) {
    for (const each of cvss) {
      const version = /^CVSS:(\d\.\d)\//.exec(each.vector)?.[1] ?? '2.0';
      if (!found.has(version)) found.set(version, { ...each, version, by: id });
    }
  }
  return order.flatMap((version) => found.get(version) ?? []);
}

/** Distributions and the original rate by version 3. */
const order = ['3.1', '3.0', '4.0', '2.0'];

function preferred(records: readonly AdvisoryRecord[]): (Score & { readonly severity: Severity }) | undefined {
  const [score] = scores(records);
  return score && { ...score, severity: severityOf(score.score) };
}

const severityOf = (score: number): Severity =>
  score >= 7 ? 'High' : score >= 4 ? 'Medium' : score > 0 ? 'Low' : 'Informational';
