import Checkbox from '@cloudscape-design/components/checkbox';
import Multiselect from '@cloudscape-design/components/multiselect';
import SpaceBetween from '@cloudscape-design/components/space-between';
import TextFilter from '@cloudscape-design/components/text-filter';
import type { ReactNode } from 'react';
import { replaceQuery, useRoute } from '../../app/use-route.ts';
import { type SeverityName, severities } from '../../data/severities.ts';

/** What groups of findings are filtered by. It stands in the address, so that a filter can be linked to. */
export function GroupFilter(): ReactNode {
  const { query } = useRoute();
  const wanted = query.getAll('severity').flatMap((text) => text.split(','));
  const options = severities.map((severity) => ({ value: severity, label: severity }));
  return (
    <SpaceBetween direction="horizontal" size="s" alignItems="center">
      <TextFilter
        filteringText={query.get('name') ?? ''}
        filteringPlaceholder="Find by name"
        filteringAriaLabel="Find by name"
        onDelayedChange={({ detail }) => replaceQuery({ name: detail.filteringText })}
        onChange={({ detail }) => replaceQuery({ name: detail.filteringText })}
      />
      <Multiselect
        ariaLabel="Severities"
        placeholder="Any severity"
        hideTokens
        selectedOptions={options.filter(({ value }) => wanted.includes(value))}
        options={options}
        onChange={({ detail }) =>
          replaceQuery({ severity: detail.selectedOptions.map(({ value }) => value as SeverityName).join(',') })
        }
      />
      <Checkbox
        checked={query.has('exploited')}
        onChange={({ detail }) => replaceQuery({ exploited: detail.checked ? 'yes' : undefined })}
      >
        Known exploited
      </Checkbox>
      <Checkbox
        checked={query.has('fixable')}
        onChange={({ detail }) => replaceQuery({ fixable: detail.checked ? 'yes' : undefined })}
      >
        With a fix
      </Checkbox>
    </SpaceBetween>
  );
}
