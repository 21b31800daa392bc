export interface SnapshotDeps {
  /** Units of work that are done, and how many there are: pages of a file, or rows of a database. */
  readonly onProgress: (done: number, total: number) => void;
  readonly signal: AbortSignal;
}
