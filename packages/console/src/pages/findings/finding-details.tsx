import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import { type ReactNode, useState } from 'react';
import { useSession } from '../../app/session-context.ts';
import { useData } from '../../app/use-data.ts';
import type { FindingSummary } from '../../data/all-findings-csv.ts';
import { describeFindings } from '../../data/describe.ts';
import { FaultAlert } from '../../ui/fault-alert.tsx';
import { LinkedText } from '../../ui/linked-text.tsx';
import { SeverityBadge } from '../../ui/severity.tsx';
import { When } from '../../ui/when.tsx';
import { ProbeIndicator } from './probe-indicator.tsx';

/** A finding in full: what was seen, what to do, its attributes, and why on demand. */
export function FindingDetails({ finding: summary }: { readonly finding: FindingSummary }): ReactNode {
  const { call } = useSession();
  const { data, fault, reload } = useData(summary.findingArn, async () => {
    const [finding] = await describeFindings(call, [summary.findingArn]);
    return { finding };
  });
  if (fault !== undefined) return <FaultAlert fault={fault} retry={reload} />;
  if (!data) return <Spinner />;
  const { finding } = data;
  if (!finding) return <Alert type="info">This finding is not here any more: its run was deleted.</Alert>;
  const attributes = [...finding.attributes, ...finding.userAttributes];
  return (
    <SpaceBetween size="m">
      <Box>
        <SeverityBadge severity={finding.severity ?? 'Undefined'} /> {finding.title}
      </Box>
      <ProbeIndicator attributes={finding.attributes} />
      <section aria-label="What was seen">
        <Box variant="awsui-key-label">What was seen</Box>
        <LinkedText text={finding.description ?? ''} />
      </section>
      <section aria-label="What to do">
        <Box variant="awsui-key-label">What to do</Box>
        <LinkedText text={finding.recommendation ?? ''} />
      </section>
      {summary.hostArn === undefined ? null : <Why finding={summary} hostArn={summary.hostArn} />}
      <ExpandableSection headerText={`Attributes (${attributes.length})`}>
        <KeyValuePairs columns={3} items={attributes.map(({ key, value }) => ({ label: key, value: value || '–' }))} />
      </ExpandableSection>
      <Box color="text-body-secondary">
        Found <When at={finding.createdAt} /> ·{' '}
        <CopyToClipboard
          variant="inline"
          textToCopy={finding.arn}
          textToDisplay={finding.arn}
          copyButtonAriaLabel="Copy the ARN"
          copySuccessText="Copied"
          copyErrorText="It could not be copied"
        />
      </Box>
    </SpaceBetween>
  );
}

/** What decided, by the evidence of the run: asked for only when somebody wants to know, since it evaluates the rule again. */
function Why({ finding, hostArn }: { readonly finding: FindingSummary; readonly hostArn: string }): ReactNode {
  const [wanted, setWanted] = useState(false);
  return wanted ? (
    <Explanation finding={finding} hostArn={hostArn} />
  ) : (
    <Button onClick={() => setWanted(true)}>Why?</Button>
  );
}

function Explanation({ finding, hostArn }: { readonly finding: FindingSummary; readonly hostArn: string }): ReactNode {
  const { assay } = useSession();
  const { ruleName: subject, assessmentRunArn } = finding;
  const { data, fault, reload } = useData(`${subject} ${hostArn}`, () =>
    assay('ExplainVerdict', { hostArn, subject, assessmentRunArn }),
  );
  if (fault !== undefined) return <FaultAlert fault={fault} retry={reload} />;
  if (!data) return <Spinner />;
  return (
    <section aria-label="Why">
      <Box variant="awsui-key-label">Why</Box>
      <SpaceBetween size="xs">
        <LinkedText text={data.reason} />
        {data.sections.map(({ heading, lines }) => (
          <div key={heading}>
            <Box fontWeight="bold">{heading}</Box>
            <LinkedText text={lines.join('\n')} />
          </div>
        ))}
      </SpaceBetween>
    </section>
  );
}
