import type { FindingSearch } from '../../data/all-findings-csv.ts';
import { severities } from '../../data/severities.ts';

export const searchProperties = [
  { key: 'rule', label: 'CVE or rule', group: 'Rules' },
  { key: 'severity', label: 'Severity', group: 'Severities' },
  { key: 'package', label: 'Package', group: 'Packages' },
  { key: 'rules-package', label: 'Rules package', group: 'Rules packages' },
] as const;

export interface SearchToken {
  readonly propertyKey: string;
  readonly operator: '=';
  readonly value: string;
}

/** The tokens of an address: `?severity=High,Medium&package=curl`. */
export const tokensOfSearch = (query: URLSearchParams): SearchToken[] =>
  searchProperties.flatMap(({ key }) =>
    (query.get(key) ?? '')
      .split(',')
      .filter(Boolean)
      .map((value) => ({ propertyKey: key, operator: '=' as const, value })),
  );

/** What SearchFindings is asked for: of each property any value. A package is one. */
export function searchOf(tokens: readonly SearchToken[]): FindingSearch {
  const of = (key: string): string[] =>
    tokens.filter(({ propertyKey }) => propertyKey === key).map(({ value }) => value);
  const [rules, wanted, packages, rulesPackages] = [of('rule'), of('severity'), of('package'), of('rules-package')];
  const severity = severities.filter((each) => wanted.includes(each));
  return {
    ...(rules.length > 0 ? { ruleNames: rules.slice(0, 50) } : {}),
    ...(severity.length > 0 ? { severities: severity } : {}),
    ...(packages[0] === undefined ? {} : { packageName: packages[0] }),
    ...(rulesPackages.length > 0 ? { rulesPackageArns: rulesPackages.slice(0, 50) } : {}),
  };
}
