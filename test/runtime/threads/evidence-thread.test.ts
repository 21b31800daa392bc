import { randomBytes } from 'node:crypto';
import type { Worker } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';
import type { EvidenceKind } from '@assay/model/evidence/kinds.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AgentFault } from '../../../packages/server/src/engine/agents/agent-fault.ts';
import { checkDocument } from '../../../packages/server/src/engine/agents/check-document.ts';
import {
  createEvidenceThread,
  type EvidenceThread,
  startEvidenceWorker,
} from '../../../packages/server/src/runtime/threads/evidence-thread.ts';
import { given } from '../../support/scenario.ts';

let thread: EvidenceThread;
let workers: Worker[];
beforeEach(() => {
  workers = [];
  thread = createEvidenceThread(() => {
    const worker = startEvidenceWorker();
    workers.push(worker);
    return worker;
  });
});
afterEach(() => thread.end());

/** Hexadecimal digits that do not compress to fewer bytes than go to the thread. */
const noise = (): string => randomBytes(4096).toString('hex');
const document = (kind: EvidenceKind) => ({ kind, schemaVersion: 1, collectedAt: 1.5, sources: [], limitations: [] });
const packed = (value: unknown): Uint8Array => gzipSync(JSON.stringify(value));

const packages = packed({
  ...document('packages'),
  data: {
    databases: [
      {
        manager: 'dpkg',
        packages: Array.from({ length: 100 }, () => ({
          name: randomBytes(64).toString('hex'),
          version: '5.2',
          architecture: 'amd64',
        })),
      },
    ],
  },
});

const nested = (levels: number): unknown => (levels === 0 ? noise() : [nested(levels - 1)]);

const wrong: readonly (readonly [why: string, code: string, content: Uint8Array])[] = [
  ['no gzip', 'NotDecompressible', Buffer.from(noise())],
  ['gzip that grows beyond the limit', 'NotDecompressible', gzipSync(Buffer.alloc(33 * 1024 * 1024))],
  ['no JSON', 'NotJson', gzipSync(noise())],
  ['JSON that is nested too deeply', 'TooDeep', packed(nested(20))],
  ['another shape', 'InvalidEvidence', packed({ ...document('packages'), sources: noise() })],
];

test('of a document it says what is said of it in this thread', async () => {
  const both = await Promise.all([thread.check('packages', packages), thread.check('packages', packages)]);
  const here = await checkDocument('packages', packages);
  expect(here).toMatchObject({ collectedAt: 1500 });
  expect(both).toEqual([here, here]);
  expect(workers).toHaveLength(1);
});

test.each(wrong)('%s is refused as in this thread, and the thread goes on', async (_, code, content) => {
  const here: unknown = await checkDocument('packages', content).catch((error: unknown) => error);
  const there: unknown = await thread.check('packages', content).catch((error: unknown) => error);
  expect(there).toBeInstanceOf(AgentFault);
  expect(there).toMatchObject({ code });
  expect(there).toEqual(here);
  await thread.check('packages', packages);
  expect(workers).toHaveLength(1);
});

test('a document that the thread dies of is no agent’s fault, and can be sent again', async () => {
  const checking = thread.check('packages', packages);
  const next = thread.check('packages', packages);
  checking.catch(() => undefined);
  await Promise.resolve();
  await given(workers[0]).terminate();
  const error: unknown = await checking.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(Error);
  expect(error).not.toBeInstanceOf(AgentFault);
  expect(await next).toEqual(await checkDocument('packages', packages));
  expect(workers).toHaveLength(2);
});

test('what it is given stays whole', async () => {
  const pooled = Buffer.from(packages);
  await thread.check('packages', pooled);
  expect(pooled).toEqual(Buffer.from(packages));
});
