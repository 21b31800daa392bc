import PropertyFilter from '@cloudscape-design/components/property-filter';
import type { ReactNode } from 'react';
import { useSession } from '../../app/session-context.ts';
import { useData } from '../../app/use-data.ts';
import { pushQuery } from '../../app/use-route.ts';
import { severities } from '../../data/severities.ts';
import { useRulesPackages } from '../../data/use-rules-packages.ts';
import { anyOf, type FilterOperator, timeRange } from '../../ui/filter-operators.ts';
import { changesOf, FINDING_FILTER, type SearchProperty, type SearchToken, searchProperties } from './search.ts';

/** Hosts that are offered to choose from. */
const HOSTS = 500;

interface FindingFilterProps {
  readonly tokens: readonly SearchToken[];
  /** The list is of more than one host. */
  readonly withHosts: boolean;
}

/** The filters of SearchFindings. The address holds them. */
export function FindingFilter({ tokens, withHosts }: FindingFilterProps): ReactNode {
  const { assay } = useSession();
  const { names } = useRulesPackages();
  const hosts = useData(`hosts to choose ${withHosts}`, () =>
    withHosts
      ? assay('ListHosts', { maxResults: HOSTS }).then(
          (listed) => listed.hosts,
          () => [],
        )
      : Promise.resolve([]),
  );
  const hostNames = new Map((hosts.data ?? []).map(({ hostArn, hostname }) => [hostArn, hostname]));
  const label = (value: string): string => names.get(value) ?? hostNames.get(value) ?? value;
  return (
    <PropertyFilter
      query={{ tokens: [...tokens], operation: 'and' }}
      hideOperations
      filteringProperties={searchProperties
        .filter(({ key }) => withHosts || key !== 'host')
        .map((property) => ({
          key: property.key,
          propertyLabel: property.label,
          groupValuesLabel: property.group,
          operators: operatorsOf(property, label),
          defaultOperator: property.kind === 'time' ? '>=' : '=',
        }))}
      freeTextFiltering={{ operators: ['='], defaultOperator: '=' }}
      filteringOptions={[
        ...severities.map((value) => ({ propertyKey: 'severity', value })),
        ...[...names].map(([value, name]) => ({ propertyKey: 'rules-package', value, label: name })),
        ...[...hostNames].map(([value, name]) => ({ propertyKey: 'host', value, label: name })),
      ]}
      filteringAriaLabel="Find findings"
      filteringPlaceholder={FINDING_FILTER}
      onChange={({ detail }) => pushQuery(changesOf(detail.tokens))}
    />
  );
}

function operatorsOf({ kind }: SearchProperty, label: (value: string) => string): FilterOperator[] {
  switch (kind) {
    case 'text':
      return ['='];
    case 'any-of':
      return anyOf(label);
    case 'time':
      return timeRange;
  }
}
