import { type Column, CREATED_AT, type Layout } from '../segments/layout.ts';
import { anyOf, noneOf, range, type SegmentCondition, withTerm } from '../segments/segment-filter.ts';
import { termHash } from '../segments/term-hash.ts';
import { attributeTerm, PARTS, packageTerm } from '../tables/finding-terms.ts';
import { countActiveRuns } from './active-runs.ts';
import type { FindingFilter } from './finding-filter.ts';

const terms = (kind: number, name: string): Column => ({ kind, name, type: 'terms' });
const run: Column = { kind: 4, name: 'run', type: 'dictionary' };
const severity = terms(10, 'severity');
const rulesPackage = terms(11, 'rules_package');
const autoScalingGroup = terms(12, 'auto_scaling_group');
const agent = terms(13, 'agent');
const rule = terms(14, 'rule');
/** The first of those of attributes. */
const ATTRIBUTES = 16;
const attributes = Array.from(
  { length: PARTS },
  (_, remainder): Column => ({
    kind: ATTRIBUTES + remainder,
    name: 'terms',
    type: 'terms',
    part: { remainder, of: PARTS },
  }),
);

/** Findings in segments: all that ListFindings filters by. What it answers is read from the table. */
export const findingLayout: Layout = {
  list: 1,
  table: 'findings',
  columns: [run, severity, rulesPackage, autoScalingGroup, agent, rule, ...attributes],
  answer: [],
  invisible: countActiveRuns,
};

/**
 * A finding filter as conditions on segments, which let a few findings more through than match; `going` are the runs whose
 * findings are not listed yet.
 */
export function findingSegmentConditions(filter: FindingFilter, going: readonly string[]): SegmentCondition[] {
  const { begin, end } = filter.created ?? {};
  const conditions: SegmentCondition[] = [];
  if (begin !== undefined || end !== undefined) conditions.push(range(CREATED_AT, begin, end));
  if (filter.runs) conditions.push(anyOf(run.kind, filter.runs));
  for (const [column, values] of [
    [agent, filter.agents],
    [autoScalingGroup, filter.autoScalingGroups],
    [severity, filter.severities],
    [rulesPackage, filter.rulesPackages],
    [rule, filter.rules],
  ] as const) {
    if (values)
      conditions.push(
        withTerm(
          column.kind,
          values.map((value) => termHash(value)),
        ),
      );
  }
  for (const term of attributeTerms(filter)) conditions.push(withTerm(ATTRIBUTES + (term % PARTS), [term]));
  if (going.length > 0) conditions.push(noneOf(run.kind, going));
  return conditions;
}

/** Of every attribute that a finding must have, and of its package. */
export const attributeTerms = ({
  attributes: own = [],
  userAttributes = [],
  package: name,
}: FindingFilter): number[] => [
  ...new Set([
    ...(name === undefined ? [] : [packageTerm(name)]),
    ...own.map((pair) => attributeTerm('system', pair)),
    ...userAttributes.map((pair) => attributeTerm('user', pair)),
  ]),
];
