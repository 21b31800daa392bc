import type { AssayOutput } from '@assay/model/assay/operations.ts';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { type ReactNode, useState } from 'react';
import { hrefOf } from '../../app/route.ts';
import { useSession } from '../../app/session-context.ts';
import { replaceQuery, useRoute } from '../../app/use-route.ts';
import { describeTemplates } from '../../data/describe.ts';
import { after } from '../../data/pages.ts';
import { formatDuration } from '../../format.ts';
import { ActButton } from '../../ui/act-button.tsx';
import { ConfirmModal } from '../../ui/confirm-modal.tsx';
import { CopyArn } from '../../ui/copy-arn.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { type Column, ListTable } from '../../ui/list-table.tsx';
import { PageLink } from '../../ui/page-link.tsx';
import { When } from '../../ui/when.tsx';
import { CreateSchedule } from './create-schedule.tsx';

type Schedule = AssayOutput<'ListSchedules'>['schedules'][number] & { readonly templateName: string };

/** Schedules: which templates are run by themselves, and when. */
export function SchedulesPage(): ReactNode {
  const { call, assay, notify } = useSession();
  const { query } = useRoute();
  const creating = query.get('create');
  const [deleting, setDeleting] = useState<Schedule>();
  const [pausing, setPausing] = useState<Schedule>();
  const [round, setRound] = useState(0);
  const done = (): void => setRound((before) => before + 1);
  const create = (): void => replaceQuery({ create: 'new' });
  const paused = pausing?.paused === true;
  return (
    <>
      <ListTable<Schedule>
        id="schedules"
        title="Schedules"
        description="A schedule starts runs of a template by itself."
        columns={columns}
        loadKey={String(round)}
        keyOf={({ scheduleArn }) => scheduleArn}
        labelOf={({ templateName, description }) => `${templateName}, ${description}`}
        refresh={30_000}
        load={async (nextToken, maxResults) => {
          const listed = await assay('ListSchedules', { maxResults, ...after(nextToken) });
          const templates = await describeTemplates(call, [
            ...new Set(listed.schedules.map(({ assessmentTemplateArn }) => assessmentTemplateArn)),
          ]);
          const names = new Map(templates.map(({ arn, name }) => [arn, name]));
          return {
            items: listed.schedules.map((schedule) => ({
              ...schedule,
              templateName: names.get(schedule.assessmentTemplateArn) ?? schedule.assessmentTemplateArn,
            })),
            nextToken: listed.nextToken,
          };
        }}
        selection="single"
        actions={([schedule]) => (
          <>
            <ActButton
              action="assay:DeleteSchedule"
              disabled={!schedule}
              disabledReason="Choose a schedule"
              onClick={() => schedule && setDeleting(schedule)}
            >
              Delete
            </ActButton>
            <ActButton
              action={schedule?.paused ? 'assay:ResumeSchedule' : 'assay:PauseSchedule'}
              disabled={!schedule}
              disabledReason="Choose a schedule"
              onClick={() => schedule && setPausing(schedule)}
            >
              {schedule?.paused ? 'Resume' : 'Pause'}
            </ActButton>
            <ActButton action="assay:CreateSchedule" variant="primary" onClick={create}>
              Create a schedule
            </ActButton>
          </>
        )}
        empty={
          <EmptyState title="No schedule yet">
            <span>Runs start when somebody starts them, until a schedule does.</span>
            <ActButton action="assay:CreateSchedule" onClick={create}>
              Create a schedule
            </ActButton>
          </EmptyState>
        }
      />
      {creating === null ? null : (
        <CreateSchedule
          template={creating === 'new' ? '' : creating}
          done={done}
          close={() => replaceQuery({ create: undefined })}
        />
      )}
      {pausing ? (
        <ConfirmModal
          title={paused ? 'Resume the schedule?' : 'Pause the schedule?'}
          confirm={paused ? 'Resume' : 'Pause'}
          close={() => setPausing(undefined)}
          act={async () => {
            await assay(paused ? 'ResumeSchedule' : 'PauseSchedule', { scheduleArn: pausing.scheduleArn });
            notify({ type: 'success', content: paused ? 'The schedule is resumed.' : 'The schedule is paused.' });
            done();
          }}
        >
          {pausing.templateName}, {pausing.description}.{' '}
          {paused ? 'Runs whose time passed are not made up.' : 'No run starts until it is resumed.'}
        </ConfirmModal>
      ) : null}
      {deleting ? (
        <ConfirmModal
          title="Delete the schedule?"
          confirm="Delete"
          close={() => setDeleting(undefined)}
          act={async () => {
            await assay('DeleteSchedule', { scheduleArn: deleting.scheduleArn });
            notify({ type: 'success', content: 'The schedule is deleted.' });
            done();
          }}
        >
          {deleting.templateName}, {deleting.description}. Runs that it started stay.
        </ConfirmModal>
      ) : null}
    </>
  );
}

const columns: readonly Column<Schedule>[] = [
  { id: 'template', header: 'Template', width: 220, isRowHeader: true, cell: ({ templateName }) => templateName },
  { id: 'when', header: 'When', width: 260, cell: ({ description }) => description },
  {
    id: 'state',
    header: 'State',
    width: 110,
    cell: ({ paused }) => (
      <StatusIndicator type={paused ? 'stopped' : 'success'}>{paused ? 'Paused' : 'Active'}</StatusIndicator>
    ),
  },
  { id: 'next', header: 'Next run', width: 220, cell: ({ nextAt }) => <When at={nextAt} /> },
  {
    id: 'last',
    header: 'Last run',
    width: 220,
    cell: ({ lastAt, lastAssessmentRunArn }) =>
      lastAssessmentRunArn === undefined ? (
        <When at={lastAt} />
      ) : (
        <PageLink href={hrefOf(['runs', lastAssessmentRunArn])}>
          <When at={lastAt} />
        </PageLink>
      ),
  },
  { id: 'note', header: 'Note', width: 300, cell: ({ lastNote }) => lastNote ?? '–' },
  {
    id: 'window',
    header: 'Tried for',
    width: 110,
    optional: true,
    cell: ({ windowInSeconds }) => formatDuration(windowInSeconds),
  },
  { id: 'created', header: 'Created', width: 220, optional: true, cell: ({ createdAt }) => <When at={createdAt} /> },
  { id: 'arn', header: 'ARN', width: 420, optional: true, cell: ({ scheduleArn }) => <CopyArn arn={scheduleArn} /> },
];
