import type { HostLife } from './host-life.ts';

/** A host with an agent. Times in milliseconds since the epoch. */
export interface Agent extends Partial<HostLife> {
  readonly id: string;
  /** Ed25519, SPKI DER. */
  readonly publicKey: Uint8Array;
  readonly hostname: string;
  readonly operatingSystem: string;
  readonly kernelVersion: string | null;
  readonly agentVersion: string;
  readonly ipv4Address: string | null;
  readonly privileged: boolean;
  readonly tags: readonly { readonly key: string; readonly value: string }[];
  /** What the agent said of itself last. */
  readonly status: 'IDLE' | 'RUNNING' | 'SHUTDOWN';
  readonly enrolledAt: number;
  readonly seenAt: number;
  /** The kinds of evidence that it says it collects; null where it does not say: see kindsOfFirstAgents. */
  readonly collects?: readonly string[] | null;
}
