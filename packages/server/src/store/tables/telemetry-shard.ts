import type { TelemetryMessages } from '../../domain/telemetry.ts';

/** A part of a run's sums. */
export interface TelemetryRow extends TelemetryMessages {
  readonly scope: number;
  readonly run: string;
  readonly shard: number;
}

/** Which of the 16 parts of its run's sums an agent's documents count in: servers that receive at once seldom meet. */
export const telemetryShard = (agent: string): number => agent.charCodeAt(agent.length - 1) % 16;
