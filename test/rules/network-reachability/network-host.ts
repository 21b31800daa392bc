import type { EvidenceData, HostEvidence } from '@assay/model/evidence/kinds.ts';
import { host } from '../security-best-practices/hosts.ts';

export type NetworkEvidence = {
  readonly nftables?: string | readonly object[];
  readonly iptables?: EvidenceData<'firewall'>['iptables'];
  readonly listeners?: EvidenceData<'listeners'>['listeners'];
  readonly address?: string;
  /** Addresses of `eth0` beside that one. */
  readonly more?: EvidenceData<'interfaces'>['interfaces'][number]['addresses'];
  readonly sysctls?: EvidenceData<'sysctls'>['sysctls'];
};

const osRelease: EvidenceData<'osRelease'> = {
  id: 'debian',
  idLike: [],
  versionId: '12',
  prettyName: 'Debian GNU/Linux 12 (bookworm)',
  hostname: 'web',
  architecture: 'x86_64',
};

/** A host with one address on `eth0`, the device of its default route. */
export const networkHost = ({
  nftables = [],
  iptables = [],
  listeners = [],
  address = '198.18.0.10',
  more = [],
  sysctls = [],
}: NetworkEvidence = {}): HostEvidence =>
  host({
    osRelease,
    interfaces: {
      interfaces: [
        {
          name: 'eth0',
          index: 2,
          group: 0,
          loopback: false,
          up: true,
          addresses: [{ family: 'IPv4', address, prefixLength: 24 }, ...more],
        },
      ],
    },
    routes: {
      routes: [
        {
          family: 'IPv4',
          type: 'unicast',
          destination: 'default',
          table: 'main',
          gateway: '198.18.0.1',
          device: 'eth0',
        },
        { family: 'IPv4', type: 'unicast', destination: '198.18.0.0/24', table: 'main', device: 'eth0' },
      ],
      rules: [],
    },
    sysctls: { sysctls },
    listeners: { listeners },
    firewall: { nftables: typeof nftables === 'string' ? nftables : JSON.stringify({ nftables }), iptables },
  });

export const listening = (port: number, address = '0.0.0.0', more: object = {}) => ({
  protocol: 'TCP' as const,
  family: address.includes(':') ? ('IPv6' as const) : ('IPv4' as const),
  address,
  port,
  ...more,
});
