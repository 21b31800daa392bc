import { chmodSync, lstatSync } from 'node:fs';
import { join } from 'node:path';
import { refuse } from '@assay/agent/host.ts';
import { expect, test } from 'vitest';
import { codes, collectChecked, fixtureHost } from '../fixture-host.ts';

test('lists real directories once, with their other names, their parents and modes', async () => {
  const host = fixtureHost(
    {
      'usr/bin': { directory: 0o755 },
      bin: { link: 'usr/bin' },
      'usr/lib': { directory: 0o755 },
      lib: { link: '/usr/lib' },
      lib64: { link: '/usr/lib' },
      'srv/real/local': { directory: 0o755 },
      'usr/local': { link: '/srv/real/local' },
      'etc/cron.daily': { directory: 0o1777 },
      'etc/crontab.d': { directory: 0o755 },
      opt: 'a file',
    },
    () => ({ stdout: '# file: /usr/bin\n# owner: 0\nuser::rwx\nuser:1000:rwx\nmask::rwx\nother::r-x\n\n' }),
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
  ]);
  const { uid, gid } = lstatSync(host.root);
  expect(directories[0]).toMatchObject({ uid, gid });
  expect(directories.find(({ path }) => path === '/usr/bin')?.acl).toBe(
    'user::rwx\nuser:1000:rwx\nmask::rwx\nother::r-x',
  );
  expect(codes(document)).toEqual(['UNREADABLE /opt']);
});

test('a host without getfacl is no limitation, one where it may not be run is', async () => {
  const absent = await collectChecked(
    'fileModes',
    fixtureHost({ etc: { directory: 0o755 } }, () => refuse('NOT_PRESENT', '')),
  );
  expect(absent.limitations).toEqual([]);
  const other = await collectChecked('fileModes', fixtureHost({ etc: { directory: 0o755 } }));
  expect(other.limitations.map(({ code }) => code)).toEqual(['UNSUPPORTED']);
});
