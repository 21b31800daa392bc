import type { CvssVector } from '../../domain/advisories.ts';
import { scoreVector } from '../cvss.ts';
import { listOf, member, objectOf } from '../hostile-value.ts';
import { ornament } from './ornament.ts';

const RHEL_FAMILY = /^(?:AL|RL|RX|RH)[SBE]A-/;
const RHEL_WORD = /^(critical|important|moderate|low)\s*:/i;
const WORD = /^[a-z][a-z -]{0,39}$/;

export interface Severity {
  readonly cvss: readonly CvssVector[];
  readonly rating?: string;
  /** Vectors that are in no grammar: kept out, and said. */
  readonly notes: readonly string[];
}

/** Reads `severity` and, for announcements of the RHEL family, the word before the colon of the summary. */
export function severityOf(id: string, severity: unknown, summary: string): Severity {
  const cvss: CvssVector[] = [];
  const notes: string[] = [];
  let rating = RHEL_FAMILY.test(id) ? RHEL_WORD.exec(summary)?.[1]?.toLowerCase() : undefined;
  for (const each of listOf(severity, 'severity', 50)) {
    const stated = ornament(notes, () => objectOf(each, 'a severity'));
    if (!stated) continue;
    const type = member(stated, 'type');
    const score = member(stated, 'score');
    if (typeof type !== 'string' || typeof score !== 'string') {
      notes.push('a severity is no text');
    } else if (type.startsWith('CVSS')) {
      const vector = scoreVector(type, score);
      if (!vector) notes.push(`${type} ${score.slice(0, 100)} is no vector of it`);
      else if (!cvss.some(({ vector: known }) => known === vector.vector)) cvss.push(vector);
    } else if (WORD.test(score.toLowerCase())) {
      rating ??= score.toLowerCase();
    } else {
      notes.push(`the severity ${type.slice(0, 40)} is no word`);
    }
  }
  cvss.sort((a, b) => (a.type + a.vector < b.type + b.vector ? -1 : 1));
  return { cvss, notes, ...(rating !== undefined && { rating }) };
}
