import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import { type ReactNode, useState } from 'react';
import { useSession } from '../../app/session-context.ts';
import { parseTags, tagsText } from '../../data/tags.ts';
import { ConfirmModal } from '../../ui/confirm-modal.tsx';
import type { Host } from './page.tsx';

/** Fixes tags of a host; those that were fixed and are left out are its agent's again. */
export function HostTags({
  host,
  close,
  done,
}: {
  readonly host: Host;
  readonly close: () => void;
  readonly done: () => void;
}): ReactNode {
  const { assay } = useSession();
  const fixed = (host.fixedTags ?? []).filter(({ value }) => value !== undefined);
  const [text, setText] = useState(tagsText(fixed));
  const { tags, problem } = parseTags(text);
  return (
    <ConfirmModal
      title={`Tags of ${host.hostname}`}
      confirm="Save"
      ready={problem === ''}
      close={close}
      act={async () => {
        const release = fixed.map(({ key }) => key).filter((key) => !tags.some((tag) => tag.key === key));
        await assay('TagHost', {
          hostArn: host.hostArn,
          ...(tags.length > 0 ? { fix: tags } : {}),
          ...(release.length > 0 ? { release } : {}),
        });
        done();
      }}
    >
      <FormField
        label="Fixed tags"
        description="They count whatever the agent says. The other tags of the host are its agent's: key=value, separated by commas."
        errorText={problem}
      >
        <Input value={text} placeholder="env=prod, role=web" onChange={({ detail }) => setText(detail.value)} />
      </FormField>
    </ConfirmModal>
  );
}
