import type { Column, Layout } from '../segments/layout.ts';
import { anyOf, pattern, range, type SegmentCondition } from '../segments/segment-filter.ts';
import type { RunFilter } from './run-filter.ts';

const target: Column = { kind: 2, name: 'target', type: 'dictionary' };
const template: Column = { kind: 3, name: 'template', type: 'dictionary' };
const [STATE, RULES_PACKAGES, DURATION, STARTED_AT, COMPLETED_AT, STATE_CHANGED_AT, NAME, NAME_SIGNATURE] = [
  4, 5, 6, 7, 8, 9, 10, 11,
] as const;

/** Runs in segments: all that ListAssessmentRuns filters by, and what its answer takes. */
export const runLayout: Layout = {
  list: 0,
  table: 'runs',
  columns: [
    target,
    template,
    { kind: STATE, name: 'state', type: 'dictionary' },
    { kind: RULES_PACKAGES, name: 'rules_packages', type: 'dictionary' },
    { kind: DURATION, name: 'duration', type: 'number' },
    { kind: STARTED_AT, name: 'started_at', type: 'number' },
    { kind: COMPLETED_AT, name: 'completed_at', type: 'number' },
    { kind: STATE_CHANGED_AT, name: 'state_changed_at', type: 'number' },
    { kind: NAME, name: 'name', type: 'name' },
  ],
  bloomFilters: [{ kind: NAME_SIGNATURE, of: NAME }],
  answer: [target, template],
};

/** A run filter as conditions on segments: the cheap ones and those that leave out whole segments first. */
export function runSegmentConditions(filter: RunFilter): SegmentCondition[] {
  const conditions: SegmentCondition[] = [];
  for (const [kind, time] of [
    [STARTED_AT, filter.started],
    [COMPLETED_AT, filter.completed],
    [STATE_CHANGED_AT, filter.stateChanged],
  ] as const) {
    if (time?.begin !== undefined || time?.end !== undefined) conditions.push(range(kind, time.begin, time.end));
  }
  if (filter.minDuration !== undefined || filter.maxDuration !== undefined) {
    conditions.push(range(DURATION, filter.minDuration, filter.maxDuration));
  }
  if (filter.states) conditions.push(anyOf(STATE, filter.states));
  if (filter.rulesPackages) conditions.push(anyOf(RULES_PACKAGES, filter.rulesPackages));
  if (filter.templates) conditions.push(anyOf(template.kind, filter.templates));
  if (filter.namePattern !== undefined) conditions.push(...pattern(NAME, NAME_SIGNATURE, filter.namePattern));
  return conditions;
}
