/** The services that the original recognizes by their ports (user guide); a port of two is the first one's. */
const services: readonly (readonly [name: string, tcp: readonly number[], udp: readonly number[]])[] = [
  ['SMB', [445], [445]],
  ['NetBIOS', [137, 139], [137, 138]],
  ['LDAP', [389], [389]],
  ['LDAP over TLS', [636], []],
  ['Global catalog LDAP', [3268], []],
  ['Global catalog LDAP over TLS', [3269], []],
  ['NFS', [111, 2049, 4045, 1110], [111, 2049, 4045, 1110]],
  ['Kerberos', [88, 464, 543, 544, 749, 751], [88, 464, 749, 750, 751, 752]],
  ['RPC', [111, 135, 530], [111, 135, 530]],
  ['WINS', [1512, 42], [1512, 42]],
  ['DHCP', [67, 68, 546, 547], [67, 68, 546, 547]],
  ['Syslog', [601], [514]],
  ['Print services', [515], []],
  ['Telnet', [23], [23]],
  ['FTP', [21], [21]],
  ['SSH', [22], [22]],
  ['RDP', [3389], [3389]],
  ['MongoDB', [27017, 27018, 27019, 28017], []],
  ['SQL Server', [1433], [1434]],
  ['MySQL', [3306], []],
  ['PostgreSQL', [5432], []],
  ['Oracle', [1521, 1630], []],
  ['Elasticsearch', [9300, 9200], []],
  ['HTTP', [80], [80]],
  ['HTTPS', [443], [443]],
];

const byPort = { tcp: new Map<number, string>(), udp: new Map<number, string>() };
for (const [name, tcp, udp] of services) {
  for (const port of tcp) if (!byPort.tcp.has(port)) byPort.tcp.set(port, name);
  for (const port of udp) if (!byPort.udp.has(port)) byPort.udp.set(port, name);
}

/** The service that the original associates a port with; undefined where it recognizes none. */
export const serviceOf = (protocol: 'tcp' | 'udp', port: number): string | undefined => byPort[protocol].get(port);
export const recognizedPorts = (protocol: 'tcp' | 'udp'): readonly number[] => [...byPort[protocol].keys()];
