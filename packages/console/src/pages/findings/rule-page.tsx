import type { AssayOutput } from '@assay/model/assay/operations.ts';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { ReactNode } from 'react';
import { hrefOf } from '../../app/route.ts';
import { useSession } from '../../app/session-context.ts';
import { useData } from '../../app/use-data.ts';
import { after } from '../../data/pages.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { type Column, ListTable } from '../../ui/list-table.tsx';
import { PageLink } from '../../ui/page-link.tsx';
import { RulesPackageNames } from '../../ui/rules-package-names.tsx';
import { SeverityBadge } from '../../ui/severity.tsx';
import { When } from '../../ui/when.tsx';
import { AllFindings } from './all-findings.tsx';

type Affected = AssayOutput<'ListAffectedHosts'>['hosts'][number];

/** A CVE or another rule: which hosts have it, since when, and what to do. */
export function RulePage({ id: rule }: { readonly id: string }): ReactNode {
  const { assay } = useSession();
  // A rule of a benchmark goes by the id of its XCCDF, which nobody reads.
  const { data: title } = useData(`title ${rule}`, async () => {
    if (!rule.startsWith('xccdf_')) return undefined;
    const { groups } = await assay('GroupFindings', { groupBy: 'RULE', filter: { ruleNames: [rule] }, maxResults: 1 });
    return groups[0]?.title;
  });
  const isCve = /^CVE-\d{4}-\d+$/.test(rule);
  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        {...(title === undefined ? {} : { description: rule })}
        {...(isCve
          ? { actions: <PageLink href={`https://www.cve.org/CVERecord?id=${rule}`}>{rule} on cve.org</PageLink> }
          : {})}
      >
        {title ?? rule}
      </Header>
      <ListTable<Affected>
        id="affected"
        title="Hosts"
        headingTag="h2"
        description="Every host that it was found on. A host whose newest run does not report it is not necessarily fixed: see the coverage of that run."
        loadKey={rule}
        keyOf={({ agentId, rulesPackageArn }) => `${agentId} ${rulesPackageArn}`}
        load={async (nextToken, maxResults) => {
          const found = await assay('ListAffectedHosts', { ruleName: rule, maxResults, ...after(nextToken) });
          return { items: found.hosts, nextToken: found.nextToken };
        }}
        columns={columns}
        empty={
          <EmptyState title="It was not found on any host">
            Hosts that were not assessed for it may still have it:{' '}
            <PageLink href="#/">see what was not assessed</PageLink>
          </EmptyState>
        }
      />
      <AllFindings
        id="rule-findings"
        headingTag="h2"
        of={{ ruleNames: [rule] }}
        without={['rule']}
        empty={<EmptyState title="No run found it" />}
      />
    </SpaceBetween>
  );
}

const columns: readonly Column<Affected>[] = [
  {
    id: 'host',
    header: 'Host',
    width: 180,
    isRowHeader: true,
    cell: ({ agentId, hostname }) => <PageLink href={hrefOf(['hosts', agentId])}>{hostname || agentId}</PageLink>,
  },
  { id: 'severity', header: 'Severity', width: 110, cell: ({ severity }) => <SeverityBadge severity={severity} /> },
  {
    id: 'now',
    header: 'In its newest run',
    width: 165,
    cell: ({ foundInLastRun }) =>
      foundInLastRun ? (
        <StatusIndicator type="error">Found</StatusIndicator>
      ) : (
        <StatusIndicator type="info">Not reported</StatusIndicator>
      ),
  },
  { id: 'since', header: 'First found', width: 210, cell: ({ firstFoundAt }) => <When at={firstFoundAt} /> },
  { id: 'last', header: 'Last found', width: 120, cell: ({ lastFoundAt }) => <When at={lastFoundAt} ago /> },
  {
    id: 'run',
    header: 'Newest run',
    width: 120,
    cell: ({ lastAssessmentRunArn, lastAssessedAt }) =>
      lastAssessmentRunArn === undefined ? (
        '–'
      ) : (
        <PageLink href={hrefOf(['runs', lastAssessmentRunArn], { tab: 'coverage' })}>
          <When at={lastAssessedAt} ago />
        </PageLink>
      ),
  },
  {
    id: 'package',
    header: 'Rules package',
    width: 240,
    optional: true,
    cell: ({ rulesPackageArn }) => <RulesPackageNames arns={[rulesPackageArn]} />,
  },
];
