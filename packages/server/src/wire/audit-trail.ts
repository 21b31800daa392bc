import { createTokenBuckets, type Rate } from '../domain/token-buckets.ts';
import { type AuditedCall, auditRecord } from './audit-record.ts';

/** Where records go. */
export interface AuditSink {
  /** Takes records, without their line breaks; they are written when this returns, or kept until they can be. */
  readonly append: (...records: string[]) => void;
  /** False while records cannot be written. */
  readonly ready: () => boolean;
}

export interface AuditTrail {
  /**
   * `written` is called once the call's record is written, or kept until it can be, and where it gets none: only then may
   * the call be answered. Calls that end together have their records written together. Throws where no record can be made.
   */
  readonly record: (call: Omit<AuditedCall, 'at' | 'eventId' | 'leftOut'>, written: () => void) => void;
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
  /** Runs something after all that goes on without waiting for anything, such as other calls of this turn of the event loop. */
  readonly soon: (work: () => void) => void;
  readonly report: (message: string, error: unknown) => void;
}

/**
 * Calls that were refused before anything was looked at cost their sender nothing, so that they could fill the disk.
 * Of those, a hundred from one source at once and one a second get a record, which says how many others there were.
 */
const CHEAP: Rate = { perSecond: 1, burst: 100 };
/** Sources whose calls without a record are counted. */
const SOURCES = 10_000;

export function createAuditTrail({ sink, now, eventId, onLeftOut, soon, report }: AuditTrailDeps): AuditTrail {
  const cheap = createTokenBuckets(CHEAP, now, { capacity: SOURCES });
  const leftOut = new Map<string, number>();
  let records: string[] = [];
  let waiting: (() => void)[] = [];

  const write = (): void => {
    const [written, told] = [records, waiting];
    records = [];
    waiting = [];
    // The calls are done and must be answered as they went; nobody above would hear of an error here.
    try {
      sink.append(...written);
    } catch (error) {
      report('Calls have no audit record', error);
    }
    for (const tell of told) {
      try {
        tell();
      } catch (error) {
        report('A call that is done could not be answered', error);
      }
    }
  };

  return {
    ready: sink.ready,
    record: (call, written) => {
      const source = cheapSource(call);
      if (source !== undefined && !cheap.take(source)) {
        if (leftOut.size >= SOURCES && !leftOut.has(source)) leftOut.clear();
        leftOut.set(source, (leftOut.get(source) ?? 0) + 1);
        onLeftOut();
        return written();
      }
      const others = source === undefined ? 0 : (leftOut.get(source) ?? 0);
      if (others > 0 && source !== undefined) leftOut.delete(source);
      records.push(auditRecord({ ...call, at: now(), eventId: eventId(), leftOut: others }));
      waiting.push(written);
      if (records.length === 1) soon(write);
    },
  };
}

/** Whose bucket a call counts against: the address of one that was not authenticated, the key of one that was throttled. */
function cheapSource({ identity, origin, error }: Omit<AuditedCall, 'at' | 'eventId' | 'leftOut'>): string | undefined {
  if (!identity.proved) return `address ${origin.address}`;
  return error?.type === 'ThrottlingException' ? `key ${identity.accessKeyId}` : undefined;
}
