import SegmentedControl from '@cloudscape-design/components/segmented-control';
import type { ReactNode } from 'react';
import { replaceQuery } from '../../app/use-route.ts';

interface ChooseViewProps {
  readonly view: string;
  readonly views: Readonly<Record<string, { readonly text: string }>>;
}

/** How findings are shown: in which groups, or one by one. */
export const ChooseView = ({ view, views }: ChooseViewProps): ReactNode => (
  <SegmentedControl
    label="How findings are shown"
    selectedId={view}
    options={Object.entries(views).map(([id, { text }]) => ({ id, text }))}
    onChange={({ detail }) => replaceQuery({ by: detail.selectedId === 'rule' ? undefined : detail.selectedId })}
  />
);
