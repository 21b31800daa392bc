import type { AssayOutput } from '@assay/model/assay/operations.ts';
import Box from '@cloudscape-design/components/box';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { ReactNode } from 'react';
import { hrefOf } from '../../app/route.ts';
import { heldKnowledge } from '../../data/use-held-knowledge.ts';
import { count } from '../../format.ts';
import { SeverityCounts } from '../../ui/severity.tsx';
import { hasAdvisories } from './has-advisories.ts';

type Overview = AssayOutput<'GetOverview'>;

const Figure = ({
  label,
  href,
  value,
  children,
}: {
  readonly label: string;
  readonly href: string;
  readonly value: ReactNode;
  readonly children?: ReactNode;
}): ReactNode => (
  <div>
    <Box variant="awsui-key-label">{label}</Box>
    <Box fontWeight="bold">
      <Link href={href} fontSize="display-l">
        {value}
      </Link>
    </Box>
    <Box color="text-body-secondary">{children}</Box>
  </div>
);

/** The fleet in numbers; a dash where nobody looked. */
export function Figures({ overview }: { readonly overview: Overview }): ReactNode {
  const { hosts, healthyHosts, hostsByAge: age, findings, findingsComplete, knownExploited, highFixable } = overview;
  const { hostsAssessedForVulnerabilities: looked } = overview;
  const atLeast = findingsComplete ? '' : 'at least ';
  // A number says something only where somebody looked.
  const vulnerabilities = looked > 0;
  const all = age.day + age.week + age.month + age.older;
  const assessed = all > 0;
  const { kev } = heldKnowledge(overview.feeds);
  const ofVulnerabilities = vulnerabilities
    ? looked < all
      ? `vulnerabilities; ${looked.toLocaleString('en')} of ${count(all, 'host')} evaluated`
      : 'vulnerabilities found on a host'
    : !assessed
      ? 'Not known: no host was assessed'
      : hasAdvisories(overview)
        ? 'Not known: no newest run evaluated vulnerabilities'
        : 'Not known: there are no advisories';
  return (
    <Container header={<Header variant="h2">Now</Header>}>
      <ColumnLayout columns={4} variant="text-grid" minColumnWidth={170}>
        <Figure label="Hosts" href={hrefOf(['hosts'])} value={hosts}>
          {healthyHosts === hosts ? (
            <StatusIndicator type="success">All are healthy</StatusIndicator>
          ) : (
            <StatusIndicator type="warning">{count(hosts - healthyHosts, 'host')} not healthy</StatusIndicator>
          )}
        </Figure>
        <Figure label="Not assessed for a week" href={hrefOf(['hosts'])} value={age.month + age.older + age.never}>
          {age.never > 0 ? `${count(age.never, 'host')} never assessed` : `${count(age.day, 'host')} within a day`}
        </Figure>
        <Figure
          label="Known to be exploited"
          href={hrefOf(['findings'], { exploited: 'yes' })}
          value={knownExploited > 0 || (vulnerabilities && kev) ? knownExploited : '–'}
        >
          {vulnerabilities && !kev && knownExploited === 0 ? 'Not known: KEV is not downloaded' : ofVulnerabilities}
        </Figure>
        <Figure
          label="High, with a fix"
          href={hrefOf(['findings'], { severity: 'High', fixable: 'yes' })}
          value={highFixable > 0 || vulnerabilities ? highFixable : '–'}
        >
          {ofVulnerabilities}
        </Figure>
      </ColumnLayout>
      <Box margin={{ top: 'm' }}>
        Current findings: {atLeast}
        <SeverityCounts counts={findings} none={assessed ? 'None' : 'Not known'} />
      </Box>
    </Container>
  );
}
