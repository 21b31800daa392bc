import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryCeiling, openMemoryCeiling } from '@assay/agent/collect/scap-results/memory-ceiling.ts';
import { expect, onTestFinished, test } from 'vitest';
import { skipNote } from '../../support/shared-data.ts';

const tried = await openMemoryCeiling();
await tried?.close();
const absent = tried ? undefined : 'no control group can be made here';

test.skipIf(absent)(`a process and what it starts are ended where they need more${skipNote(absent)}`, async () => {
  const ceiling = await openMemoryCeiling();
  if (!ceiling) throw new Error('there was one a moment ago');
  // The shell waits to be taken, so that all that it starts is in the group.
  const child = spawn('sh', ['-c', `read go; head -c ${2 * memoryCeiling} /dev/zero | tail -n 1 | wc -c`], {
    stdio: 'pipe',
  });
  ceiling.take(child.pid ?? 0);
  child.stdin.end('go\n');
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  await once(child, 'close');
  expect(Number(said)).toBeLessThan(2 * memoryCeiling);
  expect(await ceiling.exceeded()).toBe(true);
  const peak = await ceiling.peak();
  if (peak !== undefined) expect(peak).toBeLessThanOrEqual(memoryCeiling);
  await ceiling.close();
});

test('a folder that is no control group is never taken for one', async () => {
  const base = mkdtempSync(join(tmpdir(), 'assay-cgroup-'));
  onTestFinished(() => rmSync(base, { recursive: true, force: true }));
  expect(await openMemoryCeiling(base)).toBeUndefined();
  mkdirSync(join(base, 'sys/fs/cgroup/memory'), { recursive: true });
  writeFileSync(join(base, 'sys/fs/cgroup/cgroup.subtree_control'), 'cpu io\n');
  expect(await openMemoryCeiling(base)).toBeUndefined();
  expect(readdirSync(join(base, 'sys/fs/cgroup'))).toEqual(['cgroup.subtree_control', 'memory']);
});
