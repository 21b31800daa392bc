import type { AssayOutput } from '@assay/model/assay/operations.ts';
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { ReactNode } from 'react';
import { hrefOf } from '../../app/route.ts';
import { useSession } from '../../app/session-context.ts';
import { useData } from '../../app/use-data.ts';
import { evidenceKindWords } from '../../data/evidence-kinds.ts';
import { count } from '../../format.ts';
import { FaultAlert } from '../../ui/fault-alert.tsx';
import { PageLink } from '../../ui/page-link.tsx';
import { When } from '../../ui/when.tsx';

type Coverage = AssayOutput<'GetHostCoverage'>;
type PackageCoverage = Coverage['packages'][number];

/** What was and was not assessed of a host by its newest runs, and how old the evidence is. */
export function HostCoverage({ hostArn }: { readonly hostArn: string }): ReactNode {
  const { assay } = useSession();
  const { data, fault, reload } = useData(hostArn, () => assay('GetHostCoverage', { hostArn }));
  return (
    <SpaceBetween size="l">
      <FaultAlert fault={fault} retry={reload} />
      <Container
        header={
          <Header variant="h2" description="By the newest run of each rules package that has ended.">
            What was assessed
          </Header>
        }
      >
        {data ? <Packages packages={data.packages} /> : fault === undefined ? <Spinner /> : null}
      </Container>
      <Container
        header={
          <Header variant="h2" description="What the agent read on the host for these runs, and when.">
            Evidence
          </Header>
        }
      >
        {data ? <Evidence evidence={data.evidence} /> : fault === undefined ? <Spinner /> : null}
      </Container>
    </SpaceBetween>
  );
}

function Packages({ packages }: Pick<Coverage, 'packages'>): ReactNode {
  if (packages.length === 0) {
    return <StatusIndicator type="warning">No run has assessed this host: nothing is known about it.</StatusIndicator>;
  }
  return (
    <div className="scroll-x">
      <table className="list">
        <thead>
          <tr>
            <th scope="col">Rules package</th>
            <th scope="col">Assessed</th>
            <th scope="col">Rules</th>
            <th scope="col">Not assessed</th>
            <th scope="col">Run</th>
          </tr>
        </thead>
        <tbody>
          {packages.map((each) => (
            <tr key={each.rulesPackageArn}>
              <td>{each.packageName}</td>
              <td>{assessedCell(each)}</td>
              <td>
                <ul className="names one-line">
                  <li>{each.verdicts.passed.toLocaleString('en')} passed</li>
                  <li>{count(each.verdicts.finding, 'finding')}</li>
                  <li>{each.verdicts.notApplicable.toLocaleString('en')} not applicable</li>
                </ul>
              </td>
              <td className="wide">
                {each.reasons.length === 0 ? (
                  'Nothing'
                ) : (
                  <ul className="names">
                    {each.reasons.map(({ reason, count: rules }) => (
                      <li key={reason}>
                        {reason} ({count(rules, 'rule')})
                      </li>
                    ))}
                  </ul>
                )}
              </td>
              <td>
                <PageLink href={hrefOf(['runs', each.assessmentRunArn], { tab: 'coverage' })}>
                  {each.assessmentRunName}
                </PageLink>
                <Box color="text-body-secondary" fontSize="body-s">
                  <When at={each.completedAt} />
                </Box>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function assessedCell({ notAssessedBecause, verdicts }: PackageCoverage): ReactNode {
  if (notAssessedBecause !== undefined) return <StatusIndicator type="warning">No</StatusIndicator>;
  if (verdicts.notAssessed > 0) return <StatusIndicator type="warning">In part</StatusIndicator>;
  return <StatusIndicator type="success">Whole</StatusIndicator>;
}

function Evidence({ evidence }: Pick<Coverage, 'evidence'>): ReactNode {
  if (evidence.length === 0) return 'None is kept of these runs.';
  return (
    <div className="scroll-x">
      <table className="list">
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Read on the host</th>
            <th scope="col">Arrived</th>
            <th scope="col">SHA-256</th>
          </tr>
        </thead>
        <tbody>
          {evidence.map(({ kind, assessmentRunArn, collectedAt, receivedAt, digest }) => (
            <tr key={`${assessmentRunArn} ${kind}`}>
              <td>{evidenceKindWords(kind)}</td>
              <td className="one-line">
                <When at={collectedAt} />
              </td>
              <td className="one-line">
                <When at={receivedAt} />
              </td>
              <td>
                <code className="one-line" title={digest}>
                  {digest.slice(0, 16)}…
                </code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
