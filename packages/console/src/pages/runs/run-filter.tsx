import PropertyFilter, { type PropertyFilterProps } from '@cloudscape-design/components/property-filter';
import type { ReactNode } from 'react';
import { useSession } from '../../app/session-context.ts';
import { useData } from '../../app/use-data.ts';
import { goTo } from '../../app/use-route.ts';
import { readInventory, templateLabel } from '../../data/templates.ts';
import { useRulesPackages } from '../../data/use-rules-packages.ts';
import { anyOf, type FilterOperator, timeRange } from '../../ui/filter-operators.ts';
import { stateWords } from '../../ui/run-state.tsx';
import { type FilterToken, queryOf, RUN_FILTER, type RunProperty, runProperties, runStates } from './filtering.ts';

const durations = ['3m', '15m', '1h', '8h', '12h', '24h'];

/** The filters of ListAssessmentRuns, all of them and no others. The address holds them. */
export function RunFilter({ tokens }: { readonly tokens: readonly FilterToken[] }): ReactNode {
  const { call } = useSession();
  const { names } = useRulesPackages();
  const { data } = useData('inventory', () => readInventory(call));
  const labels = new Map([
    ...runStates.map((state) => [state, stateWords(state)] as const),
    ...names,
    ...(data?.templates ?? []).map((template) => [template.arn, templateLabel(template, data?.targets ?? [])] as const),
  ]);
  const option = (propertyKey: string, value: string): PropertyFilterProps.FilteringOption => ({
    ...{ propertyKey, value },
    label: labels.get(value) ?? value,
  });
  const options = [
    ...runStates.map((state) => option('state', state)),
    ...[...names.keys()].map((arn) => option('package', arn)),
    ...(data?.templates ?? []).map(({ arn }) => option('template', arn)),
    ...durations.map((duration) => option('duration-min', duration)),
  ];
  return (
    <PropertyFilter
      query={{ tokens: tokens.map((token) => ({ ...token, operator: asOperator(token.operator) })), operation: 'and' }}
      hideOperations
      filteringProperties={runProperties.map((property) => ({
        key: property.key,
        propertyLabel: property.label,
        groupValuesLabel: property.group,
        operators: operatorsOf(property, (value) => labels.get(value) ?? value),
        defaultOperator: property.kind === 'name' ? ':' : property.kind === 'any-of' ? '=' : '>=',
      }))}
      filteringOptions={options}
      filteringAriaLabel="Find runs"
      filteringPlaceholder={RUN_FILTER}
      onChange={({ detail }) => {
        const asked = queryOf(detail.tokens);
        // A new entry of the history: Back takes the filter away again.
        goTo(asked.size > 0 ? `#/runs?${asked}` : '#/runs');
      }}
    />
  );
}

const asOperator = (operator: string): PropertyFilterProps.ComparisonOperator =>
  (['=', ':', '>=', '<='] as const).find((known) => known === operator) ?? '=';

function operatorsOf({ kind }: RunProperty, label: (value: string) => string): FilterOperator[] {
  switch (kind) {
    case 'name':
      return [
        { operator: ':', description: 'Contains; * stands for any characters' },
        { operator: '=', description: 'Is exactly; * stands for any characters' },
      ];
    case 'any-of':
      return anyOf(label);
    case 'duration':
      return [
        { operator: '>=', description: 'At least: 900, 15m, 8h, 2d' },
        { operator: '<=', description: 'At most: 900, 15m, 8h, 2d' },
      ];
    case 'time':
      return timeRange;
  }
}
