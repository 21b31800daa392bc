import type { AssayOutput } from '@assay/model/assay/operations.ts';
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { lazy, type ReactNode, useState } from 'react';
import { hrefOf } from '../../app/route.ts';
import { useSession } from '../../app/session-context.ts';
import { useRoute } from '../../app/use-route.ts';
import { type FindingGroup, type FindingGrouping, findingGroupsCsv } from '../../data/finding-groups-csv.ts';
import { after } from '../../data/pages.ts';
import { severities } from '../../data/severities.ts';
import { type HeldKnowledge, useHeldKnowledge } from '../../data/use-held-knowledge.ts';
import { rulesPackageNames } from '../../data/use-rules-packages.ts';
import { count } from '../../format.ts';
import { CsvButton } from '../../ui/csv-button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { FilterField } from '../../ui/filter-field.tsx';
import { KnowledgeNotice } from '../../ui/knowledge-notice.tsx';
import { Later } from '../../ui/later.tsx';
import { type Column, ListTable } from '../../ui/list-table.tsx';
import { PageLink } from '../../ui/page-link.tsx';
import { RulesPackageNames } from '../../ui/rules-package-names.tsx';
import { SeverityBadge, SeverityCounts } from '../../ui/severity.tsx';
import { When } from '../../ui/when.tsx';
import { AllFindings } from './all-findings.tsx';

const GroupFilter = lazy(() => import('./group-filter.tsx').then((module) => ({ default: module.GroupFilter })));
const ChooseView = lazy(() => import('./choose-view.tsx').then((module) => ({ default: module.ChooseView })));

type ClosedPortCount = NonNullable<AssayOutput<'GroupFindings'>['closedPorts']>;
type Group = FindingGroup;
type Grouping = FindingGrouping;

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
  const choose = (
    <Later until={<div className="one-control" />}>
      <ChooseView view={view} views={views} />
    </Later>
  );
  return grouping === undefined ? (
    <AllFindings above={choose} />
  ) : (
    <Groups key={grouping} by={grouping} above={choose} />
  );
}

function Groups({ by, above }: { readonly by: Grouping; readonly above: ReactNode }): ReactNode {
  const { assay, call, notify } = useSession();
  const { query } = useRoute();
  const held = useHeldKnowledge();
  const [lowerBound, setLowerBound] = useState(false);
  const [assessed, setAssessed] = useState<number>();
  const [closedPorts, setClosedPorts] = useState<ClosedPortCount>();
  const wanted = query.getAll('severity').flatMap((text) => text.split(','));
  const filter = {
    ...(query.get('name') ? { namePattern: query.get('name') ?? '' } : {}),
    ...(wanted.length > 0 ? { severities: severities.filter((severity) => wanted.includes(severity)) } : {}),
    ...(query.has('exploited') ? { knownExploitedOnly: true } : {}),
    ...(query.has('fixable') ? { fixableOnly: true } : {}),
    ...(query.get('package') ? { packageName: query.get('package') ?? '' } : {}),
  };
  // A host without a firewall has a hundred ports that can be reached and that nothing listens on: one line says so.
  const gathers = by === 'RULE' && !query.has('ports') && !query.get('name');
  const asked = { groupBy: by, filter, ...(gathers ? { gatherClosedPorts: true } : {}) };
  async function* groupLines(progress: (count: number) => void): AsyncGenerator<string> {
    const names = await rulesPackageNames(call).catch(() => new Map<string, string>());
    let told = false;
    yield* findingGroupsCsv(assay, {
      ...{ by, filter, progress, nameOf: (arn) => names.get(arn) ?? arn },
      incomplete: () => {
        if (!told)
          notify({
            type: 'warning',
            content: 'There are more findings than are counted: numbers in the file are lower bounds.',
          });
        told = true;
      },
    });
  }
  return (
    <SpaceBetween size="m">
      {lowerBound ? (
        <Alert type="warning">There are more findings than are counted here: the numbers are lower bounds.</Alert>
      ) : null}
      <KnowledgeNotice />
      <ListTable<Group>
        id={`findings-${by.toLowerCase()}`}
        title="Findings"
        wrap
        description={
          assessed === undefined
            ? 'Of the newest run of each host and rules package.'
            : `Of the newest run of each host and rules package: ${count(assessed, 'host')} assessed.`
        }
        loadKey={JSON.stringify(asked)}
        keyOf={({ name }) => name}
        columns={columns(by, held)}
        load={async (nextToken, maxResults) => {
          const found = await assay('GroupFindings', { ...asked, maxResults, ...after(nextToken) });
          setClosedPorts(found.closedPorts);
          setLowerBound(!found.complete);
          setAssessed(found.assessedHosts);
          return { items: found.groups, nextToken: found.nextToken, total: found.totalGroups };
        }}
        actions={() => (
          <CsvButton
            file={`findings-by-${by.toLowerCase().replace('_', '-')}.csv`}
            of="groups"
            lines={(progress) => groupLines(progress)}
          />
        )}
        filter={
          <SpaceBetween size="s">
            {above}
            {gathers && closedPorts ? <ClosedPorts closed={closedPorts} /> : null}
            <Later until={<FilterField placeholder="Find by name" />}>
              <GroupFilter />
            </Later>
          </SpaceBetween>
        }
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

/** Stands for the findings about ports that no process listens on. */
const ClosedPorts = ({ closed }: { readonly closed: ClosedPortCount }): ReactNode =>
  closed.findings === 0 ? null : (
    <Box>
      {count(closed.findings, 'finding')} on {count(closed.hosts, 'host')}: ports that can be reached and that no
      process listens on. <SeverityCounts counts={closed.counts} />{' '}
      <PageLink href={hrefOf(['findings'], { ports: 'all' })}>List each</PageLink>
    </Box>
  );

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

function columns(by: Grouping, held: HeldKnowledge): readonly Column<Group>[] {
  const named: Column<Group> = {
    id: 'name',
    header: { RULE: 'CVE or rule', PACKAGE: 'Package', HOST: 'Host', RULES_PACKAGE: 'Rules package' }[by],
    width: 230,
    isRowHeader: true,
    cell: (group) => (
      <PageLink href={links[by](group)}>
        {by === 'RULES_PACKAGE' ? (
          <RulesPackageNames arns={[group.name]} />
        ) : (
          (group.hostname ?? group.title ?? group.name)
        )}
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
