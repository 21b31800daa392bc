import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findingArn, runArn, type Scope, templateArn } from '@assay/model/arn.ts';
import { importHistory } from '../packages/server/src/engine/history/import/import-history.ts';
import { openDataDirectory } from '../packages/server/src/runtime/data-directory.ts';
import type { StoreLocation } from '../packages/server/src/store/database/store-location.ts';
import { openStore } from '../packages/server/src/store/store.ts';
import { isUnavailable } from '../packages/server/src/store/unavailable.ts';

/** Whose the imported runs are. */
export const sampleScope: Scope = { account: '123456789012', region: 'us-east-1' };

/** A data directory of its own with so many imported runs of 200 templates, and findings, for as long as `work` takes. */
export async function withSampleDirectory<T>(
  runs: number,
  work: (path: string) => Promise<T>,
  { findings = 0, database }: { readonly findings?: number; readonly database?: string | undefined } = {},
): Promise<T> {
  const path = mkdtempSync(join(tmpdir(), 'assay-bench-'));
  try {
    if (runs > 0) await fill(openDataDirectory(path, database).store, runs, findings);
    return await work(path);
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
}

async function fill(location: StoreLocation, runs: number, findings: number): Promise<void> {
  const store = await openStore(location);
  const { transaction } = store;
  const deps = { transaction, isUnavailable, sleep: async () => undefined, onProgress: () => undefined };
  const { added } = await importHistory(deps, lines(runs, findings));
  await store.analyze('ALL');
  await store.close();
  if (added !== runs + findings) throw new Error(`Only ${added} of ${runs + findings} items were imported`);
}

async function* lines(runs: number, findings: number): AsyncGenerator<Uint8Array> {
  const line = (kind: string, item: object): Buffer => Buffer.from(`${JSON.stringify({ kind, item })}\n`);
  for (let index = 0; index < runs; index++) yield line('assessmentRun', run(index));
  for (let index = 0; index < findings; index++) yield line('finding', finding(index));
}

const PACKAGE = 'arn:aws:inspector:us-east-1:316112463485:rulespackage/0-R01qwB5Q';
const words = 'nightly weekly adhoc prod staging web db cache edge batch eu us ap canary blue green'.split(' ');

function run(index: number) {
  const [target, template, id] = idsOfRun(index);
  const createdAt = 1_600_000_000 + index * 60;
  const end = index % 1000 === 0 ? 'FAILED' : index % 10 === 0 ? 'COMPLETED_WITH_ERRORS' : 'COMPLETED';
  const states = ['CREATED', 'START_DATA_COLLECTION_PENDING', 'COLLECTING_DATA', 'EVALUATING_RULES', end];
  return {
    arn: runArn(sampleScope, target, template, id),
    name: `${skewed(words, index)}-${skewed(words, index * 31)} ${index}`,
    assessmentTemplateArn: templateArn(sampleScope, target, template),
    state: end,
    durationInSeconds: 3600,
    rulesPackageArns: [PACKAGE],
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

/** A hundred findings a run, of the first runs. */
function finding(index: number) {
  const [target, template, id] = idsOfRun(Math.floor(index / 100));
  const createdAt = 1_600_003_600 + Math.floor(index / 100) * 60;
  return {
    arn: findingArn(sampleScope, target, template, id, id8(index)),
    schemaVersion: 1,
    service: 'Inspector',
    serviceAttributes: {
      schemaVersion: 1,
      assessmentRunArn: runArn(sampleScope, target, template, id),
      rulesPackageArn: PACKAGE,
    },
    assetType: 'ec2-instance',
    assetAttributes: { schemaVersion: 1, agentId: `i-${id8(index % 500).slice(2)}`, hostname: `web-${index % 500}` },
    id: `CVE-2024-${index % 5000}`,
    title: `Host web-${index % 500} is vulnerable to CVE-2024-${index % 5000}`,
    description: 'A flaw was found in the handling of requests that are longer than what was made room for.',
    recommendation: 'Bring the package up to date with the package manager of the system.',
    severity: skewed(['Medium', 'High', 'Low', 'Informational'], index),
    numericSeverity: 6,
    confidence: 10,
    indicatorOfCompromise: false,
    attributes: [
      { key: 'CVE_ID', value: `CVE-2024-${index % 5000}` },
      { key: 'INSTANCE_ID', value: `i-${id8(index % 500).slice(2)}` },
    ],
    userAttributes: [],
    createdAt,
    updatedAt: createdAt,
  };
}

/** The ARN of a run by its number. */
export const sampleRun = (index: number): string => runArn(sampleScope, ...idsOfRun(index));

const idsOfRun = (index: number): readonly [string, string, string] => [id8(1), id8(index % 200), id8(index)];

/** One of the values, the first ones by far the most often; the same for the same number. */
const skewed = (values: readonly string[], seed: number): string => {
  const share = ((Math.imul(seed + 1, 0x9e3779b1) >>> 0) + 1) / 2 ** 32;
  return values[Math.ceil((values.length + 1) ** share) - 2] ?? values[0] ?? '';
};

const id8 = (index: number): string => `0-${index.toString(36).padStart(8, '0')}`;
