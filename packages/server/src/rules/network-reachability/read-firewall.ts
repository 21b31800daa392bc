import type { HostEvidence } from '@assay/model/evidence/kinds.ts';
import type { ReasonCode } from '../../domain/not-assessed.ts';
import { whyNotCollected } from '../../domain/not-collected.ts';
import { BeyondBounds } from './bounds.ts';
import { readIptables } from './iptables-ruleset.ts';
import { readNftables, UnreadableRules } from './nft-ruleset.ts';
import { portClasses } from './port-classes.ts';
import type { Chain, Distinctions, Ruleset } from './ruleset.ts';

export type ReadFirewall =
  | { readonly ok: true; readonly ruleset: Ruleset; readonly unseen: readonly string[] }
  | { readonly ok: false; readonly code: ReasonCode; readonly why: string };

/** The rules of a host, or why they are not known. */
export function readFirewall({ firewall }: HostEvidence): ReadFirewall {
  if (!firewall) return { ok: false, code: 'NO_EVIDENCE', why: '' };
  const uncollected = whyNotCollected(firewall);
  if (uncollected !== undefined) return { ok: false, code: 'NOT_COLLECTED', why: uncollected };
  const { data, limitations } = firewall;
  const said = limitations.map(({ subject, detail, code }) => `${subject}: ${detail ?? code}`).join('; ');
  const denied = limitations.some(({ code }) => code === 'PERMISSION_DENIED');
  // A program that is there and failed leaves rules unseen; one that is not there has none to list, unless it is nft itself.
  const failed = limitations.some(({ code }) => code !== 'NOT_PRESENT');
  if (!data || failed || (data.nftables === undefined && data.iptables.length === 0)) {
    return { ok: false, code: denied ? 'NOT_PERMITTED' : 'OTHER', why: said || 'nothing was listed' };
  }
  const chains = new Map<string, Chain>();
  const distinctions: Distinctions = { sources: [], sourcePorts: [], ports: [] };
  try {
    const tables = new Set<string>();
    let [rules, asksRoutes] = [0, false];
    for (const { family, variant, rules: text } of data.iptables) {
      const read = readIptables(text, family === 'IPv4' ? 4 : 6, variant, chains, distinctions);
      if (variant === 'nft')
        for (const table of read.tables) tables.add(`${family === 'IPv4' ? 'ip' : 'ip6'} ${table}`);
      rules += read.rules;
      asksRoutes ||= read.asksRoutes;
    }
    const unseen: string[] = [];
    if (data.nftables === undefined)
      unseen.push('nftables: nft is not installed, so only the tables of iptables were read');
    else {
      const read = readNftables(data.nftables, chains, distinctions, (family, table) =>
        tables.has(`${family} ${table}`),
      );
      rules += read.rules;
      asksRoutes ||= read.asksRoutes;
    }
    const ports = portClasses(distinctions.ports);
    return { ok: true, ruleset: { chains, distinctions, ports, asksRoutes, rules }, unseen };
  } catch (error) {
    if (error instanceof BeyondBounds) return { ok: false, code: 'NOT_SETTLED', why: error.message };
    if (error instanceof UnreadableRules) return { ok: false, code: 'NOT_UNDERSTOOD', why: error.message };
    throw error;
  }
}
