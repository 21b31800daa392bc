import type { Tables } from '../../store/store.ts';
import type { LeasedJob } from '../../store/tables/jobs.ts';

/** What a job is about: a run, a preview, a template …; both empty for upkeep of the whole store. */
export interface JobTarget {
  /** scopes.id */
  readonly scope: number;
  /** The id of a run, the token of a preview: whatever its kind works on. */
  readonly subject: string;
}

/** A job is done when it returns, or asks to be taken up again at a time (milliseconds since the epoch). */
export type JobOutcome = { readonly done: true } | { readonly done: false; readonly notBefore: number };

/** Jobs that share their workers. Those of one lane never wait for those of another. */
export interface Lane {
  readonly name: string;
  /** Jobs of this lane at work at once in one server. */
  readonly width: number;
}

/** A kind of job says all that the loop needs to know of it; the loop names none. */
export interface JobKind {
  /** As rows name it. */
  readonly kind: string;
  readonly lane: Lane;
  /** Whether every server asks for it at its start: work that is about no run and never done. */
  readonly upkeep?: true;
  /** `stop` aborts when the server ends: work that is long and can be left is given back then. */
  readonly run: (target: JobTarget, stop: AbortSignal) => Promise<JobOutcome>;
  /** What follows from the last of too many failures, in the transaction that takes the job up. */
  readonly giveUp: (tables: Tables, job: LeasedJob, now: number) => Promise<JobOutcome>;
}
