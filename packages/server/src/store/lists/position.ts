/** Where a page of a list ended: lists are ordered by creation time and id, newest first. */
export interface Position {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly id: string;
}
