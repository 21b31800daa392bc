import type { PropertyFilterProps } from '@cloudscape-design/components/property-filter';
import { MomentForm } from './moment-form.tsx';

/** An operator of a property filter, with how its values are chosen and shown. */
export type FilterOperator = NonNullable<PropertyFilterProps.FilteringProperty['operators']>[number];

/** Any of several values, shown by their labels. */
export const anyOf = (label: (value: string) => string): FilterOperator[] => [
  {
    operator: '=',
    tokenType: 'enum',
    description: 'Is any of',
    format: (values: string | readonly string[]) => [values].flat().map(label).join(' or '),
  },
];

/** From a time on, and up to one. */
export const timeRange: FilterOperator[] = (['>=', '<='] as const).map((operator) => ({
  operator,
  description: operator === '>=' ? 'At or after' : 'At or before',
  form: MomentForm,
  format: (value: unknown) => String(value ?? '').replace('T', ' '),
}));
