import type { FindingSearch } from '../../data/all-findings-csv.ts';
import { parseMoment } from '../../data/moments.ts';
import { severities } from '../../data/severities.ts';

/** What SearchFindings filters by; the key is its name in the address. */
export interface SearchProperty {
  readonly key: string;
  readonly label: string;
  readonly group: string;
  readonly kind: 'text' | 'any-of' | 'time';
}

export const searchProperties: readonly SearchProperty[] = [
  { key: 'rule', label: 'CVE or rule', group: 'Rules', kind: 'text' },
  { key: 'severity', label: 'Severity', group: 'Severities', kind: 'any-of' },
  { key: 'package', label: 'Package', group: 'Packages', kind: 'text' },
  { key: 'rules-package', label: 'Rules package', group: 'Rules packages', kind: 'any-of' },
  { key: 'host', label: 'Host', group: 'Hosts', kind: 'any-of' },
  { key: 'found-from', label: 'Found', group: 'Times', kind: 'time' },
];
const FOUND_TO = 'found-to';

/** What stands in the empty filter. */
export const FINDING_FILTER = 'Find by severity, CVE or rule, package, host or time';

export interface SearchToken {
  readonly propertyKey: string;
  readonly operator: '=' | '>=' | '<=';
  readonly value: string | readonly string[];
}

/** Every value of a name in the address; severities may also be joined by commas: `?severity=High,Medium`. */
const valuesOf = (query: URLSearchParams, key: string): string[] =>
  query
    .getAll(key)
    .flatMap((value) => (key === 'severity' ? value.split(',') : [value]))
    .filter(Boolean);

/** The tokens of an address: `?severity=High&severity=Medium&package=curl`. */
export const tokensOfSearch = (query: URLSearchParams): SearchToken[] =>
  searchProperties.flatMap(({ key, kind }): SearchToken[] => {
    const values = valuesOf(query, key);
    if (kind === 'any-of') return values.length > 0 ? [{ propertyKey: key, operator: '=', value: values }] : [];
    if (kind === 'text') return values.map((value) => ({ propertyKey: key, operator: '=', value }));
    const [from, to] = [values[0], valuesOf(query, FOUND_TO)[0]];
    return [
      ...(from === undefined ? [] : [{ propertyKey: key, operator: '>=' as const, value: from }]),
      ...(to === undefined ? [] : [{ propertyKey: key, operator: '<=' as const, value: to }]),
    ];
  });

/** What of an address the tokens take: every name that they can stand under, so that what is gone is cleared. */
export function changesOf(
  tokens: readonly { readonly propertyKey?: string; readonly operator: string; readonly value: unknown }[],
): Readonly<Record<string, readonly string[]>> {
  const changes: Record<string, string[]> = { [FOUND_TO]: [] };
  for (const { key } of searchProperties) changes[key] = [];
  for (const { propertyKey = 'rule', operator, value } of tokens) {
    const name = operator === '<=' ? FOUND_TO : propertyKey;
    const values = [value].flat().filter((each): each is string => typeof each === 'string' && each !== '');
    // There is one package, and one range of times: the newest holds.
    const single = name === 'package' || name === 'found-from' || name === FOUND_TO;
    changes[name] = single ? values.slice(0, 1) : [...new Set([...(changes[name] ?? []), ...values])];
  }
  return changes;
}

/** What SearchFindings is asked for: of each property any value. */
export function searchOf(tokens: readonly SearchToken[]): FindingSearch {
  const of = (key: string, operator = '='): string[] =>
    tokens
      .filter((token) => token.propertyKey === key && token.operator === operator)
      .flatMap(({ value }) => value)
      .slice(0, 50);
  const [rules, packages, rulesPackages, hosts] = [of('rule'), of('package'), of('rules-package'), of('host')];
  const severity = severities.filter((each) => of('severity').includes(each));
  const from = parseMoment(of('found-from', '>=')[0] ?? '');
  const to = parseMoment(of('found-from', '<=')[0] ?? '');
  return {
    ...(rules.length > 0 ? { ruleNames: rules } : {}),
    ...(severity.length > 0 ? { severities: severity } : {}),
    ...(packages[0] === undefined ? {} : { packageName: packages[0] }),
    ...(rulesPackages.length > 0 ? { rulesPackageArns: rulesPackages } : {}),
    ...(hosts.length > 0 ? { hostArns: hosts } : {}),
    ...(from === undefined ? {} : { createdAfter: from }),
    ...(to === undefined ? {} : { createdBefore: to }),
  };
}
