import { AssessmentRunState } from '@assay/model/api/values.ts';
import { filterFields } from './filter.ts';

/** A token of the property filter; its value is a list where any of several may match. */
export interface FilterToken {
  readonly propertyKey?: string;
  readonly operator: string;
  readonly value: unknown;
}

/** A property of runs that ListAssessmentRuns filters by; the key is its name in the address. */
export interface RunProperty {
  readonly key: string;
  readonly label: string;
  readonly group: string;
  readonly kind: 'name' | 'any-of' | 'duration' | 'time';
}

export const runProperties: readonly RunProperty[] = [
  { key: filterFields.name, label: 'Name', group: 'Names', kind: 'name' },
  { key: filterFields.states, label: 'State', group: 'States', kind: 'any-of' },
  { key: filterFields.templates, label: 'Template', group: 'Templates', kind: 'any-of' },
  { key: filterFields.packages, label: 'Rules package', group: 'Rules packages', kind: 'any-of' },
  { key: filterFields.minDuration, label: 'Longest collection', group: 'Durations', kind: 'duration' },
  { key: filterFields.startedFrom, label: 'Started', group: 'Times', kind: 'time' },
  { key: filterFields.endedFrom, label: 'Ended', group: 'Times', kind: 'time' },
  { key: filterFields.changedFrom, label: 'State changed', group: 'Times', kind: 'time' },
];

/** The names in the address of what an operator other than the first means. */
const others: Readonly<Record<string, readonly [operator: string, name: string]>> = {
  [filterFields.name]: ['=', filterFields.exactName],
  [filterFields.minDuration]: ['<=', filterFields.maxDuration],
  [filterFields.startedFrom]: ['<=', filterFields.startedTo],
  [filterFields.endedFrom]: ['<=', filterFields.endedTo],
  [filterFields.changedFrom]: ['<=', filterFields.changedTo],
};

const firstOperator = { name: ':', 'any-of': '=', duration: '>=', time: '>=' } as const;

/** What stands in the empty filter. */
export const RUN_FILTER = 'Find runs by name, state, template, rules package, duration or time';

export const runStates = AssessmentRunState.values;

/**
 * Tokens as the address has them: `?state=FAILED&started-from=2026-03-01T00:00`. The API takes one pattern of names and one
 * range of each kind, so a newer token takes the place of an older one.
 */
export function queryOf(tokens: readonly FilterToken[]): URLSearchParams {
  const query = new URLSearchParams();
  for (const { propertyKey = filterFields.name, value, operator } of tokens) {
    const property = runProperties.find(({ key }) => key === propertyKey);
    const values = (Array.isArray(value) ? value : [value]).flatMap((each) =>
      typeof each === 'string' && each !== '' ? [each] : [],
    );
    if (!property || values.length === 0) continue;
    const other = others[property.key];
    if (property.kind === 'any-of') {
      for (const each of values) if (!query.getAll(property.key).includes(each)) query.append(property.key, each);
      continue;
    }
    if (property.kind === 'name' && other) for (const name of [property.key, other[1]]) query.delete(name);
    query.set(other?.[0] === operator ? other[1] : property.key, values[0] ?? '');
  }
  return query;
}

/** The tokens of an address, in the order of the address. */
export function tokensOf(query: URLSearchParams): FilterToken[] {
  const tokens: FilterToken[] = [];
  for (const name of new Set(query.keys())) {
    const [value = ''] = query.getAll(name);
    const property = runProperties.find(({ key }) => key === name);
    if (property) {
      const given = property.kind === 'any-of' ? query.getAll(name) : value;
      tokens.push({ propertyKey: name, operator: firstOperator[property.kind], value: given });
      continue;
    }
    for (const [propertyKey, [operator, otherName]] of Object.entries(others)) {
      if (otherName === name) tokens.push({ propertyKey, operator, value });
    }
  }
  return tokens;
}
