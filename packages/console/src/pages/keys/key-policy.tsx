import { type ReactNode, useState } from 'react';
import { useSession } from '../../app/session-context.ts';
import { ConfirmModal } from '../../ui/confirm-modal.tsx';
import type { AccessKey } from './access-key.ts';
import { EXAMPLE, isUsable, type PolicyChoice, PolicyField, policyOf } from './policy-field.tsx';

interface KeyPolicyProps {
  readonly accessKey: AccessKey;
  readonly close: () => void;
  readonly done: () => void;
}

/** Gives a key another policy. */
export function KeyPolicy({ accessKey, close, done }: KeyPolicyProps): ReactNode {
  const { assay, notify } = useSession();
  const { accessKeyId, accessKeyArn, policyName } = accessKey;
  const [choice, setChoice] = useState<PolicyChoice>({ name: policyName, document: EXAMPLE });
  return (
    <ConfirmModal
      title={`Policy of ${accessKeyId}`}
      confirm="Change"
      size="large"
      ready={isUsable(choice)}
      close={close}
      act={async () => {
        const { warnings } = await assay('SetAccessKeyPolicy', { accessKeyArn, policy: policyOf(choice) });
        for (const content of warnings) notify({ type: 'warning', content });
        done();
      }}
    >
      <PolicyField choice={choice} change={setChoice} />
    </ConfirmModal>
  );
}
