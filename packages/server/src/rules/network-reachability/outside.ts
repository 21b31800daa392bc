import { oneLine } from '@assay/model/safe-text.ts';
import type { Probe } from '../../domain/probes.ts';
import { serviceOf } from '../../domain/recognized-ports.ts';
import { INSTANCE, type Knowledge, type Observation, type Verdict } from '../../domain/rules-package.ts';
import type { Zone } from '../../domain/zones.ts';
import type { Listener } from './listeners.ts';
import { attributesOf } from './original-table.ts';
import { severityOf } from './severity-table.ts';
import { fromText, listening, portRule } from './wording.ts';

/** What was seen longer ago than this says nothing of how things stand. */
const COUNTS = 24 * 60 * 60_000;

export interface Sight {
  readonly saw: 'connected' | 'refused' | 'silent';
  readonly probe: Probe;
}

/** The probes of the host from a zone that still count, the newest first. */
const probesFrom = ({ probes = [], host, at }: Knowledge, zone: Zone): readonly Probe[] =>
  probes
    .filter((probe) => probe.host === host && probe.zone === zone.name && at - probe.at <= COUNTS)
    .toSorted((a, b) => b.at - a.at);

/** What probes from a zone saw of a port of TCP: where one connected that counts, else what the newest saw. */
export function sightOf(knowledge: Knowledge, zone: Zone, port: number): Sight | undefined {
  const probes = probesFrom(knowledge, zone);
  const connected = probes.find((probe) => probe.connected.includes(port));
  if (connected) return { saw: 'connected', probe: connected };
  for (const probe of probes) {
    if (probe.refused.includes(port)) return { saw: 'refused', probe };
    if (probe.silent.includes(port)) return { saw: 'silent', probe };
  }
  return undefined;
}

const words = {
  connected: 'a connection was accepted',
  refused: 'the connection was refused',
  silent: 'there was no answer',
} as const;

export const sightText = ({ saw, probe: { vantage, address, at } }: Sight): string =>
  oneLine(`from ${vantage} to ${address} at ${new Date(at).toISOString()}: ${words[saw]}`, 250);

/** What the configuration of a host says of a port; `unknown` where it cannot tell. */
export type PortState = 'open' | 'conditional' | 'closed' | 'unknown';

/**
 * What a probe says about a state. A connection proves that a port can be reached, and refutes that it is closed. One that
 * failed proves nothing about a whole zone: other sources of it may be let in.
 */
export type Judgement = 'CONFIRMED' | 'NOT_CONFIRMED' | 'REFUTED';

export const judgementOf = ({ saw }: Sight, state: PortState): Judgement =>
  saw !== 'connected' ? 'NOT_CONFIRMED' : state === 'closed' ? 'REFUTED' : 'CONFIRMED';

/**
 * Verdicts of a zone with what connections from it reached. `stateOf` is what the configuration says of a TCP port. No
 * finding is taken away.
 */
export function seenFromOutside(
  knowledge: Knowledge,
  zone: Zone,
  verdicts: readonly Verdict[],
  listeners: readonly Listener[] | undefined,
  stateOf: (port: number) => PortState,
): Verdict[] {
  const probes = probesFrom(knowledge, zone);
  if (probes.length === 0) return [...verdicts];
  const tried = [...new Set(probes.flatMap((probe) => [...probe.connected, ...probe.refused, ...probe.silent]))];
  const byRule = new Map(tried.map((port) => [portRule(zone, 'tcp', port), port]));
  const found = new Set(verdicts.flatMap(({ ruleId, outcome }) => (outcome === 'FINDING' ? [ruleId] : [])));
  const told = verdicts.map((verdict) => {
    const port = byRule.get(verdict.ruleId);
    const sight = port === undefined ? undefined : sightOf(knowledge, zone, port);
    if (sight && verdict.outcome === 'FINDING') return marked(verdict, sight);
    return verdict.outcome === 'PASSED'
      ? { ...verdict, observations: [...verdict.observations, ...probes.map(summary)] }
      : verdict;
  });
  const surprising = tried
    .toSorted((a, b) => a - b)
    .flatMap((port) => {
      const sight = sightOf(knowledge, zone, port);
      return sight?.saw === 'connected' && !found.has(portRule(zone, 'tcp', port)) ? [{ port, sight }] : [];
    });
  return [
    ...told,
    ...surprising.map(({ port, sight }) => surprise({ zone, port, sight, listeners, state: stateOf(port) })),
  ];
}

const summary = ({ vantage, address, at, connected, refused, silent }: Probe): Observation => ({
  source: oneLine(`probe from ${vantage}`, 100),
  observed: `${address} at ${new Date(at).toISOString()}: of ${connected.length + refused.length + silent.length} TCP ports ${connected.length} accepted a connection, ${refused.length} refused it, ${silent.length} gave no answer`,
});

function marked(verdict: Verdict & { readonly outcome: 'FINDING' }, sight: Sight): Verdict {
  const { finding, observations } = verdict;
  const value = (key: string): string | undefined => finding.attributes.find((each) => each.key === key)?.value;
  const judgement = judgementOf(sight, value('VERDICT') === 'conditional' ? 'conditional' : 'open');
  const listens = value('RULE_TYPE')?.endsWith('WithListener') === true;
  const said =
    judgement === 'CONFIRMED'
      ? `A probe confirms it ${sightText(sight)}.`
      : `A probe does not confirm it ${sightText(sight)}. ${failureText(sight, listens)}`;
  return {
    ...verdict,
    observations: [...observations, { source: 'probe', observed: sightText(sight) }],
    finding: {
      ...finding,
      description: oneLine(`${finding.description} ${said}`, 8000),
      attributes: [...finding.attributes, ...probeAttributes(judgement, sight)],
    },
  };
}

const failureText = ({ saw }: Sight, listens: boolean): string =>
  saw === 'refused' && !listens
    ? 'A host refuses connections where nothing listens; a device in front of it may refuse them, too.'
    : "The rules may let in other sources than the probe's, something in front of the host may stop the connection, or the configuration was another at that time.";

const probeAttributes = (judgement: Judgement, { probe: { vantage } }: Sight) => [
  { key: 'PROBE', value: judgement },
  { key: 'PROBED_FROM', value: oneLine(vantage, 60) },
];

const surpriseText: Readonly<Record<PortState, string>> = {
  open: 'The configuration of the host lets the connection in.',
  conditional: 'The configuration of the host lets the connection in under conditions, which held.',
  closed:
    'The configuration of the host says that it is closed: a device in front of it may forward the port, or the configuration was another at that time.',
  unknown: 'The configuration of the host does not tell which rule lets the connection in.',
};

/** A port that took a connection, and that the configuration gives no finding for. */
function surprise(of: {
  readonly zone: Zone;
  readonly port: number;
  readonly sight: Sight;
  readonly listeners: readonly Listener[] | undefined;
  readonly state: PortState;
}): Verdict {
  const { zone, port, sight, listeners, state } = of;
  const listener = listeners?.find((each) => each.protocol === 'TCP' && each.port === port);
  const service = serviceOf('tcp', port);
  const type = !service
    ? 'UnrecognizedPortWithListener'
    : listener
      ? 'RecognizedPortWithListener'
      : 'RecognizedPortNoAgent';
  const associated = service ? ` which is associated with '${service}'` : '';
  const head = `On instance ${INSTANCE}, TCP port ${port}${associated} is reachable from ${fromText(zone)}`;
  const why = listeners
    ? surpriseText[state]
    : 'Install the agent on this host and run the assessment again to see which process listens on the port and which rule lets the connection in.';
  return {
    ruleId: portRule(zone, 'tcp', port),
    outcome: 'FINDING',
    observations: [{ source: 'probe', observed: sightText(sight) }],
    finding: {
      title: head,
      description: oneLine(
        `${head}${listener ? listening(type, listener, false) : '.'} A probe connected ${sightText(sight)}. ${why}`,
        8000,
      ),
      recommendation: `If ${fromText(zone)} should not have access on port ${port}, find what lets the connection in (a device in front of the host, a firewall, a load balancer) and close it there, or stop the service.`,
      severity: severityOf(type, zone.routeType, service),
      attributes: [
        ...attributesOf({
          REACHABILITY_TYPE: zone.routeType,
          RULE_TYPE: type,
          PROTOCOL: 'TCP',
          PORT: String(port),
          PORT_GROUP_NAME: service,
        }),
        { key: 'VERDICT', value: state },
        ...probeAttributes(judgementOf(sight, state), sight),
      ],
    },
  };
}
