import type { HostDescription } from '@assay/model/agent-protocol.ts';
import type { Agent } from '../../domain/agent.ts';
import type { HostLife } from '../../domain/host-life.ts';
import { UNHEALTHY_AFTER } from '../runs/agent-health.ts';

/** Who asks to speak for a host: what its description says. */
export type Claim = Pick<HostDescription, 'machineId' | 'bootId' | 'processId' | 'hostname'>;

/**
 * `SAME`: it speaks for the host already. `TAKEN`: from now on it does. `RETURNED`: it did, another process took over
 * meanwhile, and it is there still; so there are two, and the first stays. `REFUSED`: another speaks for the host.
 */
export type ClaimOutcome = 'SAME' | 'TAKEN' | 'RETURNED' | 'REFUSED';

export interface JudgedClaim {
  readonly outcome: ClaimOutcome;
  /** What changes with it. */
  readonly changes: Partial<HostLife>;
}

type Holder = Pick<Agent, 'status' | 'seenAt' | 'machine' | 'process' | 'formerProcess' | 'refusedProcess'>;

/** Whether whoever speaks for the host is there: it did not say goodbye, and was heard within its interval. */
export const isConnected = ({ status, seenAt }: Pick<Agent, 'status' | 'seenAt'>, now: number): boolean =>
  status !== 'SHUTDOWN' && now - seenAt <= UNHEALTHY_AFTER;

/**
 * Judges who may speak for a host. A process that starts anew takes over from the one before on the same machine, after a
 * reboot too: nothing tells it from a copy of the whole disk, machine id included, until the one before is heard again.
 * Another machine takes over only where nobody is connected. The first agents name neither machine nor process: among
 * themselves they cannot be told apart.
 */
export function judgeClaim(holder: Holder, claim: Claim, now: number): JudgedClaim {
  const process = claim.processId ?? null;
  const held = holder.process ?? null;
  if (process === held) return { outcome: 'SAME', changes: {} };
  const connected = isConnected(holder, now);
  const speaker = { process, machine: claim.machineId ?? null, boot: claim.bootId ?? null };
  if (!connected || held === null) {
    return { outcome: 'TAKEN', changes: { ...speaker, formerProcess: null, refusedProcess: null } };
  }
  const contested = { contestedAt: now, contestedBy: claim.hostname };
  if (process !== null && process === holder.formerProcess) {
    return { outcome: 'RETURNED', changes: { ...speaker, ...contested, formerProcess: null, refusedProcess: held } };
  }
  const elsewhere = speaker.machine !== (holder.machine ?? null);
  if (elsewhere || process === null || process === holder.refusedProcess) {
    return { outcome: 'REFUSED', changes: contested };
  }
  return { outcome: 'TAKEN', changes: { ...speaker, formerProcess: held } };
}
