import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import type { ReactNode } from 'react';

type Attributes = readonly { readonly key: string; readonly value?: string | undefined }[];

const meanings: Readonly<Record<string, readonly [StatusIndicatorProps.Type, string]>> = {
  CONFIRMED: ['success', 'Confirmed by a connection'],
  NOT_CONFIRMED: ['info', 'Not confirmed: no connection was made'],
  REFUTED: ['warning', 'The host says that it is closed, and a connection was made'],
};

/** What a probe says about a finding of a reachable port, and from where; nothing where none looked. */
export function ProbeIndicator({ attributes }: { readonly attributes: Attributes }): ReactNode {
  const value = (key: string): string => attributes.find((each) => each.key === key)?.value ?? '';
  const found = Object.hasOwn(meanings, value('PROBE')) ? meanings[value('PROBE')] : undefined;
  if (!found) return null;
  const [type, text] = found;
  return (
    <StatusIndicator type={type}>
      {text} from {value('PROBED_FROM') || 'outside'}
    </StatusIndicator>
  );
}
