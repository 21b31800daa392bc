import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import RadioGroup from '@cloudscape-design/components/radio-group';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useSession } from '../../app/session-context.ts';
import { ActButton } from '../../ui/act-button.tsx';
import { FaultAlert } from '../../ui/fault-alert.tsx';
import { wait } from '../../ui/wait.ts';

/** Milliseconds between two looks. */
const EVERY = 1000;

/** A report by one button: it is asked for, waited for and given to the person. */
export function ReportTab({ arn }: { readonly arn: string }): ReactNode {
  const { call, notify } = useSession();
  const [type, setType] = useState('FINDING');
  const [format, setFormat] = useState('PDF');
  const [waiting, setWaiting] = useState<number>();
  const [fault, setFault] = useState<unknown>();
  const here = useRef(true);
  useEffect(() => {
    here.current = true;
    return () => {
      here.current = false;
    };
  }, []);

  const make = async (): Promise<void> => {
    setFault(undefined);
    const began = Date.now();
    setWaiting(0);
    try {
      while (here.current) {
        const { status, url } = await call('GetAssessmentReport', {
          assessmentRunArn: arn,
          reportType: type === 'FULL' ? 'FULL' : 'FINDING',
          reportFileFormat: format === 'HTML' ? 'HTML' : 'PDF',
        });
        if (status === 'FAILED') throw new Error('The report could not be made. The log of the server has the cause.');
        if (status === 'COMPLETED' && url !== undefined) {
          give(url, `assay-report.${format.toLowerCase()}`);
          notify({ type: 'success', content: 'The report is downloaded.' });
          break;
        }
        setWaiting(Math.round((Date.now() - began) / 1000));
        await wait(EVERY);
      }
    } catch (failed) {
      setFault(failed);
    } finally {
      setWaiting(undefined);
    }
  };
  return (
    <Container
      header={
        <Header
          variant="h2"
          description="With scope, coverage, and the versions and feeds of the run. It is signed: assay verify FILE checks it."
        >
          Report
        </Header>
      }
    >
      <SpaceBetween size="m">
        <FormField label="Contents">
          <RadioGroup
            value={type}
            onChange={({ detail }) => setType(detail.value)}
            items={[
              { value: 'FINDING', label: 'Findings', description: 'What was found, and what was not assessed' },
              { value: 'FULL', label: 'Full', description: 'Also every rule that passed' },
            ]}
          />
        </FormField>
        <FormField label="Format">
          <SegmentedControl
            label="Format"
            selectedId={format}
            onChange={({ detail }) => setFormat(detail.selectedId)}
            options={[
              { id: 'PDF', text: 'PDF' },
              { id: 'HTML', text: 'HTML' },
            ]}
          />
        </FormField>
        <FaultAlert fault={fault} retry={() => void make()} />
        {waiting === undefined ? (
          <ActButton
            action="inspector:GetAssessmentReport"
            variant="primary"
            iconName="download"
            onClick={() => void make()}
          >
            Download the report
          </ActButton>
        ) : (
          <>
            <StatusIndicator type="loading">The report is being made: {waiting} s so far</StatusIndicator>
            <Box color="text-body-secondary">You can leave this page: it is ready when you ask for it again.</Box>
          </>
        )}
        <Alert type="info">The link works for 15 minutes, and as long as this key is valid.</Alert>
      </SpaceBetween>
    </Container>
  );
}

function give(url: string, name: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
}
