import Spinner from '@cloudscape-design/components/spinner';
import type { ReactNode } from 'react';
import { useSession } from '../../app/session-context.ts';
import { useData } from '../../app/use-data.ts';
import { FaultAlert } from '../../ui/fault-alert.tsx';
import type { AccessKey } from './access-key.ts';

/** What a key may do, as its policy says it. */
export function PolicyDocument({ accessKey }: { readonly accessKey: AccessKey }): ReactNode {
  const { assay } = useSession();
  const { accessKeyArn } = accessKey;
  const { data, fault, reload } = useData(accessKeyArn, () => assay('GetAccessKeyPolicy', { accessKeyArn }));
  if (fault !== undefined) return <FaultAlert fault={fault} retry={reload} />;
  if (!data) return <Spinner />;
  return <pre>{indented(data.policyDocument)}</pre>;
}

export function indented(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), undefined, 2);
  } catch {
    return json;
  }
}
