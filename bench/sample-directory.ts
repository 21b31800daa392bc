import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runArn, type Scope, templateArn } from '@assay/model/arn.ts';
import { openDataDirectory } from '../packages/server/src/cli/data-directory.ts';
import { importHistory } from '../packages/server/src/engine/import/import-history.ts';
import { isBusy } from '../packages/server/src/store/sqlite.ts';
import { openStore } from '../packages/server/src/store/store.ts';

/** Whose the imported runs are. */
export const sampleScope: Scope = { account: '123456789012', region: 'us-east-1' };

/** A data directory of its own with so many imported runs of 100 templates, for as long as `work` takes. */
export async function withSampleDirectory<T>(runs: number, work: (path: string) => Promise<T>): Promise<T> {
  const path = mkdtempSync(join(tmpdir(), 'assay-bench-'));
  try {
    if (runs > 0) await fill(path, runs);
    return await work(path);
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
}

async function fill(path: string, runs: number): Promise<void> {
  const store = await openStore(openDataDirectory(path).storeFile);
  const { transaction } = store;
  const deps = { transaction, isBusy, sleep: async () => undefined, onProgress: () => undefined };
  const { added } = await importHistory(deps, lines(runs));
  await store.close();
  if (added !== runs) throw new Error(`Only ${added} of ${runs} runs were imported`);
}

async function* lines(runs: number): AsyncGenerator<Uint8Array> {
  for (let index = 0; index < runs; index++) {
    yield Buffer.from(`${JSON.stringify({ kind: 'assessmentRun', item: run(index) })}\n`);
  }
}

function run(index: number) {
  const [target, template, id] = [id8(1), id8(index % 100), id8(index)] as const;
  const createdAt = 1_600_000_000 + index * 60;
  const states = ['CREATED', 'START_DATA_COLLECTION_PENDING', 'COLLECTING_DATA', 'EVALUATING_RULES', 'COMPLETED'];
  return {
    arn: runArn(sampleScope, target, template, id),
    name: `nightly ${index}`,
    assessmentTemplateArn: templateArn(sampleScope, target, template),
    state: 'COMPLETED',
    durationInSeconds: 3600,
    rulesPackageArns: ['arn:aws:inspector:us-east-1:316112463485:rulespackage/0-R01qwB5Q'],
    userAttributesForFindings: [],
    createdAt,
    startedAt: createdAt + 1,
    completedAt: createdAt + 3600,
    stateChangedAt: createdAt + 3600,
    dataCollected: true,
    stateChanges: states.map((state, at) => ({ state, stateChangedAt: createdAt + at })),
    notifications: [],
    findingCounts: { High: 1, Medium: 5, Low: 2, Informational: 0, Undefined: 0 },
  };
}

const id8 = (index: number): string => `0-${index.toString(36).padStart(8, '0')}`;
