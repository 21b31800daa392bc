import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Advisories } from '../../../packages/server/src/domain/advisories.ts';
import { advisoriesFromRecords } from '../../../packages/server/src/feeds/index/advisories-from-records.ts';
import { sharedData } from '../shared-data.ts';

/** The records of osv/<data>.jsonl.gz that name an ecosystem; the others have nothing to say of its hosts. */
export async function advisoriesOf(data: string, ecosystem: string): Promise<Advisories> {
  const text = gunzipSync(readFileSync(join(sharedData, `osv/${data}.jsonl.gz`))).toString('utf8');
  const lines = text.split('\n').filter((line) => line.includes(`"${ecosystem}"`));
  return advisoriesFromRecords(lines.map((line): unknown => JSON.parse(line)));
}
