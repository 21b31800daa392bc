import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '@assay/agent/host/run-command.ts';
import { openHost } from '@assay/agent/open-host.ts';
import { expect, test } from 'vitest';
import { fixtureHost } from '../fixture-host.ts';

const LIMITS = { timeoutMs: 10_000, maxBytes: 10_000 };

test('runs a system program without a shell, with an environment of its own and no input', async () => {
  process.env.ASSAY_TEST_SECRET = 'x';
  const environment = await runCommand('env', [], LIMITS);
  delete process.env.ASSAY_TEST_SECRET;
  const names = environment.ok ? environment.value.stdout.split('\n').map((line) => line.split('=')[0]) : [];
  expect(names.filter(Boolean).sort()).toEqual(['HOME', 'LC_ALL', 'PATH']);
  expect(await runCommand('cat', [], LIMITS)).toMatchObject({ ok: true, value: { exitCode: 0, stdout: '' } });
  expect(await runCommand('printf', ['%s', '$(id);*'], LIMITS)).toMatchObject({ value: { stdout: '$(id);*' } });
});

test('gives programs no home that they could make', async () => {
  const result = await runCommand('sh', ['-c', 'mkdir -p "$HOME/.rpmdb"'], LIMITS);
  expect(result.ok && result.value.exitCode).not.toBe(0);
});

test('gives exit code and standard error', async () => {
  const result = await runCommand('sh', ['-c', 'echo no >&2; exit 3'], LIMITS);
  expect(result).toEqual({ ok: true, value: { exitCode: 3, stdout: '', stderr: 'no\n' } });
});

test('ends what prints too much or takes too long', async () => {
  expect(await runCommand('cat', ['/dev/zero'], LIMITS)).toMatchObject({ ok: false, code: 'TOO_LARGE' });
  const limits = { ...LIMITS, timeoutMs: 50 };
  expect(await runCommand('sleep', ['1000'], limits)).toMatchObject({ ok: false, code: 'TIMED_OUT' });
  // A grandchild keeps the pipe open.
  const orphan = await runCommand('sh', ['-c', 'sleep 3 & wait'], limits);
  expect(orphan).toMatchObject({ ok: false, code: 'TIMED_OUT' });
});

test('refuses what is absent, and what others than root could have replaced', async () => {
  expect(await runCommand('no-such-program', [], LIMITS)).toMatchObject({ ok: false, code: 'NOT_PRESENT' });
  const { root } = fixtureHost({ 'open/program': '#!/bin/sh\n' });
  const program = join(root, 'open/program');
  chmodSync(program, 0o777);
  expect(await runCommand(program, [], LIMITS)).toMatchObject({ ok: false, code: 'UNSUPPORTED' });
  // Safe in itself, but its directory is not: another file could take its name.
  chmodSync(program, 0o755);
  chmodSync(join(root, 'open'), 0o777);
  expect(await runCommand(program, [], LIMITS)).toMatchObject({ ok: false, code: 'UNSUPPORTED' });
});

test('nothing is run for another root', async () => {
  const host = await openHost(fixtureHost({ 'usr/bin/env': '' }).root);
  expect(await host.run('env', [], LIMITS)).toMatchObject({ ok: false, code: 'UNSUPPORTED' });
});
