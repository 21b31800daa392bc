import AttributeEditor from '@cloudscape-design/components/attribute-editor';
import Input from '@cloudscape-design/components/input';
import { type ReactNode, useState } from 'react';
import { useSession } from '../../app/session-context.ts';
import { ConfirmModal } from '../../ui/confirm-modal.tsx';

interface Pair {
  readonly key: string;
  readonly value: string;
}

/** Findings that one call takes. */
const AT_ONCE = 10;

/** Adds attributes of the user's own to many findings: an owner, a ticket. */
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
  const attributes = pairs.filter(({ key }) => key.trim() !== '').map(({ key, value }) => ({ key: key.trim(), value }));
  return (
    <ConfirmModal
      title={`Add attributes to ${arns.length} ${arns.length === 1 ? 'finding' : 'findings'}`}
      confirm="Add"
      ready={attributes.length > 0}
      close={close}
      act={async () => {
        for (let from = 0; from < arns.length; from += AT_ONCE) {
          const { failedItems } = await call('AddAttributesToFindings', {
            findingArns: arns.slice(from, from + AT_ONCE),
            attributes,
          });
          const failed = Object.values(failedItems);
          if (failed.length > 0)
            throw new Error(`${failed.length} findings could not be changed: ${failed[0]?.failureCode}.`);
        }
        done();
      }}
    >
      <AttributeEditor<Pair>
        items={pairs}
        addButtonText="Add another"
        removeButtonText="Remove"
        disableAddButton={pairs.length >= 10}
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
    </ConfirmModal>
  );
}
