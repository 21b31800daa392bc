import type { Output } from '@assay/model/api/operations.ts';
import { parseArn, targetArn } from '@assay/model/arn.ts';
import type { Context } from '../../context.ts';
import { after, readAll } from '../../data/pages.ts';
import { type Child, h } from '../../dom.ts';
import { count, formatBytes, sentence } from '../../format.ts';
import { healthBadge } from '../../ui/badge.ts';
import { table } from '../../ui/table.ts';

export type RunHost = Output<'ListAssessmentRunAgents'>['assessmentRunAgents'][number];

export interface RunHosts {
  readonly hosts: readonly RunHost[];
  readonly complete: boolean;
}

const MOST = 500;

export async function readHosts({ call }: Context, run: string): Promise<RunHosts> {
  const { items, complete } = await readAll(async (token) => {
    const { assessmentRunAgents, nextToken } = await call('ListAssessmentRunAgents', {
      assessmentRunArn: run,
      maxResults: 100,
      ...after(token),
    });
    return { items: assessmentRunAgents, nextToken };
  }, MOST);
  return { hosts: items, complete };
}

/** Host names by agent id: a run's hosts have none in the API, the preview of its target has. */
export async function readHostNames({ call }: Context, run: string): Promise<ReadonlyMap<string, string>> {
  const arn = parseArn(run);
  const [target] = arn?.ids ?? [];
  if (!arn || target === undefined) return new Map();
  const { items } = await readAll(async (token) => {
    const { agentPreviews, nextToken } = await call('PreviewAgents', {
      previewAgentsArn: targetArn(arn, target),
      maxResults: 100,
      ...after(token),
    });
    return { items: agentPreviews, nextToken };
  }, MOST);
  return new Map(items.map(({ agentId, hostname }) => [agentId, hostname ?? agentId]));
}

export function hostsTable({ hosts, complete }: RunHosts, names: ReadonlyMap<string, string>): Child {
  if (hosts.length === 0) return h('p', { class: 'quiet' }, 'No host takes part in this run.');
  return [
    table<RunHost>(
      'Hosts of this run',
      [
        {
          title: 'Host',
          names: true,
          cell: ({ agentId }) => [
            names.get(agentId) ?? agentId,
            names.has(agentId) && h('span', { class: 'under id' }, agentId),
          ],
        },
        {
          title: 'Health',
          cell: ({ agentHealth, agentHealthCode, agentHealthDetails }) => [
            healthBadge(agentHealth),
            h('span', { class: 'under' }, agentHealthDetails ?? sentence(agentHealthCode)),
          ],
        },
        { title: 'Telemetry', cell: ({ telemetryMetadata }) => telemetry(telemetryMetadata) },
      ],
      hosts,
    ),
    !complete && h('p', { class: 'quiet' }, `The first ${count(hosts.length, 'host')} are shown.`),
  ];
}

/** The API gives a row for each type of message and one named Total. */
function telemetry(messages: RunHost['telemetryMetadata']): Child {
  const total = messages.find(({ messageType }) => messageType === 'Total');
  const types = messages.filter((message) => message !== total);
  if (types.length === 0) return h('span', { class: 'quiet' }, 'Nothing yet');
  const said = (message: RunHost['telemetryMetadata'][number]): string =>
    `${count(message.count, 'message')}, ${formatBytes(message.dataSize ?? 0)}`;
  return h(
    'details',
    {},
    h('summary', {}, total ? said(total) : count(types.length, 'type')),
    h(
      'ul',
      { class: 'plain' },
      types.map((message) => h('li', {}, message.messageType, h('span', { class: 'quiet' }, ` ${said(message)}`))),
    ),
  );
}
