/** A call on the audit trail. */
export interface TrailEvent {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly operation: string;
  readonly accessKeyId: string | undefined;
  readonly account: string | undefined;
  readonly address: string | undefined;
  readonly errorCode: string | undefined;
  readonly errorMessage: string | undefined;
  /** Calls like this one before it that have no record. */
  readonly leftOut: number;
  /** Its record in CloudTrail's format: JSON. */
  readonly text: string;
}

/** Where an event stands: its file, and its line there, from 1. */
export interface TrailPlace {
  /** YYYY-MM-DD. */
  readonly day: string;
  readonly part: number;
  readonly line: number;
}

/** Reads the audit trail, oldest first: the events after a place, or of a day and later. */
export type ReadTrail = (from: {
  readonly after?: TrailPlace | undefined;
  /** YYYY-MM-DD; files of days before it are not opened. */
  readonly since?: string | undefined;
  /** YYYY-MM-DD; files of days after it are not opened. */
  readonly until?: string | undefined;
}) => AsyncGenerator<{ readonly event: TrailEvent; readonly place: TrailPlace }>;
