import type { Attribute } from '../../domain/rules-package.ts';
import type { Zone } from '../../domain/zones.ts';
import type { FindingType } from './severity-table.ts';

/**
 * The words and attributes of the original's findings. `evidenced`: seen in one of its findings or in its documentation (a
 * finding of RecognizedPortNoAgent from the Internet in Security Hub's format is the fullest); otherwise decided here, by
 * what stands next to it.
 */
interface Words {
  readonly text: string;
  readonly evidenced: boolean;
}
type RouteType = Zone['routeType'];

/** Where traffic comes from, as titles say it. */
export const routeWords: Readonly<Record<RouteType, Words>> = {
  Internet: { text: 'the internet', evidenced: true },
  PeeredVPC: { text: 'a Peered VPC', evidenced: true },
  VGW: { text: 'a Virtual Private Gateway', evidenced: false },
};

/** What a host has in place of what a cloud has: the values of attributes. */
export interface AttributeValues {
  /** The network of the address that is reached: of a cloud the virtual network. */
  readonly VPC?: string | undefined;
  /** The interface that traffic arrives by. */
  readonly ENI?: string | undefined;
  /** The base chain that decides, with its policy: what applies to all that arrives. */
  readonly ACL?: string | undefined;
  /** The rule that lets the traffic in, by its table, chain and place. */
  readonly SECURITY_GROUP?: string | undefined;
  /** The gateway of the default route by which the traffic comes; its key is by the type of the route. */
  readonly IGW?: string | undefined;
  readonly VPC_PEERING_CONNECTION?: string | undefined;
  readonly VGW?: string | undefined;
  readonly REACHABILITY_TYPE: RouteType;
  readonly RULE_TYPE: FindingType;
  readonly PROTOCOL?: string | undefined;
  readonly PORT?: string | undefined;
  readonly PORT_GROUP_NAME?: string | undefined;
  readonly TCP_PORTS?: string | undefined;
  readonly UDP_PORTS?: string | undefined;
}

type Cell = 'evidenced' | 'decided' | 'absent';
type Row = Readonly<Record<FindingType, Cell>>;

const row = (noAgent: Cell, others: Cell, unrecognized: Cell, exposure: Cell): Row => ({
  RecognizedPortWithListener: others,
  RecognizedPortNoListener: others,
  RecognizedPortNoAgent: noAgent,
  UnrecognizedPortWithListener: unrecognized,
  NetworkExposure: exposure,
});
const ofPorts = row('evidenced', 'decided', 'decided', 'absent');
const ofAll = row('evidenced', 'decided', 'decided', 'decided');

/** Which findings have which attributes, in the order that findings list them. */
export const attributeTable: Readonly<Record<keyof AttributeValues, Row>> = {
  VPC: ofAll,
  ENI: ofAll,
  ACL: ofPorts,
  SECURITY_GROUP: ofPorts,
  IGW: ofPorts,
  VPC_PEERING_CONNECTION: row('decided', 'decided', 'decided', 'absent'),
  VGW: row('decided', 'decided', 'decided', 'absent'),
  REACHABILITY_TYPE: ofAll,
  RULE_TYPE: ofAll,
  PROTOCOL: ofPorts,
  PORT: ofPorts,
  PORT_GROUP_NAME: row('evidenced', 'decided', 'absent', 'absent'),
  TCP_PORTS: row('absent', 'absent', 'absent', 'evidenced'),
  UDP_PORTS: row('absent', 'absent', 'absent', 'evidenced'),
};

/** Which attribute names the way that a route of each type takes. */
export const gatewayKey = {
  Internet: 'IGW',
  PeeredVPC: 'VPC_PEERING_CONNECTION',
  VGW: 'VGW',
} as const satisfies Readonly<Record<RouteType, keyof AttributeValues>>;

/** The attributes of a finding: those that its type has, and that there is a value of. */
export function attributesOf(values: AttributeValues): Attribute[] {
  const { RULE_TYPE: type } = values;
  return Object.entries(attributeTable).flatMap(([key, cells]) => {
    const value = values[key as keyof AttributeValues];
    return value === undefined || cells[type] === 'absent' ? [] : [{ key, value }];
  });
}
