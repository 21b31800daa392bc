import ProgressBar from '@cloudscape-design/components/progress-bar';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Steps from '@cloudscape-design/components/steps';
import type { ReactNode } from 'react';
import { useSession } from '../../app/session-context.ts';
import { useData } from '../../app/use-data.ts';
import type { Run } from '../../data/describe.ts';
import { after, readAll } from '../../data/pages.ts';
import { formatTime, sentence } from '../../format.ts';

/** Hosts that are counted; a run has no more than the limit of hosts in runs. */
const MOST = 5000;

/** How far a run is that goes on: its states, and the hosts that sent evidence. */
export function ProgressTab({ run }: { readonly run: Run }): ReactNode {
  const { call } = useSession();
  const { data } = useData(
    run.arn,
    () =>
      readAll(async (token) => {
        const page = await call('ListAssessmentRunAgents', {
          assessmentRunArn: run.arn,
          maxResults: 500,
          ...after(token),
        });
        return { items: page.assessmentRunAgents, nextToken: page.nextToken };
      }, MOST),
    3000,
  );
  const hosts = data?.items ?? [];
  const began = hosts.filter(({ telemetryMetadata }) => telemetryMetadata.length > 0).length;
  return (
    <SpaceBetween size="l">
      <ProgressBar
        label="Hosts that sent evidence"
        value={hosts.length === 0 ? 0 : (100 * began) / hosts.length}
        additionalInfo={`${began} of ${hosts.length} hosts`}
      />
      <Steps
        ariaLabel="States of the run"
        steps={run.stateChanges.map(({ state, stateChangedAt }, index) => ({
          status: index === run.stateChanges.length - 1 ? 'in-progress' : 'success',
          header: sentence(state),
          details: formatTime(stateChangedAt),
        }))}
      />
    </SpaceBetween>
  );
}
