import ae from 'ae-cvss-calculator';
import type { CvssVector } from '../domain/advisories.ts';
import { boundedMap } from '../domain/bounded-map.ts';

const MAX_SCORED = 20_000;
/** Scores by vector: a distribution's records share a few thousand. Emptied when full, so that no feed can fill memory. */
const scored = boundedMap<string, CvssVector | undefined>(MAX_SCORED, 'ALL');

/** Base metrics by version: a vector has every one of them, once. */
const BASE = {
  '2.0': 'AV AC Au C I A',
  '3.0': 'AV AC PR UI S C I A',
  '3.1': 'AV AC PR UI S C I A',
  '4.0': 'AV AC AT PR UI VC VI VA SC SI SA',
} as const;

/**
 * A CVSS vector with its base score, computed. undefined where the type is none of CVSS's or the vector is not in its
 * grammar (https://www.first.org/cvss/): an unknown or doubled metric, a base metric that is missing.
 */
export function scoreVector(type: string, vector: string): CvssVector | undefined {
  if (vector.length > 300) return undefined;
  const key = `${type} ${vector}`;
  if (!scored.has(key)) scored.set(key, compute(type, vector));
  return scored.get(key);
}

function compute(type: string, vector: string): CvssVector | undefined {
  const [, version = '2.0'] = /^CVSS:(3\.0|3\.1|4\.0)\//.exec(vector) ?? [];
  const level = `CVSS_V${version[0]}`;
  if (type !== level || (level !== 'CVSS_V2' && level !== 'CVSS_V3' && level !== 'CVSS_V4')) return undefined;
  const metrics = vector
    .replace(/^CVSS:[0-9.]+\//, '')
    .replace(/^\((.*)\)$/, '$1')
    .split('/');
  const names = metrics.map((metric) => /^([A-Za-z]{1,3}):[A-Za-z]{1,6}$/.exec(metric)?.[1]);
  if (names.includes(undefined) || new Set(names).size !== names.length) return undefined;
  if (!BASE[version as keyof typeof BASE].split(' ').every((name) => names.includes(name))) return undefined;
  const score = baseScore(version, metrics.join('/'));
  return score === undefined ? undefined : { type: level, vector, score };
}

function baseScore(version: string, metrics: string): number | undefined {
  try {
    // An unknown metric or value throws.
    const scores = calculator(version, metrics).calculateScores();
    const score = 'base' in scores && typeof scores.base === 'number' ? scores.base : scores.overall;
    return typeof score === 'number' && score >= 0 && score <= 10 ? score : undefined;
  } catch {
    return undefined;
  }
}

function calculator(version: string, metrics: string) {
  if (version === '2.0') return new ae.Cvss2(metrics);
  if (version === '3.0') return new ae.Cvss3P0(`CVSS:3.0/${metrics}`);
  if (version === '3.1') return new ae.Cvss3P1(`CVSS:3.1/${metrics}`);
  return new ae.Cvss4P0(`CVSS:4.0/${metrics}`);
}
