import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, lstatSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readAcls } from '@assay/agent/collect/file-modes/read-acls.ts';
import { startCollection } from '@assay/agent/collection.ts';
import { runCommand } from '@assay/agent/host/run-command.ts';
import { type Host, refuse } from '@assay/agent/host.ts';
import { describe, expect, onTestFinished, test } from 'vitest';
import { codes, collectChecked, fixtureHost } from '../fixture-host.ts';

const BASE = 'user::rwx\ngroup::r-x\nother::r-x';
const LIST = 'user::rwx\nuser:1000:rwx\ngroup::r-x\nmask::rwx\nother::r-x';

test('lists real directories once, with their other names, their parents and modes', async () => {
  const host = fixtureHost(
    {
      'usr/bin': { directory: 0o755 },
      bin: { link: 'usr/bin' },
      'usr/lib': { directory: 0o755 },
      'usr/lib/riscv64-linux-gnu/security': { directory: 0o775 },
      'usr/lib/git-core': { directory: 0o777 },
      lib: { link: '/usr/lib' },
      lib64: { link: '/usr/lib' },
      'srv/real/local': { directory: 0o755 },
      'usr/local': { link: '/srv/real/local' },
      'etc/cron.daily': { directory: 0o1777 },
      'etc/crontab.d': { directory: 0o755 },
      opt: 'a file',
    },
    (command, args) =>
      command === 'getfacl'
        ? {
            stdout: args
              .slice(3)
              .map((path) => `# file: ${path}\n# owner: 0\n${path === '/usr/bin' ? LIST : BASE}\n\n`)
              .join(''),
          }
        : {},
  );
  chmodSync(join(host.root, 'usr/bin'), 0o2775);
  const document = await collectChecked('fileModes', host);
  const directories = document.data?.directories ?? [];
  expect(directories.map(({ path, aliases, mode }) => [path, aliases.join(), mode.toString(8)])).toEqual([
    ['/', '', '755'],
    ['/usr/bin', '/bin', '2775'],
    ['/usr', '', '755'],
    ['/usr/lib', '/lib,/lib64', '755'],
    ['/srv/real/local', '/usr/local', '755'],
    ['/srv/real', '', '755'],
    ['/srv', '', '755'],
    ['/etc', '', '755'],
    ['/etc/cron.daily', '', '1777'],
    ['/usr/lib/riscv64-linux-gnu', '', '755'],
    ['/usr/lib/riscv64-linux-gnu/security', '', '775'],
  ]);
  const { uid, gid } = lstatSync(host.root);
  expect(directories[0]).toMatchObject({ uid, gid });
  expect(directories.find(({ path }) => path === '/usr/bin')).toMatchObject({ aclState: 'READ', acl: LIST });
  expect(directories[0]).toMatchObject({ aclState: 'NONE' });
  expect(codes(document)).toEqual(['UNREADABLE /opt']);
});

describe('without getfacl', () => {
  const absent = refuse('NOT_PRESENT', 'no such program');
  const states = async (ls: (args: readonly string[]) => string) => {
    const host = fixtureHost({ etc: { directory: 0o755 }, opt: { directory: 0o755 } }, (command, args) =>
      command === 'ls' ? { stdout: ls(args) } : absent,
    );
    const document = await collectChecked('fileModes', host);
    return { states: document.data?.directories.map(({ aclState }) => aclState), codes: codes(document) };
  };
  const gnu = 'ls (GNU coreutils) 9.1\n';

  test('GNU ls says which directories have an ACL', async () => {
    const seen = await states((args) =>
      args[0] === '--version'
        ? gnu
        : 'drwxr-xr-x 2 0 0 9 Jan 1 /\ndrwxrwxr-x+ 2 0 0 9 Jan 1 /etc\ndrwxr-xr-x. 2 0 0 9 Jan 1 /opt\n',
    );
    expect(seen).toEqual({ states: ['NONE', 'PRESENT', 'NONE'], codes: [] });
  });

  test('another ls says nothing, and that is said', async () => {
    const seen = await states(() => 'BusyBox v1.36\n');
    expect(seen.states).toEqual([undefined, undefined, undefined]);
    expect(seen.codes).toEqual(['NOT_PRESENT access control lists']);
  });
});

const reason = whyNoAcls();

test.skipIf(reason !== undefined)(
  `a real ACL is seen with getfacl and without${reason === undefined ? '' : ` (skipped: ${reason})`}`,
  async () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'assay-acl-')));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const listed = ['plain', 'open'].map((name) => join(folder, name));
    for (const path of listed) mkdirSync(path);
    execFileSync('setfacl', ['-m', 'u:4711:rwx', join(folder, 'open')]);
    const run = async (without: string | undefined) => {
      const host: Host = {
        root: '/',
        now: Date.now,
        run: async (command, ...rest) =>
          command === without ? refuse('NOT_PRESENT', '') : runCommand(command, ...rest),
      };
      const acls = await readAcls(
        startCollection(host),
        listed.map((path) => ({ path })),
      );
      return listed.map((path) => acls.get(path));
    };
    expect(await run(undefined)).toEqual([
      { aclState: 'NONE' },
      { aclState: 'READ', acl: expect.stringContaining('user:4711:rwx') },
    ]);
    expect(await run('getfacl')).toEqual([{ aclState: 'NONE' }, { aclState: 'PRESENT' }]);
  },
);

function whyNoAcls(): string | undefined {
  if (spawnSync('setfacl', ['--version']).status !== 0) return 'the package acl is not installed';
  const folder = mkdtempSync(join(tmpdir(), 'assay-acl-'));
  const done = spawnSync('setfacl', ['-m', 'u:4711:rwx', folder], { encoding: 'utf8' });
  rmSync(folder, { recursive: true, force: true });
  return done.status === 0 ? undefined : `no ACL can be set here: ${done.stderr.trim()}`;
}
