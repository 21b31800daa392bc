import type { HostEvidence } from '@assay/model/evidence/kinds.ts';
import { notAssessedBecause } from '../../domain/not-assessed.ts';
import { whyNotCollected } from '../../domain/not-collected.ts';
import type { Knowledge, Rule, RulesPackage, Verdict } from '../../domain/rules-package.ts';
import type { Zone } from '../../domain/zones.ts';
import { BeyondBounds } from './bounds.ts';
import { explaining } from './explaining.ts';
import { exposuresOf, stateOf, type World, worldOf } from './exposure.ts';
import { type Sockets, socketsOf } from './listeners.ts';
import { type PortState, seenFromOutside } from './outside.ts';
import { networkExposures, portFindings } from './port-findings.ts';
import { probing } from './probing.ts';
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
  version: '1.4',
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
  probing,
  withoutEvidence: (knowledge) =>
    zonesOf(knowledge).flatMap((zone) => seenFromOutside(knowledge, zone, [], undefined, () => 'unknown')),
  evaluate,
} satisfies RulesPackage;

function evaluate(evidence: HostEvidence, knowledge: Knowledge): Verdict[] {
  const zones = zonesOf(knowledge);
  const sockets = socketsOf(evidence);
  const outside = (zone: Zone, verdicts: readonly Verdict[], stateOf: (port: number) => PortState): Verdict[] =>
    seenFromOutside(knowledge, zone, verdicts, sockets.listeners, stateOf);
  const every = (code: Parameters<typeof notAssessedBecause>[1], params: Readonly<Record<string, string>>): Verdict[] =>
    zones.flatMap((zone) => outside(zone, [notAssessedBecause(ruleOf(zone), code, params)], () => 'unknown'));
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
  return zones.flatMap((zone) => {
    const { verdicts, stateOf } = assess(world, zone, sockets, [...firewall.unseen, ...sockets.unseen]);
    return outside(zone, verdicts, stateOf);
  });
}

interface Assessed {
  readonly verdicts: readonly Verdict[];
  /** Of a TCP port. */
  readonly stateOf: (port: number) => PortState;
}

function assess(world: World, zone: Zone, sockets: Sockets, unseen: readonly string[]): Assessed {
  const undecided = (verdict: Verdict): Assessed => ({ verdicts: [verdict], stateOf: () => 'unknown' });
  const ruleId = ruleOf(zone);
  const interfaces = interfacesOf(zone, world.network);
  if (interfaces.length === 0) {
    const reason = `no interface of the host leads to ${shortFrom(zone)}`;
    return undecided({ ruleId, outcome: 'NOT_APPLICABLE', reason, observations: [] });
  }
  try {
    const exposures = exposuresOf(world, zone);
    if (exposures.length === 0) {
      const reason = `the interfaces that lead to ${shortFrom(zone)} (${interfaces.map(({ name }) => name).join(', ')}) have no address that it routes to; what a device in front of the host forwards to it is not seen: declare a zone for it (assay zones set), or look from outside (assay probe)`;
      return undecided({ ruleId, outcome: 'NOT_APPLICABLE', reason, observations: [] });
    }
    const source = `firewall: ${world.ruleset.rules} rules`;
    const observed = `${exposures.length} classes of packets by ${[...new Set(exposures.map(({ device }) => device.name))].join(', ')}`;
    const verdicts: Verdict[] = [
      { ruleId, outcome: 'PASSED', observations: [{ source, observed }], ...(unseen.length > 0 && { unseen }) },
      ...portFindings(world, zone, exposures, sockets),
      ...networkExposures(world, zone, exposures),
    ];
    return { verdicts, stateOf: (port) => stateOf(world, exposures, 'tcp', port) };
  } catch (error) {
    if (!(error instanceof BeyondBounds)) throw error;
    return undecided(notAssessedBecause(ruleId, 'NOT_SETTLED', { why: error.message }));
  }
}
