import type { Probing } from '../../domain/rules-package.ts';
import { hostNetwork } from './surroundings.ts';
import { shortFrom } from './wording.ts';
import { destinationsOf, interfacesOf } from './zones.ts';

/** What `assay probe` tries: the addresses that a zone's packets arrive at, and the TCP ports that were found there. */
export const probing: Probing = {
  needs: ['interfaces', 'routes'],
  addresses: (evidence, zone) => {
    const found = interfacesOf(zone, hostNetwork(evidence)).flatMap((device) => destinationsOf(zone, device));
    return [...new Set(found.map(({ text }) => text))];
  },
  portOf: (ruleId, zone) => {
    const [, from, port = ''] = /ecognized port reachable from (.*) - TCP (\d+)$/.exec(ruleId) ?? [];
    return from === shortFrom(zone) ? Number(port) : undefined;
  },
};
