import { isIP } from 'node:net';
import { recordProbes as record, TooManyProbes } from '../../engine/judging/probes-source.ts';
import { zonesOfScope } from '../../engine/judging/zones-source.ts';
import { conflict, invalidInput } from './errors.ts';
import type { AssayOperation } from './operation.ts';
import { requireZone } from './require-zone.ts';
import { doesNotExist, requireId } from './resources.ts';

export const recordProbes: AssayOperation<'RecordProbes', 'store' | 'now'> =
  ({ store, now }) =>
  async ({ vantage, probes }, caller) => {
    const { zones } = await zonesOfScope(store.settings, caller.scope);
    const refuse = (what: string) => invalidInput('INVALID_MEMBER', what);
    const at = now();
    const given = probes.map(({ hostArn, ...probe }) => {
      const { address, zone, connected, refused, silent } = probe;
      if (isIP(address) === 0) throw refuse(`"${address}" is not an IP address.`);
      requireZone(zones, zone);
      const ports = [...connected, ...refused, ...silent];
      if (ports.length === 0) throw refuse('A probe must have tried one port at least.');
      if (new Set(ports).size !== ports.length) throw refuse('A port of a probe is listed twice.');
      return { ...probe, host: requireId(caller, 'host', hostArn), vantage, at };
    });
    const hosts = await store.agents.findMany(caller.scope, [...new Set(given.map(({ host }) => host))]);
    const enrolled = new Set(hosts.flatMap(({ id, removedAt }) => (removedAt ? [] : [id])));
    probes.forEach(({ hostArn }, place) => {
      if (!enrolled.has(given[place]?.host ?? '')) throw doesNotExist('host', hostArn);
    });
    try {
      await store.transaction(({ settings }) => record(settings, caller.scope, given, at));
    } catch (error) {
      if (error instanceof TooManyProbes) throw conflict(`The account has ${error.message} in this region.`);
      throw error;
    }
    return { recorded: given.length };
  };
