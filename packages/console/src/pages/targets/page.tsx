import Button from '@cloudscape-design/components/button';
import TextFilter from '@cloudscape-design/components/text-filter';
import { type ReactNode, useState } from 'react';
import { hrefOf } from '../../app/route.ts';
import { useSession } from '../../app/session-context.ts';
import { replaceQuery, useRoute } from '../../app/use-route.ts';
import { describeTargets } from '../../data/describe.ts';
import { after } from '../../data/pages.ts';
import { tagsText } from '../../data/tags.ts';
import { readWindows, type TargetWindow, windowWords } from '../../data/target-windows.ts';
import { type TaggedTarget, withTags } from '../../data/targets.ts';
import { ActButton } from '../../ui/act-button.tsx';
import { ConfirmModal } from '../../ui/confirm-modal.tsx';
import { CopyArn } from '../../ui/copy-arn.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { type Column, ListTable } from '../../ui/list-table.tsx';
import { PageLink } from '../../ui/page-link.tsx';
import { When } from '../../ui/when.tsx';
import { EditTarget } from './edit-target.tsx';
import { EditWindow } from './edit-window.tsx';
import { TargetHosts } from './target-hosts.tsx';

/** A target, and when its scheduled runs may begin. */
interface WindowedTarget extends TaggedTarget {
  readonly window: TargetWindow | undefined;
  /** False where the key may not know. */
  readonly windowKnown: boolean;
}

type Dialog =
  | { readonly kind: 'edit'; readonly target: TaggedTarget | undefined }
  | { readonly kind: 'delete' | 'window'; readonly target: WindowedTarget };

/** Targets: which hosts are assessed. */
export function TargetsPage(): ReactNode {
  const { call, assay, notify, showDetails } = useSession();
  const { query } = useRoute();
  const name = query.get('name') ?? '';
  const [dialog, setDialog] = useState<Dialog>();
  const [round, setRound] = useState(0);
  const close = (): void => setDialog(undefined);
  const done = (): void => setRound((before) => before + 1);
  const pattern = name.includes('*') ? name : `*${name}*`;
  return (
    <>
      <ListTable<WindowedTarget>
        id="targets"
        title="Targets"
        wrap
        description="A target says which hosts are assessed."
        columns={columns}
        loadKey={`${name}\n${round}`}
        keyOf={({ arn }) => arn}
        labelOf={(target) => target.name}
        load={async (nextToken, maxResults) => {
          const found = await call('ListAssessmentTargets', {
            maxResults,
            ...(name ? { filter: { assessmentTargetNamePattern: pattern } } : {}),
            ...after(nextToken),
          });
          const targets = await describeTargets(call, found.assessmentTargetArns);
          const [tagged, windows] = [await withTags(call, targets), await readWindows(assay)];
          const items = tagged.map((target) => ({
            ...target,
            window: windows?.get(target.arn),
            windowKnown: windows !== undefined,
          }));
          return { items, nextToken: found.nextToken };
        }}
        selection="single"
        onSelect={([target]) =>
          showDetails(
            target && { title: `Hosts of ${target.name}`, content: <TargetHosts key={target.arn} arn={target.arn} /> },
          )
        }
        filter={
          <TextFilter
            filteringText={name}
            filteringPlaceholder="Find by name; * stands for any characters"
            filteringAriaLabel="Find targets by name"
            onChange={({ detail }) => replaceQuery({ name: detail.filteringText })}
          />
        }
        actions={([target]) => (
          <>
            <ActButton
              action="inspector:DeleteAssessmentTarget"
              disabled={!target}
              disabledReason="Choose a target"
              onClick={() => target && setDialog({ kind: 'delete', target })}
            >
              Delete
            </ActButton>
            <ActButton
              action="assay:SetTargetWindow"
              disabled={!target}
              disabledReason="Choose a target"
              onClick={() => target && setDialog({ kind: 'window', target })}
            >
              Window
            </ActButton>
            <ActButton
              action="inspector:UpdateAssessmentTarget"
              disabled={!target}
              disabledReason="Choose a target"
              onClick={() => target && setDialog({ kind: 'edit', target })}
            >
              Edit
            </ActButton>
            <ActButton
              action="inspector:CreateAssessmentTarget"
              variant="primary"
              onClick={() => setDialog({ kind: 'edit', target: undefined })}
            >
              Create a target
            </ActButton>
          </>
        )}
        empty={
          name ? (
            <EmptyState title="No target matches">
              <Button onClick={() => replaceQuery({ name: undefined })}>Clear the filter</Button>
            </EmptyState>
          ) : (
            <EmptyState title="No target yet">
              <span>The quickest way to a first assessment sets up everything at once.</span>
              <Button href="#/setup">Set up an assessment</Button>
            </EmptyState>
          )
        }
      />
      {dialog?.kind === 'edit' ? <EditTarget target={dialog.target} done={done} close={close} /> : null}
      {dialog?.kind === 'window' ? (
        <EditWindow target={dialog.target} window={dialog.target.window} done={done} close={close} />
      ) : null}
      {dialog?.kind === 'delete' ? (
        <ConfirmModal
          title={`Delete ${dialog.target.name}?`}
          confirm="Delete"
          close={close}
          act={async () => {
            await call('DeleteAssessmentTarget', { assessmentTargetArn: dialog.target.arn });
            notify({ type: 'success', content: `${dialog.target.name} is deleted.` });
            done();
          }}
        >
          Its templates are deleted with it, and their runs with all findings and reports. This cannot be undone. Hosts
          stay.
        </ConfirmModal>
      ) : null}
    </>
  );
}

const columns: readonly Column<WindowedTarget>[] = [
  { id: 'name', header: 'Target', width: 220, isRowHeader: true, cell: ({ name }) => name },
  {
    id: 'hosts',
    header: 'Hosts with any tag of',
    width: 240,
    cell: ({ tags }) => (tags === undefined ? 'Every host' : tagsText(tags) || '–'),
  },
  {
    id: 'templates',
    header: 'Templates',
    width: 120,
    cell: ({ arn }) => <PageLink href={hrefOf(['templates'], { target: arn })}>Templates</PageLink>,
  },
  {
    id: 'window',
    header: 'Scheduled runs begin',
    width: 220,
    cell: ({ window, windowKnown }) => (window ? windowWords(window) : windowKnown ? 'At any time' : '–'),
  },
  { id: 'created', header: 'Created', width: 220, cell: ({ createdAt }) => <When at={createdAt} /> },
  { id: 'updated', header: 'Changed', width: 220, optional: true, cell: ({ updatedAt }) => <When at={updatedAt} /> },
  { id: 'arn', header: 'ARN', width: 420, optional: true, cell: ({ arn }) => <CopyArn arn={arn} /> },
];
