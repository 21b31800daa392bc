import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { collect } from '@assay/agent/collect.ts';
import { refuse } from '@assay/agent/host.ts';
import { openHost } from '@assay/agent/open-host.ts';
import { describe, expect, test } from 'vitest';
import { codes, collectChecked, fixtureHost } from '../fixture-host.ts';

const STATUS = `Package: bash
Status: install ok installed
Architecture: amd64
Version: 5.2.15-2+b2
Source: bash (5.2.15-2)
Conffiles:
 /etc/skel/.bashrc 0123
Description: GNU Bourne Again SHell
 Version: 9.9 of a continuation line is nobody's
 .

Package: gone
Status: deinstall ok config-files
Architecture: amd64
Version: 1.0

Package: half
Status: install reinstreq half-installed
Architecture: all
Version: 1:2.0~rc1-1
Origin: Example
Source: whole
`;

describe('dpkg', () => {
  test('reads installed packages, with what differs in their source', async () => {
    const document = await collectChecked('packages', fixtureHost({ 'var/lib/dpkg/status': STATUS }));
    expect(document.data?.databases).toEqual([
      {
        manager: 'dpkg',
        packages: [
          { name: 'bash', version: '5.2.15-2+b2', architecture: 'amd64', sourceVersion: '5.2.15-2' },
          { name: 'half', version: '1:2.0~rc1-1', architecture: 'all', sourceName: 'whole', vendor: 'Example' },
        ],
      },
    ]);
    expect(document.limitations).toEqual([]);
    const sha256 = createHash('sha256').update(STATUS).digest('hex');
    expect(document.sources).toEqual([{ path: '/var/lib/dpkg/status', sha256 }]);
    expect(document.collectedAt).toBe(1_700_000_000.5);
  });

  test('reads status.d of distroless images, where there is no Status', async () => {
    const host = fixtureHost({
      'var/lib/dpkg/status.d/base-files': 'Package: base-files\nVersion: 12.4\nArchitecture: amd64\n',
      'var/lib/dpkg/status.d/base-files.md5sums': 'aa  etc/debian_version\n',
    });
    const document = await collectChecked('packages', host);
    expect(document.data?.databases[0]?.packages).toEqual([
      { name: 'base-files', version: '12.4', architecture: 'amd64' },
    ]);
  });

  test('applies the updates that dpkg has not merged yet, in their order', async () => {
    const update = (status: string) => `Package: bash\nStatus: install ok ${status}\nArchitecture: amd64\nVersion: 6\n`;
    const host = fixtureHost({
      'var/lib/dpkg/status': STATUS,
      'var/lib/dpkg/updates/0000': update('unpacked'),
      'var/lib/dpkg/updates/0001': 'Package: half\nStatus: deinstall ok not-installed\nArchitecture: all\n',
      'var/lib/dpkg/updates/tmp.i': update('not-installed'),
    });
    const document = await collectChecked('packages', host);
    expect(document.data?.databases[0]?.packages).toEqual([{ name: 'bash', version: '6', architecture: 'amd64' }]);
  });

  test('says which stanza it cannot use', async () => {
    const long = 'v'.repeat(300);
    const host = fixtureHost({ 'var/lib/dpkg/status': `Package: a\n\nPackage: b\nVersion: ${long}\n\nVersion: 1\n` });
    const document = await collectChecked('packages', host);
    expect(document.data?.databases[0]?.packages).toEqual([]);
    expect(document.limitations).toHaveLength(3);
    expect(document.limitations[1]?.detail).toContain(': b');
  });

  const absent = spawnSync('/usr/bin/dpkg-query', ['--version']).error !== undefined;
  if (absent) console.warn('skipped: dpkg-query is absent, so its answers cannot be compared with');
  test.skipIf(absent)('agrees with dpkg-query on this host (skipped where it is absent)', async () => {
    const fields = ['Package', 'Version', 'Architecture', 'source:Package', 'source:Version', 'db:Status-Status'];
    const format = `${fields.map((field) => `\${${field}}`).join('\t')}\n`;
    const expected = execFileSync('/usr/bin/dpkg-query', ['-W', '-f', format], { encoding: 'utf8', maxBuffer: 2 ** 26 })
      .split('\n')
      .filter((line) => line !== '' && !/\t(?:config-files|not-installed)$/.test(line))
      .map((line) => line.slice(0, line.lastIndexOf('\t')));
    const document = await collect('packages', await openHost());
    const packages = document.data?.databases.find(({ manager }) => manager === 'dpkg')?.packages ?? [];
    const collected = packages.map(({ name, version, architecture, sourceName, sourceVersion }) =>
      [name, version, architecture, sourceName ?? name, sourceVersion ?? version].join('\t'),
    );
    expect(expected.length).toBeGreaterThan(0);
    expect(collected.sort()).toEqual(expected.sort());
  });
});

describe('apk', () => {
  const installed = `C:Q1abc=
P:musl
V:1.2.5-r0
A:x86_64
o:musl
m:Someone <someone@example.org>
F:lib
R:ld-musl-x86_64.so.1

C:Q1def=
P:ssl_client
V:1.36.1-r29
A:x86_64
o:busybox

`;
  test.each(['lib/apk/db/installed', 'usr/lib/apk/db/installed'])('reads %s', async (path) => {
    const document = await collectChecked('packages', fixtureHost({ [path]: installed }));
    expect(document.data?.databases).toEqual([
      {
        manager: 'apk',
        packages: [
          { name: 'musl', version: '1.2.5-r0', architecture: 'x86_64', vendor: 'Someone <someone@example.org>' },
          { name: 'ssl_client', version: '1.36.1-r29', architecture: 'x86_64', sourceName: 'busybox' },
        ],
      },
    ]);
  });
});

describe('rpm', () => {
  const line = (...values: string[]) => `${values.join('\t')}\n`;
  const output = [
    line('openssl-libs', '1', '3.0.7', '27.el9', 'x86_64', 'openssl-3.0.7-27.el9.src.rpm', '(none)', 'Red Hat, Inc.'),
    line('nodejs', '1', '18.1', '1', 'x86_64', 'nodejs-18.1-1.src.rpm', 'nodejs:18:1:a', '(none)'),
    line('gpg-pubkey', '(none)', 'fd431d51', '4ae0493b', '(none)', '(none)', '(none)', '(none)'),
    line('tzdata-java', '(none)', '2024a', '2.el9', 'noarch', 'tzdata-2024a-1.el9.src.rpm', '(none)', '(none)'),
  ].join('');

  test('reads what rpm prints, epochs and modules included and keys left out', async () => {
    const document = await collectChecked(
      'packages',
      fixtureHost({}, () => ({ stdout: output })),
    );
    expect(document.data?.databases).toEqual([
      {
        manager: 'rpm',
        packages: [
          {
            name: 'openssl-libs',
            version: '1:3.0.7-27.el9',
            architecture: 'x86_64',
            sourceName: 'openssl',
            vendor: 'Red Hat, Inc.',
          },
          { name: 'nodejs', version: '1:18.1-1', architecture: 'x86_64', module: 'nodejs:18:1:a' },
          {
            name: 'tzdata-java',
            version: '2024a-2.el9',
            architecture: 'noarch',
            sourceName: 'tzdata',
            sourceVersion: '2024a-1.el9',
          },
        ],
      },
    ]);
    expect(document.limitations).toEqual([]);
  });

  test('asks an older rpm without module labels', async () => {
    const host = fixtureHost({}, (_, args) =>
      args.some((argument) => argument.includes('MODULARITYLABEL'))
        ? { exitCode: 1, stderr: 'error: incorrect format: unknown tag: "MODULARITYLABEL"' }
        : { stdout: line('zlib', '(none)', '1.2.7', '21.el7', 'x86_64', 'zlib-1.2.7-21.el7.src.rpm', 'CentOS') },
    );
    const document = await collectChecked('packages', host);
    expect(document.data?.databases[0]?.packages).toEqual([
      { name: 'zlib', version: '1.2.7-21.el7', architecture: 'x86_64', vendor: 'CentOS' },
    ]);
  });

  test.each([
    ['cannot be run', refuse('UNSUPPORTED', 'another root'), 'UNSUPPORTED'],
    ['does not end', refuse('TIMED_OUT', '10 s'), 'TIMED_OUT'],
    ['is absent', refuse('NOT_PRESENT', 'no such program'), 'NOT_PRESENT'],
    ['fails', { exitCode: 1, stderr: 'error: cannot open Packages' }, 'UNREADABLE'],
  ])('a data base whose program %s is a limitation', async (_, answer, code) => {
    const document = await collectChecked(
      'packages',
      fixtureHost({ 'var/lib/rpm/rpmdb.sqlite': '' }, () => answer),
    );
    expect(document.data).toBeUndefined();
    expect(document.limitations.map((limitation) => limitation.code)).toEqual([code]);
  });
});

test('a host without any package manager says so', async () => {
  const document = await collectChecked(
    'packages',
    fixtureHost({}, () => refuse('NOT_PRESENT', 'no such program')),
  );
  expect(document.data).toBeUndefined();
  expect(codes(document)).toEqual(['NOT_PRESENT package data bases']);
});

test('a data base that is not a file is a limitation', async () => {
  const host = fixtureHost({ 'var/lib/dpkg/status': { directory: 0o755 }, 'lib/apk/db/installed': 'P:a\nV:1\n' });
  const document = await collectChecked('packages', host);
  expect(codes(document)).toContain('UNREADABLE /var/lib/dpkg/status');
  expect(document.data?.databases.map(({ manager }) => manager)).toEqual(['apk']);
});
