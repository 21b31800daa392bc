import AttributeEditor from '@cloudscape-design/components/attribute-editor';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type ReactNode, useState } from 'react';
import { useSession } from '../../app/session-context.ts';
import { count } from '../../format.ts';
import { ConfirmModal } from '../../ui/confirm-modal.tsx';

interface Pair {
  readonly key: string;
  readonly value: string;
}

/** Findings that one call takes. */
const AT_ONCE = 10;
/** Attributes that one call adds or removes. */
const MOST = 10;

/** Adds attributes of the user's own to many findings, such as an owner or a ticket, and removes them. */
export function EditAttributes({
  arns,
  close,
  done,
}: {
  readonly arns: readonly string[];
  readonly close: () => void;
  readonly done: () => void;
}): ReactNode {
  const { call } = useSession();
  const [pairs, setPairs] = useState<readonly Pair[]>([{ key: '', value: '' }]);
  const change = (index: number, part: Partial<Pair>): void =>
    setPairs(pairs.map((pair, at) => (at === index ? { ...pair, ...part } : pair)));
  const [removed, setRemoved] = useState('');
  const keys = removed
    .split(',')
    .map((key) => key.trim())
    .filter(Boolean);
  const attributes = pairs.filter(({ key }) => key.trim() !== '').map(({ key, value }) => ({ key: key.trim(), value }));
  return (
    <ConfirmModal
      title={`Edit attributes of ${count(arns.length, 'finding')}`}
      confirm="Save"
      ready={(attributes.length > 0 || keys.length > 0) && keys.length <= MOST}
      close={close}
      act={async () => {
        for (let from = 0; from < arns.length; from += AT_ONCE) {
          const findingArns = arns.slice(from, from + AT_ONCE);
          const answers = [
            ...(keys.length > 0
              ? [await call('RemoveAttributesFromFindings', { findingArns, attributeKeys: keys })]
              : []),
            ...(attributes.length > 0 ? [await call('AddAttributesToFindings', { findingArns, attributes })] : []),
          ];
          const failed = answers.flatMap(({ failedItems }) => Object.values(failedItems));
          if (failed.length > 0) {
            throw new Error(`${count(failed.length, 'finding')} could not be changed: ${failed[0]?.failureCode}.`);
          }
        }
        done();
      }}
    >
      <SpaceBetween size="m">
        <AttributeEditor<Pair>
          items={pairs}
          addButtonText="Add another"
          removeButtonText="Remove"
          disableAddButton={pairs.length >= MOST}
          definition={[
            {
              label: 'Key',
              control: ({ key }, index) => (
                <Input
                  value={key}
                  placeholder="owner"
                  ariaLabel="Key"
                  onChange={({ detail }) => change(index, { key: detail.value })}
                />
              ),
            },
            {
              label: 'Value',
              control: ({ value }, index) => (
                <Input
                  value={value}
                  placeholder="team-web"
                  ariaLabel="Value"
                  onChange={({ detail }) => change(index, { value: detail.value })}
                />
              ),
            },
          ]}
          onAddButtonClick={() => setPairs([...pairs, { key: '', value: '' }])}
          onRemoveButtonClick={({ detail }) => setPairs(pairs.filter((_, at) => at !== detail.itemIndex))}
        />
        <FormField
          label="Attributes to remove"
          errorText={keys.length > MOST ? `At most ${MOST} at once.` : ''}
          description="Their keys, separated by commas."
        >
          <Input value={removed} placeholder="ticket" onChange={({ detail }) => setRemoved(detail.value)} />
        </FormField>
      </SpaceBetween>
    </ConfirmModal>
  );
}
