import { Client } from 'pg';

const nameOf = (url: string): string => new URL(url).pathname.slice(1);

/** The URL of another database of the same server. */
export function siblingUrl(url: string, database: string): string {
  const sibling = new URL(url);
  sibling.pathname = `/${database}`;
  return sibling.href;
}

/** Makes the database that a URL names: empty, or as the template is. */
export const createDatabase = (maintenance: string, url: string, template = 'template1'): Promise<void> =>
  // Files are copied as they are: half the time of writing a log of them, for what is this small.
  command(maintenance, `create database "${nameOf(url)}" template "${template}" strategy file_copy`);

/** Removes the database, whoever is still connected to it. */
export const dropDatabase = (maintenance: string, url: string): Promise<void> =>
  command(maintenance, `drop database if exists "${nameOf(url)}" with (force)`);

async function command(url: string, text: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}
