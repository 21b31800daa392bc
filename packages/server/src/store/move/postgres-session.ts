import { Client } from 'pg';
import { settingsOf } from '../database/postgres.ts';

/** A session whose statements may take as long as tables are large. */
export async function connect(url: string): Promise<Client> {
  const client = new Client({ ...settingsOf(url), statement_timeout: 0, idle_in_transaction_session_timeout: 0 });
  // The statement that is under way fails of what happens to its connection, and so does the next one.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** Runs `work` in a transaction. */
export async function within(client: Client, work: () => Promise<void>): Promise<void> {
  await client.query('begin');
  try {
    await work();
    await client.query('commit');
  } catch (error) {
    // A connection that is gone took the transaction with it.
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}

/** What tells a session from all others: the number of its process alone is used again. */
export interface Session {
  readonly pid: number;
  readonly since: string;
}

export const SESSION = `select pid, backend_start::text as since from pg_stat_activity where pid = pg_backend_pid()`;
