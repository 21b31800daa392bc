interface Tag {
  readonly key: string;
  readonly value: string;
}

/** A tag that an operator fixed; null hides the host's own of this key. */
export interface FixedTag {
  readonly key: string;
  readonly value: string | null;
}

/** What happens to a host beside what its agent says of it with each heartbeat. Times in milliseconds since the epoch. */
export interface HostLife {
  /** The machine, the boot of it and the process of the agent that speak for the host; null where it does not say. */
  readonly machine: string | null;
  readonly boot: string | null;
  readonly process: string | null;
  /** Of an agent that comes and goes: the longest time between two visits, in milliseconds. Null: it stays. */
  readonly visitEvery: number | null;
  /** The boot before this one: no machine goes back to it. And one that must not come back meanwhile. */
  readonly formerBoot: string | null;
  readonly refusedBoot: string | null;
  /** The process that this one took over from while it was there, and one that must not come back meanwhile. */
  readonly formerProcess: string | null;
  readonly refusedProcess: string | null;
  /** When the process took over from one that was there and stays; null where nobody was. */
  readonly claimedAt: number | null;
  /** When a second machine was last seen under this identity, and its hostname. */
  readonly contestedAt: number | null;
  readonly contestedBy: string | null;
  /** Milliseconds that the host's clock is ahead of the server's, and when that was seen; null where it is right. */
  readonly clockSkew: number | null;
  readonly clockSkewAt: number | null;
  /** The tags that the host gave itself last; null where `tags` are the same. */
  readonly saidTags: readonly Tag[] | null;
  readonly fixedTags: readonly FixedTag[] | null;
  readonly removedAt: number | null;
  /** When it left its targets by being silent; null again as soon as it is heard. */
  readonly forgottenAt: number | null;
  /** The digest of the token that it enrolled with. */
  readonly enrolledWith: string | null;
}
