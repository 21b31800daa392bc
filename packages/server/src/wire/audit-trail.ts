import { type AuditedCall, auditRecord } from './audit-record.ts';
import { createTokenBuckets, type Rate } from './token-buckets.ts';

/** Where records go. */
export interface AuditSink {
  /** Takes one record, without its line break; it is written when this returns, or kept until it can be. */
  readonly append: (record: string) => void;
  /** False while records cannot be written. */
  readonly ready: () => boolean;
}

export interface AuditTrail {
  readonly record: (call: Omit<AuditedCall, 'at' | 'eventId' | 'leftOut'>) => void;
  /** False while records cannot be written: nothing may be changed then, for it would not be on the trail. */
  readonly ready: () => boolean;
}

export interface AuditTrailDeps {
  readonly sink: AuditSink;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly eventId: () => string;
  /** Told of a call that gets no record of its own. */
  readonly onLeftOut: () => void;
}

/**
 * Calls that were refused before anything was looked at cost their sender nothing, so that they could fill the disk.
 * Of those, a hundred from one source at once and one a second get a record, which says how many others there were.
 */
const CHEAP: Rate = { perSecond: 1, burst: 100 };
/** Sources whose calls without a record are counted. */
const SOURCES = 10_000;

export function createAuditTrail({ sink, now, eventId, onLeftOut }: AuditTrailDeps): AuditTrail {
  const cheap = createTokenBuckets(CHEAP, now, { capacity: SOURCES });
  const leftOut = new Map<string, number>();

  return {
    ready: sink.ready,
    record: (call) => {
      const source = cheapSource(call);
      if (source !== undefined && !cheap.take(source)) {
        if (leftOut.size >= SOURCES && !leftOut.has(source)) leftOut.clear();
        leftOut.set(source, (leftOut.get(source) ?? 0) + 1);
        return onLeftOut();
      }
      const others = source === undefined ? 0 : (leftOut.get(source) ?? 0);
      if (others > 0 && source !== undefined) leftOut.delete(source);
      sink.append(auditRecord({ ...call, at: now(), eventId: eventId(), leftOut: others }));
    },
  };
}

/** Whose bucket a call counts against: the address of one that was not authenticated, the key of one that was throttled. */
function cheapSource({ identity, origin, error }: Omit<AuditedCall, 'at' | 'eventId' | 'leftOut'>): string | undefined {
  if (!identity.proved) return `address ${origin.address}`;
  return error?.type === 'ThrottlingException' ? `key ${identity.accessKeyId}` : undefined;
}
