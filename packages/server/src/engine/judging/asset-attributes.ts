import type { HostEvidence } from '@assay/model/evidence/kinds.ts';
import type { Agent } from '../../domain/agent.ts';

/** A finding's assetAttributes: who the host is. There is always at least one network interface, as clients expect. */
export function assetAttributes(
  agent: Pick<Agent, 'id' | 'hostname' | 'ipv4Address' | 'tags'>,
  evidence: HostEvidence,
) {
  const interfaces = (evidence.interfaces?.data?.interfaces ?? []).filter(({ loopback }) => !loopback);
  const networkInterfaces = interfaces
    .map(({ name, addresses }) => {
      const ipv4 = addresses.filter(({ family }) => family === 'IPv4').map(({ address }) => address);
      const ipv6 = addresses.filter(({ family }) => family === 'IPv6').map(({ address }) => address);
      return {
        networkInterfaceId: name,
        ...(ipv4[0] ? { privateIpAddress: ipv4[0] } : {}),
        privateIpAddresses: ipv4.map((privateIpAddress) => ({ privateIpAddress })),
        ipv6Addresses: ipv6,
        securityGroups: [],
      };
    })
    .slice(0, 50);
  const known = networkInterfaces.flatMap(({ privateIpAddresses }) =>
    privateIpAddresses.map(({ privateIpAddress }) => privateIpAddress),
  );
  const ipv4Addresses = [...new Set(known.length > 0 ? known : agent.ipv4Address ? [agent.ipv4Address] : [])];
  return {
    schemaVersion: 1,
    agentId: agent.id,
    hostname: agent.hostname,
    ipv4Addresses: ipv4Addresses.slice(0, 50),
    tags: agent.tags,
    networkInterfaces:
      networkInterfaces.length > 0
        ? networkInterfaces
        : [{ privateIpAddresses: [], ipv6Addresses: [], securityGroups: [] }],
  };
}
