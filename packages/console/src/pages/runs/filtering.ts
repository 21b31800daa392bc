import { AssessmentRunState } from '@assay/model/api/values.ts';
import { filterFields } from './filter.ts';

/** A token of the property filter: what stands in the address under `property`. */
export interface FilterToken {
  readonly propertyKey?: string;
  readonly value: string;
  readonly operator: string;
}

/** Properties of runs that ListAssessmentRuns filters by, with their names in the address. */
export const runProperties = [
  { key: filterFields.name, label: 'Name', group: 'Names', operators: [':'] },
  { key: filterFields.states, label: 'State', group: 'States', operators: ['='] },
  { key: filterFields.templates, label: 'Template', group: 'Templates', operators: ['='] },
  { key: filterFields.packages, label: 'Rules package', group: 'Rules packages', operators: ['='] },
  { key: filterFields.minDuration, label: 'Duration', group: 'Durations', operators: ['>=', '<='] },
  { key: filterFields.startedFrom, label: 'Started', group: 'Times', operators: ['>=', '<='] },
  { key: filterFields.endedFrom, label: 'Ended', group: 'Times', operators: ['>=', '<='] },
  { key: filterFields.changedFrom, label: 'State changed', group: 'Times', operators: ['>=', '<='] },
] as const;

/** The other end of a range. */
const ends: Readonly<Record<string, string>> = {
  [filterFields.minDuration]: filterFields.maxDuration,
  [filterFields.startedFrom]: filterFields.startedTo,
  [filterFields.endedFrom]: filterFields.endedTo,
  [filterFields.changedFrom]: filterFields.changedTo,
};

export const runStates = AssessmentRunState.values;

/** Tokens as the address has them: `?state=FAILED&started-from=2026-03-01T00:00`. */
export function queryOf(tokens: readonly FilterToken[]): URLSearchParams {
  const query = new URLSearchParams();
  for (const { propertyKey = filterFields.name, value, operator } of tokens) {
    const name = operator === '<=' ? (ends[propertyKey] ?? propertyKey) : propertyKey;
    query.append(name, value);
  }
  return query;
}

/** The tokens of an address. */
export function tokensOf(query: URLSearchParams): FilterToken[] {
  const lower = new Map(Object.entries(ends).map(([from, to]) => [to, from]));
  return [...query].flatMap(([name, value]): FilterToken[] => {
    const from = lower.get(name);
    if (from !== undefined) return [{ propertyKey: from, operator: '<=', value }];
    const property = runProperties.find(({ key }) => key === name);
    return property ? [{ propertyKey: name, operator: property.operators[0], value }] : [];
  });
}
