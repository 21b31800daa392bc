import Input from '@cloudscape-design/components/input';
import type { ReactNode } from 'react';

/** Stands where a property filter comes, in the same size. */
export const FilterField = ({ placeholder }: { readonly placeholder: string }): ReactNode => (
  <Input type="search" value="" placeholder={placeholder} ariaLabel={placeholder} disabled />
);
