import { includePatterns } from '@assay/agent/collect/sshd/include-patterns.ts';
import { describe, expect, test } from 'vitest';
import { codes, collectChecked, type Entry, fixtureHost } from '../fixture-host.ts';

const MAIN = `# Include /etc/ssh/commented
Include sshd_config.d/*.conf
Port 22
Match User backup
  Include "match dir/one.conf" missing/*.conf
`;
const TREE = {
  'usr/sbin/sshd': 'a program',
  'etc/ssh/sshd_config': MAIN,
  'etc/ssh/sshd_config.d/20-b.conf': 'PermitRootLogin no\n',
  'etc/ssh/sshd_config.d/10-a.conf': 'include=/etc/ssh/nested.conf\nInclude sshd_config.d/*.conf\n',
  'etc/ssh/sshd_config.d/.hidden.conf': 'PermitRootLogin yes\n',
  'etc/ssh/sshd_config.d/30-c.conf.bak': 'PermitRootLogin yes\n',
  'etc/ssh/nested.conf': 'X11Forwarding no\n',
  'etc/ssh/match dir/one.conf': 'PasswordAuthentication no\n',
};
const TEST_ARGUMENTS = ['-T', '-C', 'user=root,host=h,addr=192.0.2.1,laddr=192.0.2.2,lport=22'];

const process = (pid: number, comm: string, cmdline: string, uid = 0): Record<string, Entry> => ({
  [`proc/${pid}/comm`]: `${comm}\n`,
  [`proc/${pid}/cmdline`]: cmdline,
  [`proc/${pid}/status`]: `Name:\t${comm}\nUid:\t${uid}\t${uid}\t${uid}\t${uid}\n`,
});

test('reads the configuration with everything it includes, in the order of reading', async () => {
  const asked: string[] = [];
  const host = fixtureHost({ ...TREE, ...process(1, 'init', 'init\0') }, (command, args) => {
    asked.push([command, ...args].join(' '));
    return args[0] === '-V' ? { exitCode: 1, stderr: 'OpenSSH_9.2p1 Debian-2, OpenSSL 3\n' } : { stdout: 'port 22\n' };
  });
  const document = await collectChecked('sshd', host);
  expect(document.limitations).toEqual([]);
  expect(document.data).toMatchObject({
    ...{ installed: true, implementation: 'openssh', binary: '/usr/sbin/sshd', version: '9.2p1' },
    ...{ configPath: '/etc/ssh/sshd_config', runningArguments: [], effective: 'port 22\n' },
  });
  expect(document.data?.files.map(({ path }) => path)).toEqual([
    '/etc/ssh/sshd_config',
    '/etc/ssh/sshd_config.d/10-a.conf',
    '/etc/ssh/nested.conf',
    '/etc/ssh/sshd_config.d/20-b.conf',
    '/etc/ssh/match dir/one.conf',
  ]);
  expect(document.data?.files[0]?.content).toBe(MAIN);
  expect(document.data?.includes).toEqual([
    {
      pattern: 'sshd_config.d/*.conf',
      files: ['/etc/ssh/sshd_config.d/10-a.conf', '/etc/ssh/sshd_config.d/20-b.conf'],
    },
    { pattern: '/etc/ssh/nested.conf', files: ['/etc/ssh/nested.conf'] },
    { pattern: 'match dir/one.conf', files: ['/etc/ssh/match dir/one.conf'] },
    { pattern: 'missing/*.conf', files: [] },
  ]);
  expect(asked).toEqual(['/usr/sbin/sshd -V', ['/usr/sbin/sshd', ...TEST_ARGUMENTS].join(' ')]);
});

test('a host without an SSH server has none, and that is no limitation', async () => {
  const document = await collectChecked('sshd', fixtureHost(process(1, 'init', 'init\0')));
  expect(document.data).toEqual({
    ...{ installed: false, runningArguments: [], files: [], includes: [] },
    startup: { files: [], links: [] },
  });
  expect(document.limitations).toEqual([]);
});

test('another root than / is read without running anything; the version is then the package’s', async () => {
  const status = 'Package: openssh-server\nStatus: install ok installed\nVersion: 1:9.2p1-2+deb12u3\n';
  const document = await collectChecked('sshd', fixtureHost({ ...TREE, 'var/lib/dpkg/status': status }));
  expect(document.data).toMatchObject({ installed: true, version: '9.2p1' });
  expect(document.data).not.toHaveProperty('effective');
  expect(codes(document)).toEqual(['NOT_PRESENT /proc', `UNSUPPORTED /usr/sbin/sshd ${TEST_ARGUMENTS.join(' ')}`]);
});

describe('running servers', () => {
  const title = (args: string) => `sshd: ${args} [listener] 0 of 10-100 startups\0\0\0`;
  const cases: [string, Record<string, Entry>, string[][]][] = [
    ['from the title', process(7, 'sshd', title('/usr/sbin/sshd -D')), [['/usr/sbin/sshd', '-D']]],
    [
      'whose option values have spaces in the title',
      process(7, 'sshd', title('/usr/sbin/sshd -D -o AuthorizedKeysCommand=/x %u %k -p 2222')),
      [['/usr/sbin/sshd', '-D', '-o', 'AuthorizedKeysCommand=/x %u %k', '-p', '2222']],
    ],
    ['as started', process(7, 'sshd', '/usr/sbin/sshd\0-o\0Port 23\0'), [['/usr/sbin/sshd', '-o', 'Port 23']]],
    [
      'but no sessions',
      { ...process(7, 'sshd', 'sshd: root@pts/0\0'), ...process(8, 'sshd', '/s/sshd\0-D\0-R\0') },
      [],
    ],
    ['but none of another user', process(7, 'sshd', '/usr/sbin/sshd\0-D\0', 1000), []],
    [
      'but none of a container',
      {
        ...process(7, 'sshd', '/usr/sbin/sshd\0-D\0'),
        'proc/7/ns/pid': { link: 'pid:[2]' },
        'proc/self/ns/pid': { link: 'pid:[1]' },
      },
      [],
    ],
  ];
  test.each(cases)('are seen %s', async (_, entries, expected) => {
    const document = await collectChecked('sshd', fixtureHost({ ...TREE, ...entries }));
    expect(document.data?.runningArguments).toEqual(expected);
  });

  test.each([['-f\0/opt/my_config'], ['-f/opt/my_config'], ['-Df\0/opt/my_config']])(
    'with %j read that file instead',
    async (args) => {
      const asked: (readonly string[])[] = [];
      const entries = { ...TREE, 'opt/my_config': 'Port 9\n', ...process(7, 'sshd', `/usr/sbin/sshd\0${args}\0`) };
      const document = await collectChecked(
        'sshd',
        fixtureHost(entries, (_, given) => {
          asked.push(given);
          return {};
        }),
      );
      expect(document.data?.configPath).toBe('/opt/my_config');
      expect(document.data?.files).toEqual([{ path: '/opt/my_config', content: 'Port 9\n' }]);
      expect(asked.at(-1)).toEqual(['-T', '-f', '/opt/my_config', ...TEST_ARGUMENTS.slice(1)]);
    },
  );

  test('each file is shown to sshd, and what it refuses is said', async () => {
    const entries = { ...process(7, 'sshd', '/usr/sbin/sshd\0'), ...process(8, 'sshd', '/usr/sbin/sshd\0-f\0/b\0') };
    const host = fixtureHost({ ...TREE, b: 'Bogus yes\n', ...entries }, (_, args) =>
      args.includes('/b')
        ? { exitCode: 255, stderr: '/b: line 1: Bad configuration option: Bogus' }
        : { stdout: 'port 22\n' },
    );
    const document = await collectChecked('sshd', host);
    expect(document.data?.effective).toBe('port 22\n');
    expect(document.limitations).toContainEqual({
      code: 'UNREADABLE',
      subject: `/usr/sbin/sshd -T -f /b ${TEST_ARGUMENTS.slice(1).join(' ')}`,
      detail: 'exit 255: /b: line 1: Bad configuration option: Bogus',
    });
  });

  test('an old one is asked with what it knows', async () => {
    const host = fixtureHost({ ...TREE, ...process(1, 'init', 'init\0') }, (_, args) =>
      args.at(-1)?.includes('laddr')
        ? { exitCode: 1, stderr: 'Invalid test mode specification laddr=192.0.2.2' }
        : { stdout: 'port 22\n' },
    );
    expect((await collectChecked('sshd', host)).data?.effective).toBe('port 22\n');
  });

  test('two of them, one with its own file, read both', async () => {
    const entries = { ...process(7, 'sshd', '/usr/sbin/sshd\0-f\0/b\0'), ...process(8, 'sshd', '/usr/sbin/sshd\0') };
    const document = await collectChecked('sshd', fixtureHost({ ...TREE, b: 'Port 9\n', ...entries }));
    expect(document.data?.files.map(({ path }) => path)).toContain('/etc/ssh/sshd_config');
    expect(document.data?.files[0]?.path).toBe('/b');
  });
});

describe('servers by another name', () => {
  const program = 'ELF…OpenSSH_9.2p1…permitrootlogin\0…';
  const exe = (pid: number, path: string) => ({ [`proc/${pid}/exe`]: { link: path } });
  const seen = async (entries: Readonly<Record<string, Entry>>) =>
    (await collectChecked('sshd', fixtureHost({ ...TREE, ...process(1, 'init', 'init\0'), ...entries }))).data
      ?.runningArguments;

  test('are found by what is in the program', async () => {
    const copy = { 'usr/local/sbin/tool': program, ...exe(7, '/usr/local/sbin/tool') };
    const title = 'tool: /usr/local/sbin/tool -D -f /b [listener] 0 of 10-100 startups\0';
    expect(await seen({ ...copy, ...process(7, 'tool', title) })).toEqual([['/usr/local/sbin/tool', '-D', '-f', '/b']]);
    expect(await seen({ ...copy, ...process(7, 'tool', '/usr/local/sbin/tool\0-D\0') })).toEqual([
      ['/usr/local/sbin/tool', '-D'],
    ]);
    expect(await seen({ ...copy, ...process(7, 'tool', 'tool: root@pts/0\0') })).toEqual([]);
    expect(await seen({ ...copy, ...process(7, 'tool', title, 1000) })).toEqual([]);
  });

  test('are found by where the program lies, also when it is gone', async () => {
    const entries = { ...exe(7, '/usr/sbin/sshd (deleted)'), ...process(7, 'renamed', '/usr/sbin/sshd\0-D\0') };
    expect(await seen(entries)).toEqual([['/usr/sbin/sshd', '-D']]);
  });

  test('are not other programs, nor what serves one connection', async () => {
    const entries = {
      ...{ 'usr/bin/other': 'a program', ...exe(7, '/usr/bin/other'), ...process(7, 'other', '/usr/bin/other\0') },
      ...{ 'usr/lib/openssh/sshd-session': program, ...exe(8, '/usr/lib/openssh/sshd-session') },
      ...process(8, 'sshd-session', '/usr/lib/openssh/sshd-session\0'),
    };
    expect(await seen(entries)).toEqual([]);
  });
});

test('how the host starts servers is read: units, drop-ins, environment files and links', async () => {
  const entries: Record<string, Entry> = {
    ...TREE,
    ...process(1, 'init', 'init\0'),
    'usr/lib/systemd/system/ssh.service':
      '[Service]\nEnvironmentFile=-/etc/default/ssh\nExecStart=/usr/sbin/sshd -D $SSHD_OPTS\n',
    'usr/lib/systemd/system/cron.service': '[Service]\nExecStart=/usr/sbin/cron\n',
    lib: { link: 'usr/lib' },
    'etc/default/ssh': '# options\nSSHD_OPTS=-4\nTOKEN=secret\\\n more\n',
    'etc/systemd/system/ssh.service.d/a.conf': '[Service]\n',
    'etc/systemd/system/ssh.service.d/a.conf.bak': '[Service]\n',
    'etc/systemd/system/admin.service': '[Service]\nExecStart=/usr/sbin/sshd -D -f /srv/admin_config\n',
    'etc/systemd/system/web.service': '[Service]\nExecStart=/usr/bin/web\n',
    'etc/systemd/system/multi-user.target.wants/ssh.service': { link: '/usr/lib/systemd/system/ssh.service' },
    'etc/systemd/system/multi-user.target.wants/cron.service': { link: '/usr/lib/systemd/system/cron.service' },
    'etc/systemd/system/sshd.service': { link: '/usr/lib/systemd/system/ssh.service' },
    'etc/systemd/system/linked-ssh.service': { link: '/srv/x.service' },
    'srv/x.service': '[Service]\nExecStart=/usr/sbin/sshd\n',
    'srv/admin_config': 'Port 2222\n',
  };
  const document = await collectChecked(
    'sshd',
    fixtureHost(entries, () => ({})),
  );
  const { files = [], links = [] } = document.data?.startup ?? {};
  expect(files.map(({ path }) => path).sort()).toEqual([
    '/etc/default/ssh',
    '/etc/systemd/system/admin.service',
    '/etc/systemd/system/linked-ssh.service',
    '/etc/systemd/system/ssh.service.d/a.conf',
    '/usr/lib/systemd/system/ssh.service',
  ]);
  // Of an environment file nothing but what servers are started with leaves the host.
  expect(files.find(({ path }) => path === '/etc/default/ssh')?.content).toBe('\nSSHD_OPTS=-4\n\n\n');
  expect(links.map(({ path }) => path)).toEqual([
    '/etc/systemd/system/linked-ssh.service',
    '/etc/systemd/system/multi-user.target.wants/ssh.service',
    '/etc/systemd/system/sshd.service',
  ]);
  expect(document.data?.files.map(({ path }) => path)).toContain('/srv/admin_config');
});

test('files that cannot be read are said, and the rest is read', async () => {
  const host = fixtureHost({
    ...TREE,
    'etc/ssh/sshd_config.d/40-big.conf': 'a'.repeat(262_145),
    'etc/ssh/sshd_config.d/50-dir.conf/x': '',
    'etc/ssh/sshd_config.d/60-out.conf': { link: '/../../../../etc/hostname' },
    'etc/hostname': 'inside\n',
    'etc/ssh/sshd_config.d/70-loop.conf': { link: '70-loop.conf' },
    'etc/ssh/sshd_config.d/80-fifo.conf': { fifo: true },
  });
  const document = await collectChecked('sshd', host);
  const said = codes(document).filter((code) => code.includes('.conf'));
  expect(said).toEqual([
    'UNREADABLE /etc/ssh/sshd_config.d/70-loop.conf',
    'TOO_LARGE /etc/ssh/sshd_config.d/40-big.conf',
    'UNREADABLE /etc/ssh/sshd_config.d/50-dir.conf',
    'UNREADABLE /etc/ssh/sshd_config.d/80-fifo.conf',
  ]);
  const out = document.data?.files.find(({ path }) => path.endsWith('60-out.conf'));
  expect(out?.content).toBe('inside\n');
});

test('more files and patterns than a document takes are said', async () => {
  const many = Object.fromEntries(Array.from({ length: 201 }, (_, index) => [`etc/ssh/d/${1000 + index}.conf`, '']));
  const patterns = Array.from({ length: 250 }, (_, index) => `Include none-${index}\n`).join('');
  const host = fixtureHost({ ...TREE, 'etc/ssh/sshd_config': `Include d/*.conf\n${patterns}`, ...many });
  const document = await collectChecked('sshd', host);
  expect(document.data?.files).toHaveLength(200);
  expect(document.data?.includes).toHaveLength(200);
  expect(codes(document)).toContain('TOO_LARGE /etc/ssh/d/*.conf');
  expect(codes(document)).toContain('TOO_LARGE /etc/ssh/sshd_config');
});

test('Dropbear is named as what it is', async () => {
  const entries = {
    'usr/sbin/dropbear': '',
    ...process(1, 'init', 'init\0'),
    ...process(9, 'dropbear', '/usr/sbin/dropbear\0-p\x0022\0'),
  };
  const host = fixtureHost(entries, () => ({ stderr: 'Dropbear v2022.83\n' }));
  const document = await collectChecked('sshd', host);
  expect(document.data).toMatchObject({
    ...{ installed: true, implementation: 'dropbear', version: '2022.83', files: [] },
    runningArguments: [['/usr/sbin/dropbear', '-p', '22']],
  });
  expect(document.limitations).toEqual([]);
});

test.each([
  ['Include a b', ['a', 'b']],
  ['\tINCLUDE="a b" c # d', ['a b', 'c']],
  ["Include 'a b'c d\\ e #f", ['a bc', 'd e']],
  ['Include a#b', ['a#b']],
  ['Includes a', []],
  ['Include', []],
])('%j includes %j', (line, patterns) => {
  expect(includePatterns(line)).toEqual({ patterns, unreadableLines: [] });
});

test('an open quote is an unreadable line', () => {
  expect(includePatterns('\nInclude "a')).toEqual({ patterns: [], unreadableLines: [2] });
});
