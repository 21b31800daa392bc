import { Client } from 'pg';
import { settingsOf } from './postgres.ts';
import type { Presence } from './presence.ts';

/** Names our advisory lock among those that other programs may take in the same database: "assay" in ASCII. */
const KEY = '0x6173736179';

/**
 * A session that shares an advisory lock with those of other servers. Whoever can have it alone for a moment is alone;
 * the database lets go of it when the connection ends.
 */
export function createPostgresPresence(url: string): Presence {
  let session: Client | undefined;
  let sharing = false;
  const forget = (): void => {
    session = undefined;
    sharing = false;
  };
  return {
    alone: async () => {
      if (!session) {
        const client = new Client(settingsOf(url));
        client.on('error', forget);
        client.on('end', forget);
        await client.connect();
        session = client;
      }
      const { rows } = await session.query<{ alone: boolean }>(`select pg_try_advisory_lock(${KEY}) as alone`);
      const alone = rows[0]?.alone === true;
      if (!sharing) await session.query(`select pg_advisory_lock_shared(${KEY})`);
      sharing = true;
      if (alone) await session.query(`select pg_advisory_unlock(${KEY})`);
      return alone;
    },
    release: async () => session?.end(),
  };
}
