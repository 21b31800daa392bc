/**
 * Real Debian roots with small changes, scanned as a user would, beside what the real sshd, passwd and chage say of them.
 * The runner, and the larger part of the cases, are not part of the repository: see docs/tests.md.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sharedFile, skipNote } from '../support/shared-data.ts';

const root = join(import.meta.dirname, '../..');
const runner = sharedFile('data/cases/hosts/run.py');
const roots = process.env.ASSAY_TEST_HOST_ROOTS || '/tmp/host-case-roots';
const absent = runner.absent ?? whyUnusable();
const options = { skip: absent !== undefined, timeout: 30 * 60_000 };

const run = (...args: string[]): string => {
  const all = [runner.file, '--product', root, '--roots', roots, ...args];
  const { stdout, stderr } = spawnSync('python3', all, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  return `${stdout}${stderr}`;
};
/** The last line tells how many failed; what was wrong stands above it. */
const allRight = /^\d+ passed, 0 failed$/m;

test(`the cases of this repository${skipNote(absent)}`, options, () => {
  const file = join(import.meta.dirname, 'host-cases.json');
  const output = run('--cases', file, '--only', 'safe-units');
  expect(output).toMatch(allRight);
  makeDictionary();
  const whole = run('--cases', file);
  expect(whole).toMatch(allRight);
  expect(whole).toContain(`${JSON.parse(readFileSync(file, 'utf8')).length} passed`);
});

test(`the cases beside it${skipNote(absent)}`, options, () => expect(run()).toMatch(allRight));

/** Without a dictionary libpwquality refuses every password, and passwd proves nothing. */
function makeDictionary(): void {
  const bookworm = join(roots, 'bookworm');
  if (existsSync(join(bookworm, 'var/cache/cracklib/cracklib_dict.pwd'))) return;
  const install = 'apt-get install -qq -y --no-install-recommends cracklib-runtime';
  const inside = `mount -t proc proc ${bookworm}/proc && cp /etc/resolv.conf ${bookworm}/etc/ && chroot ${bookworm} ${install}`;
  const { status, stderr } = spawnSync('unshare', ['-m', 'sh', '-c', inside], { encoding: 'utf8' });
  expect({ status, stderr }).toMatchObject({ status: 0 });
}

function whyUnusable(): string | undefined {
  if (process.getuid?.() !== 0) return 'only root can make roots';
  const missing = ['python3', 'debootstrap', 'unshare'].find((tool) => spawnSync(tool, ['--version']).error);
  return missing && `${missing} is not installed`;
}
