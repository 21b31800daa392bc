import Button from '@cloudscape-design/components/button';
import ButtonDropdown, { type ButtonDropdownProps } from '@cloudscape-design/components/button-dropdown';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import TextFilter from '@cloudscape-design/components/text-filter';
import { type ReactNode, useState } from 'react';
import { hrefOf } from '../../app/route.ts';
import { useSession } from '../../app/session-context.ts';
import { goTo, replaceQuery, useRoute } from '../../app/use-route.ts';
import { describeTargets, describeTemplates, type Template } from '../../data/describe.ts';
import { after } from '../../data/pages.ts';
import { tagsText } from '../../data/tags.ts';
import { useRulesPackages } from '../../data/use-rules-packages.ts';
import { useTargets } from '../../data/use-targets.ts';
import { formatDuration } from '../../format.ts';
import { ActButton } from '../../ui/act-button.tsx';
import { ConfirmModal } from '../../ui/confirm-modal.tsx';
import { CopyArn } from '../../ui/copy-arn.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { type Column, ListTable } from '../../ui/list-table.tsx';
import { PageLink } from '../../ui/page-link.tsx';
import { When } from '../../ui/when.tsx';
import { StartRun } from '../runs/start-run.tsx';
import { CreateTemplate } from './create-template.tsx';
import { ExclusionsPreview } from './exclusions-preview.tsx';

interface NamedTemplate extends Template {
  readonly targetName: string;
}

type Dialog =
  | { readonly kind: 'create'; readonly like: Template | undefined }
  | { readonly kind: 'delete' | 'start'; readonly template: Template };

/** Templates: what the hosts of a target are judged by. */
export function TemplatesPage(): ReactNode {
  const { call, notify, showDetails, whyNot } = useSession();
  const { nameOf } = useRulesPackages();
  const targets = useTargets();
  const { query } = useRoute();
  const name = query.get('name') ?? '';
  const target = query.get('target') ?? '';
  const [dialog, setDialog] = useState<Dialog>();
  const [round, setRound] = useState(0);
  const close = (): void => setDialog(undefined);
  const done = (): void => setRound((before) => before + 1);
  const choices = [
    { value: '', label: 'Any target' },
    ...(targets.data ?? []).map((each) => ({ value: each.arn, label: each.name })),
  ];
  const act = (action: string, template: Template): void => {
    if (action === 'clone') setDialog({ kind: 'create', like: template });
    else if (action === 'delete') setDialog({ kind: 'delete', template });
    else if (action === 'schedule') goTo(hrefOf(['schedules'], { create: template.arn }));
    else {
      showDetails({
        title: `What a run of ${template.name} would leave out`,
        content: <ExclusionsPreview key={template.arn} template={template.arn} />,
      });
    }
  };
  const needsOne = { disabledReason: 'Choose a template' };
  return (
    <>
      <ListTable<NamedTemplate>
        id="templates"
        title="Templates"
        description="A template says what the hosts of a target are judged by. It never changes: clone it to have another."
        columns={columnsWith(nameOf)}
        loadKey={`${name}\n${target}\n${round}`}
        keyOf={({ arn }) => arn}
        labelOf={(template) => template.name}
        load={async (nextToken, maxResults) => {
          const found = await call('ListAssessmentTemplates', {
            maxResults,
            ...(target ? { assessmentTargetArns: [target] } : {}),
            ...(name ? { filter: { namePattern: name.includes('*') ? name : `*${name}*` } } : {}),
            ...after(nextToken),
          });
          const templates = await describeTemplates(call, found.assessmentTemplateArns);
          const described = await describeTargets(call, [
            ...new Set(templates.map(({ assessmentTargetArn }) => assessmentTargetArn)),
          ]);
          const names = new Map(described.map((each) => [each.arn, each.name]));
          return {
            items: templates.map((template) => ({
              ...template,
              targetName: names.get(template.assessmentTargetArn) ?? template.assessmentTargetArn,
            })),
            nextToken: found.nextToken,
          };
        }}
        selection="single"
        filter={
          <SpaceBetween direction="horizontal" size="s">
            <TextFilter
              filteringText={name}
              filteringPlaceholder="Find by name; * stands for any characters"
              filteringAriaLabel="Find templates by name"
              onChange={({ detail }) => replaceQuery({ name: detail.filteringText })}
            />
            <Select
              ariaLabel="Target"
              options={choices}
              selectedOption={choices.find(({ value }) => value === target) ?? { value: target, label: target }}
              filteringType="auto"
              onChange={({ detail }) => replaceQuery({ target: detail.selectedOption.value })}
            />
          </SpaceBetween>
        }
        actions={([template]) => (
          <>
            <ButtonDropdown
              disabled={!template}
              {...(template ? {} : needsOne)}
              items={[
                choice('clone', 'Clone', whyNot('inspector:CreateAssessmentTemplate')),
                choice('preview', 'Preview exclusions', undefined),
                choice('schedule', 'Schedule', whyNot('assay:CreateSchedule')),
                choice('delete', 'Delete', whyNot('inspector:DeleteAssessmentTemplate')),
              ]}
              onItemClick={({ detail }) => template && act(detail.id, template)}
            >
              Actions
            </ButtonDropdown>
            <ActButton
              action="inspector:StartAssessmentRun"
              {...needsOne}
              disabled={!template}
              onClick={() => template && setDialog({ kind: 'start', template })}
            >
              Start a run
            </ActButton>
            <ActButton
              action="inspector:CreateAssessmentTemplate"
              variant="primary"
              onClick={() => setDialog({ kind: 'create', like: undefined })}
            >
              Create a template
            </ActButton>
          </>
        )}
        empty={
          name || target ? (
            <EmptyState title="No template matches">
              <Button onClick={() => replaceQuery({ name: undefined, target: undefined })}>Clear the filter</Button>
            </EmptyState>
          ) : (
            <EmptyState title="No template yet">
              <span>The quickest way to a first assessment sets up everything at once.</span>
              <Button href="#/setup">Set up an assessment</Button>
            </EmptyState>
          )
        }
      />
      {dialog?.kind === 'create' ? (
        <CreateTemplate like={dialog.like} target={target || undefined} done={done} close={close} />
      ) : null}
      {dialog?.kind === 'start' ? <StartRun template={dialog.template.arn} close={close} /> : null}
      {dialog?.kind === 'delete' ? (
        <ConfirmModal
          title={`Delete ${dialog.template.name}?`}
          confirm="Delete"
          close={close}
          act={async () => {
            await call('DeleteAssessmentTemplate', { assessmentTemplateArn: dialog.template.arn });
            notify({ type: 'success', content: `${dialog.template.name} is deleted.` });
            done();
          }}
        >
          Its runs are deleted with it ({dialog.template.assessmentRunCount.toLocaleString('en')} so far), with all
          findings and reports, and its schedules. This cannot be undone.
        </ConfirmModal>
      ) : null}
    </>
  );
}

/** One of the actions of a template; disabled where a key may not do it. */
const choice = (id: string, text: string, reason: string | undefined): ButtonDropdownProps.Item => ({
  ...{ id, text },
  ...(reason === undefined ? {} : { disabled: true, disabledReason: reason }),
});

const columnsWith = (nameOf: (arn: string) => string): readonly Column<NamedTemplate>[] => [
  { id: 'name', header: 'Template', width: 240, isRowHeader: true, cell: ({ name }) => name },
  { id: 'target', header: 'Target', width: 200, cell: ({ targetName }) => targetName },
  {
    id: 'packages',
    header: 'Rules packages',
    width: 320,
    cell: ({ rulesPackageArns }) => rulesPackageArns.map(nameOf).join(', '),
  },
  {
    id: 'duration',
    header: 'Longest collection',
    width: 160,
    cell: ({ durationInSeconds }) => formatDuration(durationInSeconds),
  },
  { id: 'runs', header: 'Runs', width: 90, cell: ({ assessmentRunCount }) => assessmentRunCount.toLocaleString('en') },
  {
    id: 'last',
    header: 'Last run',
    width: 130,
    cell: ({ lastAssessmentRunArn }) =>
      lastAssessmentRunArn === undefined ? (
        '–'
      ) : (
        <PageLink href={hrefOf(['runs', lastAssessmentRunArn])}>Last run</PageLink>
      ),
  },
  {
    id: 'attributes',
    header: 'Attributes for findings',
    width: 220,
    optional: true,
    cell: ({ userAttributesForFindings }) => tagsText(userAttributesForFindings) || '–',
  },
  { id: 'created', header: 'Created', width: 220, cell: ({ createdAt }) => <When at={createdAt} /> },
  { id: 'arn', header: 'ARN', width: 420, optional: true, cell: ({ arn }) => <CopyArn arn={arn} /> },
];
