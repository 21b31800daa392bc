/** The run that a job is about. */
export interface JobTarget {
  /** scopes.id */
  readonly scope: number;
  readonly run: string;
}

/** What a job says when it returns: done, or when it wants to be taken up again (milliseconds since the epoch). */
export type JobOutcome = { readonly done: true } | { readonly done: false; readonly notBefore: number };
