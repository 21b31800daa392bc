import { Client } from 'pg';
import { settingsOf } from './postgres.ts';
import type { Presence } from './presence.ts';

/**
 * Names our advisory lock among those that other programs may take in the same database: "assay" in ASCII. A number, so that
 * SQL gets it in decimal: PostgreSQL before 16 reads no other.
 */
export const PRESENCE_KEY = 0x6173736179;

/**
 * A session that shares an advisory lock with those of other servers. Whoever can have it alone for a moment is alone;
 * the database lets go of it when the connection ends.
 */
export function createPostgresPresence(url: string): Presence {
  let session: Client | undefined;
  let sharing = false;
  const connect = async (): Promise<Client> => {
    const client = new Client(settingsOf(url));
    const forget = (): void => {
      if (session !== client) return;
      session = undefined;
      sharing = false;
    };
    client.on('error', forget);
    client.on('end', forget);
    await client.connect();
    session = client;
    return client;
  };
  const share = async (client: Client): Promise<void> => {
    if (!sharing) await client.query(`select pg_advisory_lock_shared(${PRESENCE_KEY})`);
    sharing = session === client;
  };
  return {
    alone: async () => {
      const client = session ?? (await connect());
      const { rows } = await client.query<{ alone: boolean }>(`select pg_try_advisory_lock(${PRESENCE_KEY}) as alone`);
      const alone = rows[0]?.alone === true;
      await share(client);
      if (alone) await client.query(`select pg_advisory_unlock(${PRESENCE_KEY})`);
      return alone;
    },
    stay: async () => {
      if (!session || !sharing) await share(session ?? (await connect()));
    },
    release: async () => session?.end(),
  };
}
