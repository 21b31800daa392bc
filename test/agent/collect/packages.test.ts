import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { unpackLz4 } from '@assay/agent/collect/packages/unpack-lz4.ts';
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

describe("where dpkg's packages come from", () => {
  const lists = 'var/lib/apt/lists';
  const stanza = (name: string, version: string) =>
    `Package: ${name}\nArchitecture: amd64\nVersion: ${version}\nDescription: a thing\n of many lines\n\n`;
  const installed = (name: string, version: string, more = '') =>
    `Package: ${name}\nStatus: install ok installed\nVersion: ${version}\n${more}\n`;
  const status =
    installed('bash', '5.2-1', 'Maintainer: Jo Doe <jo@debian.org>\n') +
    installed('tool', '2.0-1') +
    installed('old', '1.0-1') +
    installed('local', '1.0');

  test('lists name the repositories of a version, or of a name', async () => {
    const host = fixtureHost({
      'var/lib/dpkg/status': status,
      [`${lists}/deb.example_debian_dists_bookworm_InRelease`]:
        '-----BEGIN PGP SIGNED MESSAGE-----\n\nOrigin: Debian\nLabel: Debian-Security\nCodename: bookworm\nSHA256:\n',
      [`${lists}/deb.example_debian_dists_bookworm_main_binary-amd64_Packages`]:
        stanza('bash', '5.2-1') + stanza('old', '1.1-1'),
      [`${lists}/deb.example_debian_dists_bookworm_main_binary-i386_Packages`]: stanza('bash', '5.2-1'),
      [`${lists}/apt.example_my%5frepo_dists_stable_main_binary-amd64_Packages.gz`]: gzipSync(stanza('tool', '2.0-1')),
      [`${lists}/flat.example_deb_Packages.zst`]: zstdCompressSync(Buffer.from(stanza('tool', '9.0-1'))),
      [`${lists}/lock`]: '',
    });
    const { data, limitations } = await collectChecked('packages', host);
    expect(limitations).toEqual([]);
    expect(data?.databases).toEqual([
      {
        manager: 'dpkg',
        repositories: [
          { name: 'apt.example/my_repo stable main' },
          {
            name: 'deb.example/debian bookworm main',
            origin: 'Debian',
            label: 'Debian-Security',
            codename: 'bookworm',
          },
          { name: 'flat.example/deb' },
        ],
        packages: [
          { name: 'bash', version: '5.2-1', maintainer: 'Jo Doe <jo@debian.org>', repositories: [1] },
          { name: 'tool', version: '2.0-1', repositories: [0] },
          { name: 'old', version: '1.0-1', otherVersionsIn: [1] },
          { name: 'local', version: '1.0' },
        ],
      },
    ]);
  });
  test('a list that cannot be read is said', async () => {
    const host = fixtureHost({
      'var/lib/dpkg/status': status,
      [`${lists}/a_dists_b_c_binary-amd64_Packages.xz`]: 'xz',
      [`${lists}/b_dists_b_c_binary-amd64_Packages.gz`]: 'no gzip',
      [`${lists}/c_dists_b_c_binary-amd64_Packages`]: { fifo: true },
      [`${lists}/d_dists_b_c_binary-amd64_Packages`]: 'x'.repeat(1_200_000),
    });
    expect(codes(await collectChecked('packages', host))).toEqual([
      `UNSUPPORTED /${lists}/a_dists_b_c_binary-amd64_Packages.xz`,
      `UNREADABLE /${lists}/b_dists_b_c_binary-amd64_Packages.gz`,
      `UNREADABLE /${lists}/c_dists_b_c_binary-amd64_Packages`,
      `TOO_LARGE /${lists}/d_dists_b_c_binary-amd64_Packages`,
    ]);
  });
  test('of a list that cannot be read, the repository says so', async () => {
    const host = fixtureHost({
      'var/lib/dpkg/status': status,
      [`${lists}/a_dists_b_c_binary-amd64_Packages.lz4`]: Buffer.from('04224d186040', 'hex'),
    });
    const { data, limitations } = await collectChecked('packages', host);
    expect(data?.databases[0]?.repositories).toEqual([{ name: 'a b c', unread: true }]);
    expect(limitations[0]?.detail).toContain('cut short');
  });
  test('lists in LZ4, literals and overlapping copies', async () => {
    // `ab`, then eight bytes from two back: ababababab; then a block that is stored as it is.
    const sequence = [0x24, 0x61, 0x62, 0x02, 0x00, 0x50, ...Buffer.from('\n\nend')];
    const block = (bytes: readonly number[], stored: boolean) => {
      const size = Buffer.alloc(4);
      size.writeUInt32LE((bytes.length | (stored ? 0x80000000 : 0)) >>> 0);
      return Buffer.concat([size, Buffer.from(bytes)]);
    };
    const frame = (...blocks: Buffer[]) =>
      Buffer.concat([Buffer.from('04224d18404000', 'hex'), ...blocks, Buffer.alloc(4)]);
    const chunks = async function* (whole: Buffer) {
      for (let at = 0; at < whole.length; at += 3) yield whole.subarray(at, at + 3);
    };
    const all = async (whole: Buffer): Promise<string> => {
      let text = '';
      for await (const each of unpackLz4(chunks(whole))) text += each.toString();
      return text;
    };
    const stored = block([...Buffer.from('stored')], true);
    expect(await all(frame(block(sequence, false), stored))).toBe('ababababab\n\nendstored');
    for (const broken of [
      [0x24, 0x61],
      [0x10, 0x61, 0x09, 0x00],
      [0xf0, 0xff],
    ]) {
      await expect(all(frame(block(broken, false)))).rejects.toThrow(/LZ4/);
    }
  });
  test('a status file that ends in the middle of a line is said', async () => {
    const host = fixtureHost({ 'var/lib/dpkg/status': `${status}Package: more\nSta` });
    expect(codes(await collectChecked('packages', host))).toContain('UNREADABLE /var/lib/dpkg/status');
  });
});

test('repositories of apk and dnf, without what is secret in their addresses', async () => {
  const host = fixtureHost({
    'lib/apk/db/installed': 'P:musl\nV:1.2-r0\n\n',
    'etc/apk/repositories':
      '# main\nhttps://user:secret@dl.example/alpine/v3.22/main\n@edge https://dl.example/alpine/edge/testing\n\n',
  });
  const document = await collectChecked('packages', host);
  expect(document.data?.databases[0]?.repositories).toEqual([
    { name: 'https://dl.example/alpine/v3.22/main', enabled: true },
    { name: 'https://dl.example/alpine/edge/testing', enabled: true },
  ]);
  expect(JSON.stringify(document)).not.toContain('secret');
});

test('software outside of packages is counted and named', async () => {
  const { data } = await collectChecked(
    'packages',
    fixtureHost({
      'var/lib/dpkg/status': STATUS,
      'var/lib/snapd/snaps/firefox_4173.snap': 'hsqs',
      'var/lib/snapd/snaps/firefox_4174.snap': 'hsqs',
      'var/lib/flatpak/app/org.example.App': { directory: 0o755 },
      'usr/local/lib/python3.11/site-packages/requests-2.31.0.dist-info/METADATA': '',
      'app/node_modules/lodash/package.json': '{}',
      'app/node_modules/@scope/thing/package.json': '{}',
      'opt/service/lib/log4j-core-2.14.1.jar': 'PK',
      'opt/loop': { link: '/opt' },
      'usr/share/java/owned-by-a-package.jar': 'PK',
    }),
  );
  expect(data?.otherSoftware).toEqual([
    { kind: 'SNAP', count: 1, names: ['firefox'] },
    { kind: 'FLATPAK', count: 1, names: ['org.example.App'] },
    { kind: 'NODE', count: 2, names: ['lodash', 'thing'] },
    { kind: 'JAVA', count: 1, names: ['log4j-core-2.14.1.jar'] },
    { kind: 'PYTHON', count: 1, names: ['requests'] },
  ]);
});

describe('rpm', () => {
  const line = (...values: string[]) => `${values.join('\t')}\n`;
  const output = [
    line('openssl-libs', '1', '3.0.7', '27.el9', 'x86_64', 'openssl-3.0.7-27.el9.src.rpm', '(none)', 'Red Hat, Inc.'),
    line('nodejs', '1', '18.1', '1', 'x86_64', 'nodejs-18.1-1.src.rpm', 'nodejs:18:1:a', '(none)'),
    line('gpg-pubkey', '(none)', 'fd431d51', '4ae0493b', '(none)', '(none)', '(none)', '(none)'),
    line('tzdata-java', '(none)', '2024a', '2.el9', 'noarch', 'tzdata-2024a-1.el9.src.rpm', '(none)', '(none)'),
  ].join('');

  test('the content sets that an image was built from', async () => {
    const host = fixtureHost(
      {
        'root/buildinfo/content_manifests/ubi9-container-9.2-1.json':
          '{"metadata": {"icm_version": 1}, "content_sets": ["rhel-9-for-x86_64-baseos-eus-rpms", 7], "image_contents": []}',
        'root/buildinfo/content_manifests/odd.json': '{"content_sets": {}}',
        'usr/share/buildinfo/content-sets.json': '[[[[',
      },
      () => ({ stdout: output }),
    );
    const document = await collectChecked('packages', host);
    expect(document.data?.databases[0]?.repositories).toEqual([
      { name: 'rhel-9-for-x86_64-baseos-eus-rpms', enabled: true },
    ]);
    expect(codes(document)).toEqual([
      'UNREADABLE /root/buildinfo/content_manifests/odd.json',
      'UNREADABLE /usr/share/buildinfo/content-sets.json',
    ]);
  });

  test('enabled repositories first, the release that the host is kept at, and enabled module streams', async () => {
    const disabled = Array.from({ length: 600 }, (_, index) => `[rhel-9-other-${index}-rpms]\nenabled = 0\n`);
    const host = fixtureHost(
      {
        'etc/yum.repos.d/redhat.repo': `# Certificate-Based Repositories\n${disabled.join('\n')}
[rhel-9-for-x86_64-baseos-eus-rpms]
name = Red Hat Enterprise Linux 9 for x86_64 - BaseOS - Extended Update Support (RPMs)
baseurl = https://cdn.redhat.com/content/eus/rhel9/$releasever/x86_64/baseos/os
enabled = 1
sslclientkey = /etc/pki/entitlement/1-key.pem
`,
        'etc/yum.repos.d/epel.repo': '[epel]\nname=EPEL\n[epel-testing]\nenabled=0\n',
        'etc/dnf/vars/releasever': '9.2\n',
        'etc/dnf/modules.d/nodejs.module': '[nodejs]\nname=nodejs\nstream=18\nprofiles=common\nstate=enabled\n',
        'etc/dnf/modules.d/php.module': '[php]\nname=php\nstream=\nprofiles=\nstate=disabled\n',
        'etc/dnf/modules.d/odd.module': 'state=enabled\n[]\nstream=1\n[x]\nstate=enabled\n',
      },
      () => ({ stdout: output }),
    );
    const document = await collectChecked('packages', host);
    const [database] = document.data?.databases ?? [];
    expect(database?.repositories?.slice(0, 2)).toEqual([
      { name: 'epel', enabled: true },
      { name: 'rhel-9-for-x86_64-baseos-eus-rpms', enabled: true },
    ]);
    expect(database).toMatchObject({
      releaseVersion: '9.2',
      moduleStreams: [{ module: 'nodejs', stream: '18' }],
    });
    expect(codes(document)).toContain('TOO_LARGE repositories');
  });

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

  test('names who signed a package by the keys of the host', async () => {
    const signed = (name: string, id: string) =>
      line(
        name,
        '(none)',
        '1',
        '1',
        'x86_64',
        '(none)',
        '(none)',
        '(none)',
        `RSA/SHA256, Mon 01 Jan 2024, Key ID ${id}`,
        's',
      );
    const owner = 'Red Hat, Inc. (release key 2) <security@redhat.com>';
    const stdout = [
      signed('bash', '199e2f91fd431d51'),
      signed('other', '0123456789abcdef'),
      line(
        'gpg-pubkey',
        '(none)',
        'fd431d51',
        '4ae0493b',
        '(none)',
        '(none)',
        '(none)',
        '(none)',
        '(none)',
        `gpg(${owner})`,
      ),
    ].join('');
    const { data } = await collectChecked(
      'packages',
      fixtureHost({}, () => ({ stdout })),
    );
    expect(data?.databases[0]?.packages.map(({ name, signer }) => [name, signer])).toEqual([
      ['bash', owner],
      ['other', '0123456789abcdef'],
    ]);
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
  ])('a data base whose program %s, and that cannot be read, is a limitation', async (_, answer, code) => {
    const document = await collectChecked(
      'packages',
      fixtureHost({ 'var/lib/rpm/rpmdb.sqlite': '' }, () => answer),
    );
    expect(document.data).toBeUndefined();
    expect(document.limitations.map((limitation) => limitation.code)).toEqual([code, 'UNREADABLE']);
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
