import { startPostgresServer } from '../test/support/postgres/postgres-server.ts';

/** As a database is that keeps what it acknowledged, with a quarter of a small machine's memory. */
const settings = { fsync: 'on', full_page_writes: 'on', autovacuum: 'on', shared_buffers: '1GB', max_wal_size: '4GB' };

/** Does `work` with the URL of an empty database on a PostgreSQL server of its own, or, unless asked for, with none. */
export async function withDatabase<T>(wanted: boolean, work: (url: string | undefined) => Promise<T>): Promise<T> {
  if (!wanted) return work(undefined);
  const server = await startPostgresServer({ settings });
  try {
    return await work(server.url('postgres'));
  } finally {
    await server.stop();
  }
}
