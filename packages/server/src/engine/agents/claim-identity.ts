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

type Holder = Pick<
  Agent,
  | 'status'
  | 'hostname'
  | 'seenAt'
  | 'visitEvery'
  | 'machine'
  | 'boot'
  | 'process'
  | 'formerProcess'
  | 'refusedProcess'
  | 'formerBoot'
  | 'refusedBoot'
>;

/** Whether whoever speaks for the host is there, or comes again: it did not say goodbye, and was heard within its interval. */
export const isConnected = (
  { status, seenAt, visitEvery }: Pick<Agent, 'status' | 'seenAt' | 'visitEvery'>,
  now: number,
): boolean => status !== 'SHUTDOWN' && now - seenAt <= UNHEALTHY_AFTER + (visitEvery ?? 0);

const is = (id: string | null, other: string | null | undefined): boolean => id !== null && id === other;

/** Between two looks of a server for what others wrote that concerns the agents which wait there, in milliseconds. */
export const LOOK_EVERY = 2000;

/** In this time every server has looked, and the process that was taken over from has shown itself if it is alive. */
const SETTLES = 3 * LOOK_EVERY;

/**
 * Milliseconds until the process that speaks for a host may be asked for evidence: one that took over from another that
 * was there may be a copy of it, which shows as soon as the other is heard again. At whichever server that waits, it is
 * told to come at once.
 */
export function settlesIn({ claimedAt }: Pick<Agent, 'claimedAt'>, now: number): number {
  if (claimedAt == null) return 0;
  const since = now - claimedAt;
  // Further ahead than that, the clock was set back.
  return since < -SETTLES ? 0 : Math.max(0, SETTLES - since);
}

/**
 * Judges who may speak for a host. A process that starts anew takes over from the one before on the same machine, after a
 * reboot too: nothing tells it from a copy of the whole disk, machine id included, until the one before is heard again.
 * Of agents that come and go, which are new processes with each visit, the boot tells: no machine goes back to an earlier one.
 * Another machine takes over only where nobody is connected. The first agents name neither machine nor process: among
 * themselves they cannot be told apart. `healthAt`: see healthTime.
 */
export function judgeClaim(holder: Holder, claim: Claim, now: number, healthAt = now): JudgedClaim {
  const process = claim.processId ?? null;
  const held = holder.process ?? null;
  if (process === held) return { outcome: 'SAME', changes: {} };
  const connected = isConnected(holder, healthAt);
  const speaker = { process, machine: claim.machineId ?? null, boot: claim.bootId ?? null };
  const heldBoot = holder.boot ?? null;
  if (!connected || held === null) {
    const nobody = {
      ...{ formerProcess: null, refusedProcess: null, formerBoot: null, refusedBoot: null },
      claimedAt: null,
    };
    return { outcome: 'TAKEN', changes: { ...speaker, ...nobody } };
  }
  // Who comes and goes waits nowhere, and is not asked to show itself.
  const claimedAt = holder.visitEvery == null ? now : null;
  const otherBoot = speaker.boot !== heldBoot;
  if (is(process, holder.formerProcess) || (otherBoot && is(speaker.boot, holder.formerBoot))) {
    const refused = { refusedProcess: held, refusedBoot: otherBoot ? heldBoot : null };
    return {
      outcome: 'RETURNED',
      changes: {
        ...{ ...speaker, contestedAt: now, contestedBy: holder.hostname, claimedAt },
        ...{ formerProcess: null, formerBoot: null, ...refused },
      },
    };
  }
  const elsewhere = speaker.machine !== (holder.machine ?? null);
  const refused = is(process, holder.refusedProcess) || is(speaker.boot, holder.refusedBoot);
  if (elsewhere || process === null || refused) {
    return { outcome: 'REFUSED', changes: { contestedAt: now, contestedBy: claim.hostname } };
  }
  return {
    outcome: 'TAKEN',
    changes: { ...speaker, claimedAt, formerProcess: held, ...(otherBoot && { formerBoot: heldBoot }) },
  };
}
