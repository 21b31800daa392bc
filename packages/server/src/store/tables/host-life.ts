import type { Database } from '../database/schema.ts';

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
  /** The process that this one took over from while it was there, and one that must not come back meanwhile. */
  readonly formerProcess: string | null;
  readonly refusedProcess: string | null;
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

const lifeColumns = {
  machine: 'machine',
  boot: 'boot',
  process: 'process',
  formerProcess: 'former_process',
  refusedProcess: 'refused_process',
  contestedAt: 'contested_at',
  contestedBy: 'contested_by',
  clockSkew: 'clock_skew',
  clockSkewAt: 'clock_skew_at',
  saidTags: 'said_tags',
  fixedTags: 'fixed_tags',
  removedAt: 'removed_at',
  forgottenAt: 'forgotten_at',
  enrolledWith: 'enrolled_with',
} as const satisfies Record<keyof HostLife, keyof Database['agents']>;

export type LifeRow = Pick<Database['agents'], (typeof lifeColumns)[keyof HostLife]>;

/** The columns of what is given. */
export const encodeLife = (life: Partial<HostLife>): Partial<LifeRow> =>
  Object.fromEntries(
    Object.entries(lifeColumns).flatMap(([name, column]) => {
      const value = life[name as keyof HostLife];
      if (value === undefined) return [];
      return [[column, Array.isArray(value) ? JSON.stringify(value) : value]];
    }),
  );

export const decodeLife = (row: LifeRow): HostLife => ({
  machine: row.machine,
  boot: row.boot,
  process: row.process,
  formerProcess: row.former_process,
  refusedProcess: row.refused_process,
  contestedAt: row.contested_at,
  contestedBy: row.contested_by,
  clockSkew: row.clock_skew,
  clockSkewAt: row.clock_skew_at,
  saidTags: row.said_tags === null ? null : (JSON.parse(row.said_tags) as Tag[]),
  fixedTags: row.fixed_tags === null ? null : (JSON.parse(row.fixed_tags) as FixedTag[]),
  removedAt: row.removed_at,
  forgottenAt: row.forgotten_at,
  enrolledWith: row.enrolled_with,
});
