import type { WireFinding } from './assessment.ts';

/** A line of the short table: one finding, or several that say the same of different ports. */
export interface FindingLine
  extends Pick<WireFinding, 'id' | 'severity' | 'title' | 'description' | 'recommendation'>,
    Partial<Pick<WireFinding, 'attributes'>> {
  /** How many findings the line stands for. */
  readonly count: number;
}

/** Ports that a line names; the rest are counted. */
const NAMED = 12;

/**
 * One line for each finding, except that the ports of one route that no process listens on share a line. A host
 * without a firewall has a hundred of them, which would push out what is more urgent. The line stands where the first
 * of them stood.
 */
export function closedPortsTogether(findings: readonly WireFinding[]): readonly FindingLine[] {
  const groups = Map.groupBy(findings, (finding) => groupOf(finding) ?? finding);
  return [...groups.values()].map((members): FindingLine => {
    const byPort = members.toSorted((a, b) => portOf(a).localeCompare(portOf(b), 'en', { numeric: true }));
    const [first, second] = byPort;
    if (first === undefined || second === undefined) return { ...first, count: members.length };
    const ports = byPort.map(portOf);
    const more = ports.length > NAMED ? ` and ${ports.length - NAMED} more` : '';
    const route = / is reachable from (.+)$/.exec(first.title ?? '')?.[1] ?? attribute(first, 'REACHABILITY_TYPE');
    return {
      severity: first.severity,
      id: `Recognized ports reachable from ${route}, with no listener`,
      title: first.title,
      description: `${ports.length} ports are reachable from ${route} with no process listening: ${ports.slice(0, NAMED).join(', ')}${more}.`,
      recommendation: `Drop incoming traffic by default, and accept only the ports that must be reachable from ${route}. Each finding names the rule to change, for example for ${ports[0]}: ${first.recommendation}`,
      count: members.length,
    };
  });
}

/** What a finding shares with those on its line; undefined for one that has a line of its own. */
const groupOf = (finding: WireFinding): string | undefined =>
  attribute(finding, 'RULE_TYPE') === 'RecognizedPortNoListener'
    ? [finding.severity, attribute(finding, 'REACHABILITY_TYPE'), finding.assetAttributes?.agentId].join(' ')
    : undefined;

const portOf = (finding: WireFinding): string => `${attribute(finding, 'PROTOCOL')} ${attribute(finding, 'PORT')}`;

const attribute = (finding: WireFinding, name: string): string | undefined =>
  finding.attributes.find(({ key }) => key === name)?.value;
