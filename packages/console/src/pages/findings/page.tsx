import type { AssayOutput } from '@assay/model/assay/operations.ts';
import Alert from '@cloudscape-design/components/alert';
import Checkbox from '@cloudscape-design/components/checkbox';
import Multiselect from '@cloudscape-design/components/multiselect';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import TextFilter from '@cloudscape-design/components/text-filter';
import { type ReactNode, useState } from 'react';
import { hrefOf } from '../../app/route.ts';
import { useSession } from '../../app/session-context.ts';
import { replaceQuery, useRoute } from '../../app/use-route.ts';
import { after } from '../../data/pages.ts';
import { type SeverityName, severities } from '../../data/severities.ts';
import { type HeldKnowledge, useHeldKnowledge } from '../../data/use-held-knowledge.ts';
import { useRulesPackages } from '../../data/use-rules-packages.ts';
import { count } from '../../format.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { KnowledgeNotice } from '../../ui/knowledge-notice.tsx';
import { type Column, ListTable } from '../../ui/list-table.tsx';
import { PageLink } from '../../ui/page-link.tsx';
import { SeverityBadge, SeverityCounts } from '../../ui/severity.tsx';
import { When } from '../../ui/when.tsx';
import { AllFindings } from './all-findings.tsx';

type Group = AssayOutput<'GroupFindings'>['groups'][number];
type Grouping = 'RULE' | 'PACKAGE' | 'HOST' | 'RULES_PACKAGE';

const views: Readonly<Record<string, { readonly by: Grouping | undefined; readonly text: string }>> = {
  rule: { by: 'RULE', text: 'By CVE or rule' },
  package: { by: 'PACKAGE', text: 'By package' },
  host: { by: 'HOST', text: 'By host' },
  'rules-package': { by: 'RULES_PACKAGE', text: 'By rules package' },
  all: { by: undefined, text: 'All, of every run' },
};

/** Findings over all runs and hosts: those that hold now, in groups, or every one that was ever found. */
export function FindingsPage(): ReactNode {
  const { query } = useRoute();
  const name = query.get('by') ?? 'rule';
  const view = Object.hasOwn(views, name) ? name : 'rule';
  const grouping = views[view]?.by;
  return (
    <SpaceBetween size="m">
      <SegmentedControl
        label="How findings are shown"
        selectedId={view}
        options={Object.entries(views).map(([id, { text }]) => ({ id, text }))}
        onChange={({ detail }) => replaceQuery({ by: detail.selectedId === 'rule' ? undefined : detail.selectedId })}
      />
      {grouping === undefined ? <AllFindings /> : <Groups key={grouping} by={grouping} />}
    </SpaceBetween>
  );
}

function Groups({ by }: { readonly by: Grouping }): ReactNode {
  const { assay } = useSession();
  const { query } = useRoute();
  const { nameOf } = useRulesPackages();
  const held = useHeldKnowledge();
  const [lowerBound, setLowerBound] = useState(false);
  const [assessed, setAssessed] = useState<number>();
  const wanted = query.getAll('severity').flatMap((text) => text.split(','));
  const filter = {
    ...(query.get('name') ? { namePattern: query.get('name') ?? '' } : {}),
    ...(wanted.length > 0 ? { severities: severities.filter((severity) => wanted.includes(severity)) } : {}),
    ...(query.has('exploited') ? { knownExploitedOnly: true } : {}),
    ...(query.has('fixable') ? { fixableOnly: true } : {}),
    ...(query.get('package') ? { packageName: query.get('package') ?? '' } : {}),
  };
  return (
    <SpaceBetween size="m">
      {lowerBound ? (
        <Alert type="warning">There are more findings than are counted here: the numbers are lower bounds.</Alert>
      ) : null}
      <KnowledgeNotice held={held} />
      <ListTable<Group>
        id={`findings-${by.toLowerCase()}`}
        title="Findings"
        wrap
        description={
          assessed === undefined
            ? 'Of the newest run of each host and rules package.'
            : `Of the newest run of each host and rules package: ${count(assessed, 'host')} assessed.`
        }
        loadKey={`${by} ${JSON.stringify(filter)}`}
        keyOf={({ name }) => name}
        columns={columns(by, nameOf, held)}
        load={async (nextToken, maxResults) => {
          const found = await assay('GroupFindings', { groupBy: by, filter, maxResults, ...after(nextToken) });
          setLowerBound(!found.complete);
          setAssessed(found.assessedHosts);
          return { items: found.groups, nextToken: found.nextToken, total: found.totalGroups };
        }}
        filter={<GroupFilter />}
        empty={
          assessed === 0 ? (
            <EmptyState title="No host has been assessed yet">
              <PageLink href="#/setup">Set up an assessment</PageLink>
            </EmptyState>
          ) : (
            <EmptyState title="Nothing matches">
              <PageLink href="#/">See what was not assessed</PageLink>
            </EmptyState>
          )
        }
      />
    </SpaceBetween>
  );
}

/** Stands in the address, so that a filter can be linked to. */
function GroupFilter(): ReactNode {
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

const links: Readonly<Record<Grouping, (group: Group) => string>> = {
  RULE: ({ name }) => hrefOf(['findings', name]),
  PACKAGE: ({ name }) => hrefOf(['findings'], { package: name }),
  HOST: ({ name }) => hrefOf(['hosts', name]),
  RULES_PACKAGE: () => hrefOf(['findings']),
};

/** Only vulnerabilities are in the catalogue of those that are exploited, or have an EPSS. */
const isCveGroup = (by: Grouping, { name, packages }: Group): boolean =>
  by === 'RULE' ? name.startsWith('CVE-') : packages.length > 0;

function exploitedCell({ knownExploited }: Group, isCve: boolean, kev: boolean | undefined): ReactNode {
  if (knownExploited > 0) return <StatusIndicator type="error">Known</StatusIndicator>;
  return isCve && kev !== false ? 'Not known' : '–';
}

function columns(by: Grouping, nameOf: (arn: string) => string, held: HeldKnowledge): readonly Column<Group>[] {
  const named: Column<Group> = {
    id: 'name',
    header: { RULE: 'CVE or rule', PACKAGE: 'Package', HOST: 'Host', RULES_PACKAGE: 'Rules package' }[by],
    width: 230,
    isRowHeader: true,
    cell: (group) => (
      <PageLink href={links[by](group)}>
        {by === 'RULES_PACKAGE' ? nameOf(group.name) : (group.hostname ?? group.name)}
      </PageLink>
    ),
  };
  const rest: readonly Column<Group>[] = [
    { id: 'severity', header: 'Severity', width: 125, cell: ({ severity }) => <SeverityBadge severity={severity} /> },
    {
      id: 'exploited',
      header: 'Exploited',
      width: 120,
      cell: (group) => exploitedCell(group, isCveGroup(by, group), held.kev),
    },
    {
      id: 'epss',
      header: 'EPSS',
      width: 85,
      cell: ({ epss }) => (epss === undefined ? '–' : `${(epss * 100).toFixed(1)} %`),
    },
    { id: 'hosts', header: 'Hosts', width: 80, cell: ({ hosts }) => hosts.toLocaleString('en') },
    { id: 'fix', header: 'Fix', width: 90, cell: fixText },
    { id: 'packages', header: 'Packages', width: 230, cell: ({ packages }) => packages.join(', ') || '–' },
    { id: 'rules', header: 'Rules', width: 90, cell: ({ rules }) => rules.toLocaleString('en') },
    { id: 'findings', header: 'Findings', width: 260, cell: ({ counts }) => <SeverityCounts counts={counts} /> },
    { id: 'assessed', header: 'Assessed', width: 140, cell: ({ assessedAt }) => <When at={assessedAt} ago /> },
  ];
  const left: Readonly<Record<Grouping, readonly string[]>> = {
    RULE: ['rules', 'findings'],
    PACKAGE: ['packages'],
    HOST: ['hosts', 'packages'],
    RULES_PACKAGE: ['packages', 'exploited', 'epss', 'fix'],
  };
  return [named, ...rest.map((column) => ({ ...column, optional: left[by].includes(column.id) }))];
}

/** Rules about configuration have no fixed version, and need none. */
const fixText = ({ fixable, findings, packages }: Group): string =>
  packages.length === 0 && fixable === 0
    ? '–'
    : fixable === 0
      ? 'None'
      : fixable === findings
        ? 'Yes'
        : `${fixable} of ${findings}`;
