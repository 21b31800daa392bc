import type { Agent } from '../../../packages/server/src/domain/agent.ts';

/** An agent whose evidence is given from elsewhere. */
export const agentOf = (id: string, hostname = 'web-1'): Agent => ({
  id,
  publicKey: new Uint8Array(),
  hostname,
  operatingSystem: 'Linux',
  kernelVersion: null,
  agentVersion: '0.1.0',
  ipv4Address: '10.0.0.7',
  privileged: true,
  tags: [],
  status: 'IDLE',
  enrolledAt: 0,
  seenAt: 0,
});
