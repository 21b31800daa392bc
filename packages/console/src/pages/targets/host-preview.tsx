import Box from '@cloudscape-design/components/box';
import Spinner from '@cloudscape-design/components/spinner';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { ReactNode } from 'react';
import { hrefOf } from '../../app/route.ts';
import { useSession } from '../../app/session-context.ts';
import { useData } from '../../app/use-data.ts';
import { useSettled } from '../../app/use-settled.ts';
import type { TagPair } from '../../data/tags.ts';
import { asTargetTags } from '../../data/targets.ts';
import { count } from '../../format.ts';
import { FaultAlert } from '../../ui/fault-alert.tsx';
import { PageLink } from '../../ui/page-link.tsx';

const SHOWN = 10;
const COUNTED = 500;

/** The hosts that tags choose, while they are typed; every host where there are no tags to choose by. */
export function HostPreview({ tags }: { readonly tags: readonly TagPair[] | undefined }): ReactNode {
  const { assay } = useSession();
  const key = useSettled(JSON.stringify(tags ?? null));
  const wanted = JSON.parse(key) as TagPair[] | null;
  const { data, fault, loading, reload } = useData(`preview ${key}`, async () => {
    if (wanted?.length === 0) return { hosts: [], more: false };
    const filter = wanted === null ? {} : { filter: { tags: asTargetTags(wanted) } };
    const { hosts, nextToken } = await assay('ListHosts', { ...filter, maxResults: COUNTED });
    return { hosts, more: nextToken !== undefined };
  });
  if (fault !== undefined) return <FaultAlert fault={fault} retry={reload} />;
  if (!data) return <Spinner />;
  if (wanted?.length === 0) return <Box color="text-body-secondary">Give a tag to see which hosts have it.</Box>;
  const { hosts, more } = data;
  const unhealthy = hosts.filter(({ health }) => health !== 'HEALTHY').length;
  if (hosts.length === 0) {
    return (
      <StatusIndicator type="warning">
        {wanted === null ? (
          <>
            No host is enrolled yet. <PageLink href={hrefOf(['hosts'], { enrol: 'yes' })}>Enrol hosts</PageLink>
          </>
        ) : (
          'No enrolled host has one of these tags: a run would assess nothing.'
        )}
      </StatusIndicator>
    );
  }
  return (
    <div aria-live="polite" aria-busy={loading}>
      <Box>
        {more ? `More than ${COUNTED} hosts` : count(hosts.length, 'host')}
        {unhealthy > 0 ? `, ${count(unhealthy, 'host')} of them not healthy: they would not be assessed` : ''}
      </Box>
      <ul className="names">
        {hosts.slice(0, SHOWN).map(({ hostArn, agentId, hostname, health, operatingSystem }) => (
          <li key={hostArn}>
            <StatusIndicator type={health === 'HEALTHY' ? 'success' : 'warning'}>
              <PageLink href={hrefOf(['hosts', agentId])}>{hostname}</PageLink>
            </StatusIndicator>{' '}
            <Box variant="small">{operatingSystem}</Box>
          </li>
        ))}
      </ul>
      {hosts.length > SHOWN || more ? <Box variant="small">and more</Box> : null}
    </div>
  );
}
