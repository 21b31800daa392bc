import { networkInterfaces } from 'node:os';
import type { HostDescription } from '@assay/model/agent-protocol.ts';
import { readHostname, readKernelRelease } from './collect/identity.ts';
import { collectOsRelease } from './collect/os-release.ts';
import { collectedKinds } from './collect.ts';
import { bounded, startCollection } from './collection.ts';
import { describeMachine } from './describe-machine.ts';
import type { Host } from './host.ts';

/** How the agent presents its host when it enrols and with every heartbeat. Never rejects for what the host is like. */
export async function describeHost(
  host: Host,
  {
    tags,
    agentVersion,
    processId,
    visitEverySeconds,
  }: Pick<HostDescription, 'tags' | 'agentVersion' | 'processId' | 'visitEverySeconds'>,
): Promise<HostDescription> {
  const collection = startCollection(host);
  const os = await collectOsRelease(collection);
  const kernelVersion = await readKernelRelease(collection);
  const ipv4Address = host.root === '/' ? firstIpv4Address() : undefined;
  return {
    hostname: os?.hostname ?? (await readHostname(collection)),
    operatingSystem: os?.prettyName ?? (os ? [os.id, os.versionId].filter(Boolean).join(' ') : 'unknown'),
    ...(kernelVersion === undefined ? {} : { kernelVersion: bounded(kernelVersion, 128) }),
    agentVersion,
    ...(ipv4Address === undefined ? {} : { ipv4Address }),
    privileged: process.geteuid?.() === 0,
    tags,
    collects: collectedKinds,
    ...(await describeMachine(host)),
    ...(processId === undefined ? {} : { processId }),
    ...(visitEverySeconds === undefined ? {} : { visitEverySeconds }),
  };
}

/** The first that others can reach, else none: a loopback address identifies nobody. */
const firstIpv4Address = (): string | undefined =>
  Object.values(networkInterfaces())
    .flatMap((entries) => entries ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
