import Box from '@cloudscape-design/components/box';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { type ReactNode, useState } from 'react';
import { useSession } from '../../app/session-context.ts';
import { after } from '../../data/pages.ts';
import { ActButton } from '../../ui/act-button.tsx';
import { ConfirmModal } from '../../ui/confirm-modal.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { type Column, ListTable } from '../../ui/list-table.tsx';
import { When } from '../../ui/when.tsx';
import type { AccessKey } from './access-key.ts';
import { CreateKey } from './create-key.tsx';
import { KeyPolicy } from './key-policy.tsx';
import { PolicyDocument } from './policy-document.tsx';

type Asking = { readonly what: 'create' } | { readonly what: 'revoke' | 'policy'; readonly key: AccessKey };

/** The access keys of the account, with what each may do. */
export function KeysPage(): ReactNode {
  const { assay, key: own, notify, showDetails } = useSession();
  const [asking, setAsking] = useState<Asking>();
  const [changed, setChanged] = useState(0);
  const done = (content: string): void => {
    notify({ type: 'success', content });
    setChanged((before) => before + 1);
  };
  const close = (): void => setAsking(undefined);
  return (
    <>
      <ListTable<AccessKey>
        id="keys"
        title="Access keys"
        loadKey={String(changed)}
        keyOf={({ accessKeyId }) => accessKeyId}
        load={async (nextToken, maxResults) => {
          const found = await assay('ListAccessKeys', { maxResults, ...after(nextToken) });
          return { items: found.accessKeys, nextToken: found.nextToken };
        }}
        selection="single"
        onSelect={([chosen]) =>
          showDetails(
            chosen
              ? { title: chosen.accessKeyId, content: <PolicyDocument key={chosen.accessKeyId} accessKey={chosen} /> }
              : undefined,
          )
        }
        actions={([chosen]) => (
          <>
            <ActButton
              action="assay:SetAccessKeyPolicy"
              disabled={!chosen || chosen.revokedAt !== undefined}
              disabledReason="Choose a key that is valid"
              onClick={() => chosen && setAsking({ what: 'policy', key: chosen })}
            >
              Change policy
            </ActButton>
            <ActButton
              action="assay:RevokeAccessKey"
              disabled={!chosen || chosen.revokedAt !== undefined}
              disabledReason="Choose a key that is valid"
              onClick={() => chosen && setAsking({ what: 'revoke', key: chosen })}
            >
              Revoke
            </ActButton>
            <ActButton action="assay:CreateAccessKey" variant="primary" onClick={() => setAsking({ what: 'create' })}>
              Create a key
            </ActButton>
          </>
        )}
        columns={columns(own.accessKeyId)}
        empty={<EmptyState title="No key" />}
      />
      {asking?.what === 'create' ? (
        <CreateKey close={close} created={() => setChanged((before) => before + 1)} />
      ) : null}
      {asking?.what === 'policy' ? (
        <KeyPolicy
          accessKey={asking.key}
          close={close}
          done={() => done(`The policy of ${asking.key.accessKeyId} is changed.`)}
        />
      ) : null}
      {asking?.what === 'revoke' ? (
        <ConfirmModal
          title={`Revoke ${asking.key.accessKeyId}`}
          confirm="Revoke"
          close={close}
          act={async () => {
            await assay('RevokeAccessKey', { accessKeyArn: asking.key.accessKeyArn });
            done(`${asking.key.accessKeyId} is revoked.`);
          }}
        >
          {asking.key.accessKeyId === own.accessKeyId ? (
            <Box fontWeight="bold">You are signed in with this key.</Box>
          ) : null}
          The server refuses it immediately. This cannot be undone.
        </ConfirmModal>
      ) : null}
    </>
  );
}

const columns = (own: string): readonly Column<AccessKey>[] => [
  {
    id: 'id',
    header: 'Access key',
    width: 280,
    isRowHeader: true,
    cell: ({ accessKeyId }) => `${accessKeyId}${accessKeyId === own ? ' (yours)' : ''}`,
  },
  {
    id: 'state',
    header: 'State',
    width: 140,
    cell: ({ revokedAt }) => (
      <StatusIndicator type={revokedAt === undefined ? 'success' : 'stopped'}>
        {revokedAt === undefined ? 'Valid' : 'Revoked'}
      </StatusIndicator>
    ),
  },
  { id: 'policy', header: 'Policy', width: 180, cell: ({ policyName }) => policyName },
  { id: 'created', header: 'Created', width: 230, cell: ({ createdAt }) => <When at={createdAt} /> },
  { id: 'revoked', header: 'Revoked', width: 230, cell: ({ revokedAt }) => <When at={revokedAt} /> },
];
