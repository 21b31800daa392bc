import type { AssayOutput } from '@assay/model/assay/operations.ts';
import AttributeEditor from '@cloudscape-design/components/attribute-editor';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import { type ReactNode, useState } from 'react';
import { useSession } from '../../app/session-context.ts';
import { ConfirmModal } from '../../ui/confirm-modal.tsx';

type Zone = AssayOutput<'GetZones'>['zones'][number];

interface Row {
  readonly name: string;
  readonly routeType: Zone['routeType'];
  readonly networks: string;
  readonly interfaces: string;
}

const routes = [
  { value: 'Internet', label: 'Internet' },
  { value: 'PeeredVPC', label: 'PeeredVPC' },
  { value: 'VGW', label: 'VGW' },
] as const;

const words = (text: string): string[] => text.split(/[\s,]+/).filter(Boolean);

/** Replaces the zones from which the reachability of ports is judged. */
export function EditZones({
  zones,
  close,
  done,
}: {
  readonly zones: readonly Zone[];
  readonly close: () => void;
  readonly done: () => void;
}): ReactNode {
  const { assay, notify } = useSession();
  const [rows, setRows] = useState<readonly Row[]>(
    zones.map(({ name, routeType, networks = [], interfaces = [] }) => ({
      ...{ name, routeType },
      networks: networks.join(', '),
      interfaces: interfaces.join(', '),
    })),
  );
  const change = (index: number, part: Partial<Row>): void =>
    setRows(rows.map((row, at) => (at === index ? { ...row, ...part } : row)));
  return (
    <ConfirmModal
      title="Zones"
      confirm="Save"
      size="large"
      ready={rows.length > 0 && rows.every(({ name }) => name.trim() !== '')}
      close={close}
      act={async () => {
        await assay('SetZones', {
          zones: rows.map(({ name, routeType, networks, interfaces }) => ({
            ...{ name: name.trim(), routeType },
            ...(words(networks).length > 0 ? { networks: words(networks) } : {}),
            ...(words(interfaces).length > 0 ? { interfaces: words(interfaces) } : {}),
          })),
        });
        notify({
          type: 'success',
          content: 'The zones are saved. Runs whose evaluation starts from now on use them.',
        });
        done();
      }}
    >
      <AttributeEditor<Row>
        items={rows}
        addButtonText="Add a zone"
        removeButtonText="Remove"
        disableAddButton={rows.length >= 20}
        definition={[
          {
            label: 'Zone',
            control: ({ name }, index) => (
              <Input value={name} ariaLabel="Zone" onChange={({ detail }) => change(index, { name: detail.value })} />
            ),
          },
          {
            label: 'Reported as',
            control: ({ routeType }, index) => (
              <Select
                ariaLabel="Reported as"
                selectedOption={routes.find(({ value }) => value === routeType) ?? null}
                options={routes}
                onChange={({ detail }) =>
                  change(index, { routeType: detail.selectedOption.value as Zone['routeType'] })
                }
              />
            ),
          },
          {
            label: 'Networks',
            control: ({ networks }, index) => (
              <Input
                value={networks}
                ariaLabel="Networks"
                placeholder="10.0.0.0/8"
                onChange={({ detail }) => change(index, { networks: detail.value })}
              />
            ),
          },
          {
            label: 'Interfaces',
            control: ({ interfaces }, index) => (
              <Input
                value={interfaces}
                ariaLabel="Interfaces"
                placeholder="wg*"
                onChange={({ detail }) => change(index, { interfaces: detail.value })}
              />
            ),
          },
        ]}
        onAddButtonClick={() => setRows([...rows, { name: '', routeType: 'Internet', networks: '', interfaces: '' }])}
        onRemoveButtonClick={({ detail }) => setRows(rows.filter((_, at) => at !== detail.itemIndex))}
      />
    </ConfirmModal>
  );
}
