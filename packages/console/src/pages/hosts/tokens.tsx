import type { AssayOutput } from '@assay/model/assay/operations.ts';
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import type { ReactNode } from 'react';
import { useSession } from '../../app/session-context.ts';
import { after } from '../../data/pages.ts';
import { tagsText } from '../../data/tags.ts';
import { sentence } from '../../format.ts';
import { ActButton } from '../../ui/act-button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { faultWords } from '../../ui/fault-words.ts';
import { ListTable } from '../../ui/list-table.tsx';
import { When } from '../../ui/when.tsx';

type Token = AssayOutput<'ListEnrollmentTokens'>['tokens'][number];

const types: Readonly<Record<Token['state'], StatusIndicatorProps.Type>> = {
  USABLE: 'success',
  USED: 'stopped',
  EXPIRED: 'stopped',
  REVOKED: 'stopped',
};

/** The tokens that hosts enrol with; without the tokens themselves, which are shown once. */
export function Tokens({ made }: { readonly made: number }): ReactNode {
  const { assay, notify } = useSession();
  return (
    <ListTable<Token>
      id="tokens"
      title="Enrolment tokens"
      headingTag="h2"
      loadKey={String(made)}
      keyOf={({ tokenArn }) => tokenArn}
      labelOf={({ tokenId }) => tokenId.slice(0, 12)}
      selection="single"
      load={async (nextToken, maxResults) => {
        const found = await assay('ListEnrollmentTokens', { maxResults, ...after(nextToken) });
        return { items: found.tokens, nextToken: found.nextToken };
      }}
      actions={([token], reload) => (
        <ActButton
          action="assay:RevokeEnrollmentToken"
          disabled={token?.state !== 'USABLE'}
          disabledReason="Choose a token that is usable"
          onClick={() => {
            if (!token) return;
            assay('RevokeEnrollmentToken', { tokenArn: token.tokenArn }).then(
              () => {
                notify({ type: 'success', content: 'The token is revoked: no host enrols with it from now on.' });
                reload();
              },
              (fault: unknown) =>
                notify({ type: 'error', header: faultWords(fault).title, content: faultWords(fault).text }),
            );
          }}
        >
          Revoke
        </ActButton>
      )}
      columns={[
        { id: 'id', header: 'Token', width: 160, isRowHeader: true, cell: ({ tokenId }) => tokenId.slice(0, 12) },
        {
          id: 'state',
          header: 'State',
          width: 140,
          cell: ({ state }) => <StatusIndicator type={types[state]}>{sentence(state)}</StatusIndicator>,
        },
        { id: 'uses', header: 'Hosts', width: 100, cell: ({ used, uses }) => `${used} of ${uses}` },
        { id: 'expires', header: 'Expires', width: 210, cell: ({ expiresAt }) => <When at={expiresAt} /> },
        { id: 'tags', header: 'Tags', width: 150, cell: ({ tags = [] }) => tagsText(tags) || '–' },
        { id: 'created', header: 'Created', width: 210, cell: ({ createdAt }) => <When at={createdAt} /> },
      ]}
      empty={
        <EmptyState title="No token was made yet">
          “Enrol hosts” makes one, with the command that enrols a host.
        </EmptyState>
      }
    />
  );
}
