import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { hrefOf } from '../../app/route.ts';
import type { FindingSummary } from '../../data/all-findings-csv.ts';
import type { HeldKnowledge } from '../../data/use-held-knowledge.ts';
import type { Column } from '../../ui/list-table.tsx';
import { PageLink } from '../../ui/page-link.tsx';
import { RulesPackageNames } from '../../ui/rules-package-names.tsx';
import { SeverityBadge } from '../../ui/severity.tsx';
import { When } from '../../ui/when.tsx';

/** What a table of findings shows; `without` names columns that would be the same in each row. */
export const findingColumns = (
  { kev }: HeldKnowledge,
  without: readonly ('host' | 'rule')[] = [],
): readonly Column<FindingSummary>[] => {
  const all: readonly Column<FindingSummary>[] = [
    { id: 'severity', header: 'Severity', width: 110, cell: ({ severity }) => <SeverityBadge severity={severity} /> },
    {
      id: 'rule',
      header: 'CVE or rule',
      width: 145,
      isRowHeader: true,
      cell: ({ ruleName }) => <PageLink href={hrefOf(['findings', ruleName])}>{ruleName}</PageLink>,
    },
    {
      id: 'exploited',
      header: 'Exploited',
      width: 110,
      cell: ({ ruleName, knownExploited }) =>
        knownExploited ? (
          <StatusIndicator type="error">Known</StatusIndicator>
        ) : ruleName.startsWith('CVE-') && kev !== false ? (
          'Not known'
        ) : (
          '–'
        ),
    },
    {
      id: 'epss',
      header: 'EPSS',
      width: 85,
      cell: ({ epss }) => (epss === undefined ? '–' : `${(epss * 100).toFixed(1)}\u00a0%`),
    },
    {
      id: 'host',
      header: 'Host',
      width: 150,
      cell: ({ agentId, hostname }) =>
        agentId ? <PageLink href={hrefOf(['hosts', agentId])}>{hostname || agentId}</PageLink> : hostname || '–',
    },
    { id: 'package', header: 'Package', width: 130, cell: ({ packageName }) => packageName ?? '–' },
    {
      id: 'versions',
      header: 'Installed → fixed',
      width: 170,
      cell: ({ packageName, installedVersion, fixedVersion }) =>
        packageName === undefined ? '–' : `${installedVersion ?? '?'} → ${fixedVersion ?? 'no fix'}`,
    },
    { id: 'found', header: 'Found', width: 110, cell: ({ createdAt }) => <When at={createdAt} ago /> },
    { id: 'title', header: 'Title', width: 320, optional: true, cell: ({ title }) => title },
    {
      id: 'rules-package',
      header: 'Rules package',
      width: 240,
      optional: true,
      cell: ({ rulesPackageArn }) => <RulesPackageNames arns={[rulesPackageArn]} />,
    },
    {
      id: 'run',
      header: 'Run',
      width: 120,
      optional: true,
      cell: ({ assessmentRunArn }) => <PageLink href={hrefOf(['runs', assessmentRunArn])}>Run</PageLink>,
    },
  ];
  return all.filter(({ id }) => !without.some((name) => name === id));
};
