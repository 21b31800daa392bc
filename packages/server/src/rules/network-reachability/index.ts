import type { HostEvidence } from '@assay/model/evidence/kinds.ts';
import { notAssessedBecause } from '../../domain/not-assessed.ts';
import { whyNotCollected } from '../../domain/not-collected.ts';
import type { Knowledge, Rule, RulesPackage, Verdict } from '../../domain/rules-package.ts';
import type { Zone } from '../../domain/zones.ts';
import { BeyondBounds } from './bounds.ts';
import { explaining } from './explaining.ts';
import { exposuresOf, type World, worldOf } from './exposure.ts';
import { type Sockets, socketsOf } from './listeners.ts';
import { seenFromOutside } from './outside.ts';
import { networkExposures, portFindings } from './port-findings.ts';
import { readFirewall } from './read-firewall.ts';
import { hostNetwork } from './surroundings.ts';
import { shortFrom } from './wording.ts';
import { interfacesOf } from './zones.ts';
import { zonesOf } from './zones-of.ts';

const ruleOf = (zone: Zone): string => `Network Reachability - ${shortFrom(zone)}`;

const rulesOf = (knowledge: Knowledge): Rule[] =>
  zonesOf(knowledge).map((zone) => ({
    id: ruleOf(zone),
    title: `Ports reachable from ${shortFrom(zone)}`,
    severity: 'Informational',
  }));

/** Which ports of a host can be reached, from where, by which rule, and what listens there. */
export const networkReachability = {
  name: 'Network Reachability',
  shortName: 'network',
  version: '1.3',
  provider: 'Assay',
  description:
    'Finds which ports of a host can be reached from the Internet, from peered networks and over tunnels, by which rule of its firewall, ' +
    'and what listens there. It reads the configuration of the host and sends no packets.',
  needs: ['osRelease', 'interfaces', 'routes', 'sysctls', 'firewall', 'listeners'],
  knowledge: [
    { kind: 'zones', optional: true },
    { kind: 'probes', optional: true, asOfNow: true },
  ],
  supports: () => ({ supported: true }),
  rules: (_: HostEvidence, knowledge: Knowledge) => rulesOf(knowledge),
  confidence: 10,
  indicatorOfCompromise: false,
  absenceNeeds: rulesOf({ at: 0 }).map(({ id }) => id),
  explaining,
  withoutEvidence: (knowledge) => zonesOf(knowledge).flatMap((zone) => seenFromOutside(knowledge, zone, [], undefined)),
  evaluate,
} satisfies RulesPackage;

function evaluate(evidence: HostEvidence, knowledge: Knowledge): Verdict[] {
  const zones = zonesOf(knowledge);
  const sockets = socketsOf(evidence);
  const outside = (zone: Zone, verdicts: readonly Verdict[]): Verdict[] =>
    seenFromOutside(knowledge, zone, verdicts, sockets.listeners);
  const every = (code: Parameters<typeof notAssessedBecause>[1], params: Readonly<Record<string, string>>): Verdict[] =>
    zones.flatMap((zone) => outside(zone, [notAssessedBecause(ruleOf(zone), code, params)]));
  for (const kind of ['interfaces', 'routes', 'firewall'] as const) {
    const document = evidence[kind];
    const why = document && whyNotCollected(document);
    if (why !== undefined) return every('NOT_COLLECTED', { why });
    if (!document?.data) {
      if (kind === 'firewall' && document) break;
      return every('NO_EVIDENCE', {
        kind,
        why: document?.limitations.map(({ detail }) => detail ?? '').join('; ') ?? '',
      });
    }
  }
  const firewall = readFirewall(evidence);
  if (!firewall.ok) {
    const { code, why } = firewall;
    return every(
      code,
      code === 'NOT_PERMITTED'
        ? { what: `the firewall (${why})` }
        : { what: 'the firewall', why: `the firewall cannot be read: ${why}`, kind: 'firewall' },
    );
  }
  const world = worldOf(hostNetwork(evidence), firewall.ruleset);
  return zones.flatMap((zone) =>
    outside(zone, zoneVerdicts(world, zone, sockets, [...firewall.unseen, ...sockets.unseen])),
  );
}

function zoneVerdicts(world: World, zone: Zone, sockets: Sockets, unseen: readonly string[]): Verdict[] {
  const ruleId = ruleOf(zone);
  const interfaces = interfacesOf(zone, world.network);
  if (interfaces.length === 0) {
    return [
      {
        ruleId,
        outcome: 'NOT_APPLICABLE',
        reason: `no interface of the host leads to ${shortFrom(zone)}`,
        observations: [],
      },
    ];
  }
  try {
    const exposures = exposuresOf(world, zone);
    if (exposures.length === 0) {
      const reason = `the interfaces that lead to ${shortFrom(zone)} (${interfaces.map(({ name }) => name).join(', ')}) have no address that it routes to; what a device in front of the host forwards to it is not seen: declare a zone for it (assay zones set), or look from outside (assay probe)`;
      return [{ ruleId, outcome: 'NOT_APPLICABLE', reason, observations: [] }];
    }
    const source = `firewall: ${world.ruleset.rules} rules`;
    const observed = `${exposures.length} classes of packets by ${[...new Set(exposures.map(({ device }) => device.name))].join(', ')}`;
    return [
      { ruleId, outcome: 'PASSED', observations: [{ source, observed }], ...(unseen.length > 0 && { unseen }) },
      ...portFindings(world, zone, exposures, sockets),
      ...networkExposures(world, zone, exposures),
    ];
  } catch (error) {
    if (!(error instanceof BeyondBounds)) throw error;
    return [notAssessedBecause(ruleId, 'NOT_SETTLED', { why: error.message })];
  }
}
