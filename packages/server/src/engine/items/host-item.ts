import type { Scope } from '@assay/model/arn.ts';
import { assayArn } from '@assay/model/assay/arn.ts';
import type { Host } from '@assay/model/assay/structures.ts';
import type { Static } from '@assay/model/shape.ts';
import type { Agent } from '../../domain/agent.ts';
import { agentHealth } from '../runs/agent-health.ts';

/** A host as the Assay API describes it. `now` is in milliseconds since the epoch. */
export function hostItem(scope: Scope, agent: Agent, now: number): Static<typeof Host> {
  const { health, code, detail } = agentHealth(agent, now);
  return {
    hostArn: assayArn(scope, 'host', agent.id),
    agentId: agent.id,
    hostname: agent.hostname,
    operatingSystem: agent.operatingSystem,
    ...(agent.kernelVersion === null ? {} : { kernelVersion: agent.kernelVersion }),
    agentVersion: agent.agentVersion,
    ...(agent.ipv4Address === null ? {} : { ipv4Address: agent.ipv4Address }),
    privileged: agent.privileged,
    tags: [...agent.tags],
    health,
    healthCode: code,
    healthDetails: detail,
    enrolledAt: agent.enrolledAt / 1000,
    lastHeardAt: agent.seenAt / 1000,
    ...(agent.visitEvery == null ? {} : { visitEverySeconds: agent.visitEvery / 1000 }),
    ...(agent.fixedTags?.length
      ? { fixedTags: agent.fixedTags.map(({ key, value }) => (value === null ? { key } : { key, value })) }
      : {}),
    ...(agent.removedAt == null ? {} : { removedAt: agent.removedAt / 1000 }),
  };
}
