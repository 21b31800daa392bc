import { type RawBuilder, sql } from 'kysely';
import type { FixedTag, HostLife } from '../../domain/host-life.ts';
import type { Database } from '../database/schema.ts';

interface Tag {
  readonly key: string;
  readonly value: string;
}

const lifeColumns = {
  machine: 'machine',
  boot: 'boot',
  process: 'process',
  visitEvery: 'visit_every',
  formerBoot: 'former_boot',
  refusedBoot: 'refused_boot',
  formerProcess: 'former_process',
  refusedProcess: 'refused_process',
  claimedAt: 'claimed_at',
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
  visitEvery: row.visit_every,
  formerBoot: row.former_boot,
  refusedBoot: row.refused_boot,
  formerProcess: row.former_process,
  refusedProcess: row.refused_process,
  claimedAt: row.claimed_at,
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

/** A time of an agent's, put off by as long as the agent stays away between visits. */
export const dueAfter = (column: 'seen_at' | 'contested_at'): RawBuilder<number> =>
  sql`${sql.ref(`agents.${column}`)} + coalesce(agents.visit_every, 0)`;
