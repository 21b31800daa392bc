import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import { type ReactNode, useState } from 'react';
import { ActButton } from '../../ui/act-button.tsx';
import { StartRun } from '../runs/start-run.tsx';
import { ExclusionsPreview } from '../templates/exclusions-preview.tsx';

/** What was set up, and what its first run would leave out, before it is started. */
export function SetupDone({ template, name }: { readonly template: string; readonly name: string }): ReactNode {
  const [starting, setStarting] = useState(false);
  return (
    <>
      <Container
        header={
          <Header
            variant="h1"
            description="Everything is created. This is what a run would leave out if it started now."
            actions={
              <ActButton action="inspector:StartAssessmentRun" variant="primary" onClick={() => setStarting(true)}>
                Start the first run
              </ActButton>
            }
          >
            {name} is set up
          </Header>
        }
      >
        <ExclusionsPreview template={template} />
      </Container>
      {starting ? <StartRun template={template} close={() => setStarting(false)} /> : null}
    </>
  );
}
