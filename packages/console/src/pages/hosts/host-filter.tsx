import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import TextFilter from '@cloudscape-design/components/text-filter';
import type { ReactNode } from 'react';
import { replaceQuery } from '../../app/use-route.ts';

interface HostFilterProps {
  readonly name: string;
  readonly health: string;
}

const healths = [
  { value: '', label: 'Any health' },
  { value: 'HEALTHY', label: 'Healthy' },
  { value: 'UNHEALTHY', label: 'Not healthy' },
];

/** What hosts are filtered by. The address holds it. */
export const HostFilter = ({ name, health }: HostFilterProps): ReactNode => (
  <SpaceBetween direction="horizontal" size="s">
    <TextFilter
      filteringText={name}
      filteringPlaceholder="Find by host name"
      filteringAriaLabel="Find by host name"
      onChange={({ detail }) => replaceQuery({ name: detail.filteringText })}
    />
    <Select
      ariaLabel="Health"
      selectedOption={healths.find(({ value }) => value === health) ?? null}
      options={healths}
      onChange={({ detail }) => replaceQuery({ health: detail.selectedOption.value })}
    />
  </SpaceBetween>
);
