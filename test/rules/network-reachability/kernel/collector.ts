// Runs in the target's namespace: for each line with kinds on standard input, answers with their documents.
import { createInterface } from 'node:readline';
import { collect } from '@assay/agent/collect.ts';
import { openHost } from '@assay/agent/open-host.ts';
import type { EvidenceKind } from '@assay/model/evidence/kinds.ts';

const host = await openHost();
for await (const line of createInterface({ input: process.stdin })) {
  const kinds = JSON.parse(line) as EvidenceKind[];
  const documents = await Promise.all(kinds.map(async (kind) => [kind, await collect(kind, host)] as const));
  process.stdout.write(`${JSON.stringify(Object.fromEntries(documents))}\n`);
}
