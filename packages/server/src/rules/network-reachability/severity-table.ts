import type { Severity } from '../../domain/rules-package.ts';
import type { Zone } from '../../domain/zones.ts';

export type FindingType =
  | 'RecognizedPortWithListener'
  | 'RecognizedPortNoListener'
  | 'RecognizedPortNoAgent'
  | 'UnrecognizedPortWithListener'
  | 'NetworkExposure';

interface Cell {
  readonly severity: Severity;
  /** Seen in the original's own findings or documentation; otherwise decided here, by the services next to it. */
  readonly evidenced: boolean;
}

const evidenced = (severity: Severity): Cell => ({ severity, evidenced: true });
const decided = (severity: Severity): Cell => ({ severity, evidenced: false });

type Row = Readonly<Record<'RecognizedPortWithListener' | 'RecognizedPortNoListener' | 'RecognizedPortNoAgent', Cell>>;
const row = (withListener: Cell, noListener: Cell, noAgent: Cell): Row => ({
  RecognizedPortWithListener: withListener,
  RecognizedPortNoListener: noListener,
  RecognizedPortNoAgent: noAgent,
});
const high = row(decided('High'), decided('Medium'), decided('High'));
const medium = row(decided('Medium'), decided('Low'), decided('Medium'));

/** From the Internet, by service. */
const internetSeverities: Readonly<Record<string, Row>> = {
  Telnet: row(evidenced('High'), decided('Medium'), decided('High')),
  FTP: high,
  RDP: high,
  SMB: high,
  NetBIOS: high,
  RPC: high,
  NFS: high,
  SSH: row(evidenced('Medium'), decided('Low'), evidenced('Medium')),
  PostgreSQL: row(decided('Medium'), decided('Low'), evidenced('Medium')),
  LDAP: medium,
  'LDAP over TLS': medium,
  'Global catalog LDAP': medium,
  'Global catalog LDAP over TLS': medium,
  Kerberos: medium,
  WINS: medium,
  DHCP: medium,
  Syslog: medium,
  'Print services': medium,
  'SQL Server': medium,
  MySQL: medium,
  Oracle: medium,
  Elasticsearch: medium,
  MongoDB: medium,
  HTTP: row(evidenced('Low'), decided('Informational'), decided('Low')),
  HTTPS: row(evidenced('Low'), decided('Informational'), decided('Low')),
};

const lower: Readonly<Record<Severity, Severity>> = {
  High: 'Medium',
  Medium: 'Low',
  Low: 'Informational',
  Informational: 'Informational',
  Undefined: 'Undefined',
};

/** Routes other than the Internet count one step less; that is decided here. */
export function severityOf(type: FindingType, routeType: Zone['routeType'], service: string | undefined): Severity {
  if (type === 'NetworkExposure') return 'Informational';
  if (type === 'UnrecognizedPortWithListener') return 'Low';
  const cell = internetSeverities[service ?? '']?.[type] ?? decided('Low');
  return routeType === 'Internet' ? cell.severity : lower[cell.severity];
}
