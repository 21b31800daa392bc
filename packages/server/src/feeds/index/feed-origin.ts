/** The feed that something came from, as it is recorded with every run. */
export interface FeedOrigin {
  readonly name: string;
  readonly kind: string;
  /** When its publisher last had it so, milliseconds since the epoch. */
  readonly updatedAt: number;
  /** SHA-256 of what was read, hexadecimal. */
  readonly digest: string;
  readonly records: number;
}
