import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Header from '@cloudscape-design/components/header';
import ProgressBar from '@cloudscape-design/components/progress-bar';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Steps from '@cloudscape-design/components/steps';
import type { ReactNode } from 'react';
import { useSession } from '../../app/session-context.ts';
import { useData } from '../../app/use-data.ts';
import type { Run } from '../../data/describe.ts';
import { count, formatTime, sentence } from '../../format.ts';
import { FaultAlert } from '../../ui/fault-alert.tsx';

/** How far a run is that goes on: its hosts that delivered, its rules packages that were evaluated, and its states. */
export function ProgressTab({ run }: { readonly run: Run }): ReactNode {
  const { assay } = useSession();
  const { data, fault, reload } = useData(run.arn, () => assay('GetRunProgress', { assessmentRunArn: run.arn }), 3000);
  return (
    <SpaceBetween size="l">
      {data ? null : <FaultAlert fault={fault} retry={reload} />}
      {data ? (
        <SpaceBetween size="l">
          <ProgressBar
            label="Hosts that delivered their evidence"
            description={
              data.partlyDeliveredHosts > 0
                ? `${count(data.partlyDeliveredHosts, 'host')} had not sent everything when collection ended.`
                : ''
            }
            value={share(data.deliveredHosts, data.hosts)}
            additionalInfo={`${data.deliveredHosts.toLocaleString('en')} of ${count(data.hosts, 'host')}`}
          />
          {data.excludedHosts > 0 ? (
            <Alert type="warning">The run does without {count(data.excludedHosts, 'host')}: see Hosts.</Alert>
          ) : null}
          <div>
            <Header variant="h3">Rules packages evaluated</Header>
            <ColumnLayout columns={2}>
              {data.rulesPackages.map(({ rulesPackageArn, packageName, evaluatedHosts }) => (
                <ProgressBar
                  key={rulesPackageArn}
                  label={packageName}
                  value={share(evaluatedHosts, data.hosts - data.excludedHosts)}
                  additionalInfo={
                    data.deliveredHosts === 0
                      ? 'Waiting for evidence'
                      : `On ${evaluatedHosts.toLocaleString('en')} of ${count(data.hosts - data.excludedHosts, 'host')}`
                  }
                />
              ))}
            </ColumnLayout>
          </div>
        </SpaceBetween>
      ) : null}
      <div>
        <Box variant="h3">States</Box>
        <Steps
          ariaLabel="States of the run"
          steps={run.stateChanges.map(({ state, stateChangedAt }, index) => ({
            status: index === run.stateChanges.length - 1 ? 'in-progress' : 'success',
            header: sentence(state),
            details: formatTime(stateChangedAt),
          }))}
        />
      </div>
    </SpaceBetween>
  );
}

const share = (part: number, whole: number): number => (whole === 0 ? 0 : (100 * part) / whole);
