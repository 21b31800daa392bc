import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { FeedItem } from '../packages/server/src/feeds/imported-record.ts';
import { buildIndex } from '../packages/server/src/feeds/index/build-index.ts';
import { readFeed } from '../packages/server/src/feeds/sources/read-feed.ts';
import { workstation } from '../test/support/accuracy/data-host.ts';
import { sharedData } from '../test/support/shared-data.ts';

export const records = join(sharedData, 'osv/Debian-2025-02-12.jsonl.gz');
export const status = join(sharedData, 'hosts', workstation.file);

/** What a bench over Debian's advisories needs and is not there; undefined where it is. */
export const missing: string | undefined = [records, status].find((file) => !existsSync(file));

/** All of Debian's advisories, and those of other names in the data, in an index file below a folder. */
export async function debianIndex(folder: string, others: readonly string[] = []): Promise<string> {
  const file = join(folder, 'advisories.sqlite');
  const database = new DatabaseSync(file);
  const sources = ['Debian-2025-02-12', ...others].map((name) => ({
    origin: { name, kind: 'osv', updatedAt: Date.UTC(2025, 1, 12), digest: '', records: 0 },
    items: () => itemsOf(name),
  }));
  await buildIndex(database, join(folder, 'staging.sqlite'), sources);
  database.close();
  return file;
}

async function* itemsOf(name: string): AsyncGenerator<FeedItem> {
  for await (const outcome of readFeed('osv', join(sharedData, `osv/${name}.jsonl.gz`)))
    if ('item' in outcome) yield outcome.item;
}
