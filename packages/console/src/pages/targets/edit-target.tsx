import { type ReactNode, useState } from 'react';
import { useSession } from '../../app/session-context.ts';
import { tagsText } from '../../data/tags.ts';
import { readTargetDraft, type TargetDraft } from '../../data/target-draft.ts';
import { resourceGroupFor, type TaggedTarget } from '../../data/targets.ts';
import { ConfirmModal } from '../../ui/confirm-modal.tsx';
import { TargetFields } from './target-fields.tsx';

interface EditTargetProps {
  /** The one that is changed; without it another is created. */
  readonly target: TaggedTarget | undefined;
  readonly done: () => void;
  readonly close: () => void;
}

/** Creates or changes a target. */
export function EditTarget({ target, done, close }: EditTargetProps): ReactNode {
  const { call, notify } = useSession();
  const [draft, setDraft] = useState<TargetDraft>({
    name: target?.name ?? '',
    every: target !== undefined && target.tags === undefined,
    tags: tagsText(target?.tags ?? []),
  });
  const { name, tags, problem } = readTargetDraft(draft);
  const sameHosts = target !== undefined && JSON.stringify(tags) === JSON.stringify(tagsOf(target));
  return (
    <ConfirmModal
      title={target ? `Change ${target.name}` : 'Create a target'}
      confirm={target ? 'Save' : 'Create'}
      size="large"
      ready={problem === ''}
      close={close}
      act={async () => {
        if (target) {
          const group = sameHosts ? sameGroup(target) : await resourceGroupFor(call, tags);
          await call('UpdateAssessmentTarget', {
            assessmentTargetArn: target.arn,
            assessmentTargetName: name,
            ...group,
          });
        } else {
          await call('CreateAssessmentTarget', { assessmentTargetName: name, ...(await resourceGroupFor(call, tags)) });
        }
        notify({
          type: 'success',
          content: target ? `${name} is saved. Runs that start from now on use it.` : `${name} is created.`,
        });
        done();
      }}
    >
      <TargetFields draft={draft} change={setDraft} />
    </ConfirmModal>
  );
}

const tagsOf = ({ tags }: TaggedTarget) => tags?.map(({ key, value = '' }) => ({ key, value }));

const sameGroup = ({ resourceGroupArn }: TaggedTarget): { resourceGroupArn?: string } =>
  resourceGroupArn === undefined ? {} : { resourceGroupArn };
