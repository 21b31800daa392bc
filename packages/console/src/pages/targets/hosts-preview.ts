import type { Output } from '@assay/model/api/operations.ts';
import type { Context } from '../../context.ts';
import { after } from '../../data/pages.ts';
import { h, replace } from '../../dom.ts';
import { count } from '../../format.ts';
import { healthBadge } from '../../ui/badge.ts';
import { table } from '../../ui/table.ts';

type Host = Output<'PreviewAgents'>['agentPreviews'][number];

/** The hosts that a run over a target would assess now; asked for when it is opened. */
export function hostsPreview({ call, signal, showFault }: Context, target: string): HTMLElement {
  const body = h('div', {});
  const hosts: Host[] = [];
  const load = async (token?: string): Promise<void> => {
    try {
      const { agentPreviews, nextToken } = await call('PreviewAgents', {
        previewAgentsArn: target,
        maxResults: 50,
        ...after(token),
      });
      if (signal.aborted) return;
      hosts.push(...agentPreviews);
      replace(
        body,
        hosts.length > 0
          ? hostsTable(hosts)
          : h(
              'p',
              { class: 'quiet' },
              'No agent has enrolled for this target. A run over it would say so in an exclusion.',
            ),
        nextToken === undefined
          ? hosts.length > 0 && h('p', { class: 'quiet pager' }, count(hosts.length, 'host'))
          : h(
              'div',
              { class: 'pager' },
              h('button', { type: 'button', onclick: () => void load(nextToken) }, 'Show more'),
            ),
      );
    } catch (fault) {
      if (!signal.aborted)
        replace(
          body,
          showFault(fault, () => void load(token)),
        );
    }
  };
  return h(
    'details',
    {
      class: 'preview',
      ontoggle: (event) => {
        if (!(event.target as HTMLDetailsElement).open) return;
        hosts.length = 0;
        void load();
      },
    },
    h('summary', {}, 'Hosts it would assess now'),
    body,
  );
}

const hostsTable = (hosts: readonly Host[]): HTMLElement =>
  table<Host>(
    'Hosts of this target',
    [
      {
        title: 'Host',
        names: true,
        cell: ({ hostname, agentId }) => [hostname ?? agentId, h('span', { class: 'under id' }, agentId)],
      },
      { title: 'Health', cell: ({ agentHealth }) => healthBadge(agentHealth ?? 'UNKNOWN') },
      { title: 'System', cell: ({ operatingSystem = '–' }) => operatingSystem },
      { title: 'Kernel', cell: ({ kernelVersion = '–' }) => kernelVersion },
      { title: 'Address', cell: ({ ipv4Address = '–' }) => ipv4Address },
      { title: 'Agent', cell: ({ agentVersion = '–' }) => agentVersion },
    ],
    hosts,
  );
