import type { AssayOutput } from '@assay/model/assay/operations.ts';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { ReactNode } from 'react';

type Host = AssayOutput<'ListHosts'>['hosts'][number];

/** A host's health; what is known of it on hover. */
export const HostHealth = ({ host: { health, healthCode, healthDetails } }: { readonly host: Host }): ReactNode => (
  <span title={healthDetails}>
    {health === 'HEALTHY' ? (
      <StatusIndicator type={healthCode === 'RUNNING' ? 'in-progress' : 'success'}>
        {healthCode === 'RUNNING' ? 'In a run' : 'Healthy'}
      </StatusIndicator>
    ) : (
      <StatusIndicator type={healthCode === 'SHUTDOWN' ? 'stopped' : 'warning'}>
        {healthCode === 'SHUTDOWN' ? 'Shut down' : 'Not healthy'}
      </StatusIndicator>
    )}
  </span>
);
