import type { Limitation } from '@assay/model/evidence/document.ts';
import type { EvidenceData } from '@assay/model/evidence/kinds.ts';
import { describe, expect, test } from 'vitest';
import { accounts, denied, host, rule, said, sshd, texts, verdict } from './hosts.ts';

const main = '/etc/ssh/sshd_config';
const vendor = '/usr/lib/systemd/system';
const own = '/etc/systemd/system';
/** Debian's unit. */
const debian = {
  [`${vendor}/ssh.service`]: `[Unit]
Description=OpenBSD Secure Shell server
[Service]
EnvironmentFile=-/etc/default/ssh
ExecStartPre=/usr/sbin/sshd -t
ExecStart=/usr/sbin/sshd -D $SSHD_OPTS
[Install]
WantedBy=multi-user.target
Alias=sshd.service
`,
};
const dropIn = (text: string) => ({ ...debian, [`${own}/ssh.service.d/override.conf`]: `[Service]\n${text}\n` });
const unit = (text: string) => ({ [`${own}/x.service`]: `[Service]\n${text}\n` });
type Startup = NonNullable<EvidenceData<'sshd'>['startup']>;

const judge = (
  files: Readonly<Record<string, string>>,
  {
    links = [],
    running = [],
    limitations = [],
    config = 'PermitRootLogin no\n',
    more = {},
  }: {
    links?: Startup['links'];
    running?: string[][];
    limitations?: readonly Limitation[];
    config?: string;
    more?: Readonly<Record<string, string>>;
  } = {},
) => {
  const startup = { files: texts(files), links };
  const data = sshd({ [main]: config, ...more }, { runningArguments: running, startup });
  return verdict(host({ sshd: data, accounts }, { sshd: limitations }), rule.root);
};

describe('how the host starts sshd, while none runs', () => {
  const yes = '-o PermitRootLogin=yes';
  test.each<[string, Readonly<Record<string, string>>, string]>([
    ['as delivered', debian, 'PASSED'],
    ['the defaults file', { ...debian, '/etc/default/ssh': `SSHD_OPTS='${yes}'\n` }, 'FINDING'],
    ['the last assignment of it', { ...debian, '/etc/default/ssh': `SSHD_OPTS="${yes}"\nSSHD_OPTS=\n` }, 'PASSED'],
    ['a comment in it', { ...debian, '/etc/default/ssh': `#SSHD_OPTS="${yes}"\n` }, 'PASSED'],
    ['a drop-in', dropIn(`ExecStart=\nExecStart=/usr/sbin/sshd -D ${yes}`), 'FINDING'],
    [
      'a drop-in for the alias',
      { ...debian, [`${own}/sshd.service.d/a.conf`]: `[Service]\nEnvironment=SSHD_OPTS=-4\n` },
      'PASSED',
    ],
    ['its environment', dropIn(`Environment="SSHD_OPTS=${yes}"`), 'FINDING'],
    [
      'the file over the environment',
      { ...dropIn(`Environment="SSHD_OPTS=${yes}"`), '/etc/default/ssh': 'SSHD_OPTS=-4\n' },
      'PASSED',
    ],
    ['an environment that was taken away', dropIn(`Environment="SSHD_OPTS=${yes}"\nEnvironment=`), 'PASSED'],
    [
      'another section',
      { ...debian, [`${own}/ssh.service.d/a.conf`]: `[Unit]\nExecStart=/usr/sbin/sshd ${yes}\n` },
      'PASSED',
    ],
    [
      'the administrator’s unit over the package’s',
      { ...debian, [`${own}/ssh.service`]: `[Service]\nExecStart=/usr/sbin/sshd -D ${yes}\n` },
      'FINDING',
    ],
    ['an empty unit, which masks it', { ...debian, [`${own}/ssh.service`]: '' }, 'PASSED'],
    [
      'the first of two drop-ins with one name',
      {
        ...dropIn('Environment=SSHD_OPTS=-4'),
        [`${vendor}/ssh.service.d/override.conf`]: `[Service]\nEnvironment="SSHD_OPTS=${yes}"\n`,
      },
      'PASSED',
    ],
    [
      'the last of two drop-ins by name',
      {
        ...dropIn('Environment=SSHD_OPTS=-4'),
        [`${vendor}/ssh.service.d/zz.conf`]: `[Service]\nEnvironment="SSHD_OPTS=${yes}"\n`,
      },
      'FINDING',
    ],
    [
      'one for each connection',
      { ...debian, [`${vendor}/ssh@.service`]: `[Service]\nExecStart=-/usr/sbin/sshd -i "-oPermitRootLogin yes"\n` },
      'FINDING',
    ],
    ['a unit of another name', unit(`ExecStart=/usr/sbin/sshd -D ${yes}`), 'FINDING'],
    ['prefixes and another name for the process', unit(`ExecStart=+@/usr/sbin/sshd admin -D ${yes}`), 'FINDING'],
    ['through another program', unit(`ExecStart=/usr/bin/nice -n 5 /usr/sbin/sshd -D ${yes}`), 'FINDING'],
    ['a continued line', unit(`ExecStart=/usr/sbin/sshd -D \\\n# why\n  ${yes}`), 'FINDING'],
    [
      'a braced variable, which stays one word',
      unit(`Environment='O=PermitRootLogin yes'\nExecStart=/usr/sbin/sshd -D -o \${O}`),
      'FINDING',
    ],
    ['a variable without a value', unit('ExecStart=/usr/sbin/sshd -D $NONE'), 'PASSED'],
    [
      'a shell, whose command is not known',
      unit(`ExecStart=/bin/sh -c "exec /usr/sbin/sshd $(cat /etc/options)"`),
      'NOT_ASSESSED',
    ],
    ['its own file, which was not read', unit('ExecStart=/usr/sbin/sshd -D -f /srv/sshd_config'), 'NOT_ASSESSED'],
    [
      'a unit for keys only',
      { ...debian, [`${vendor}/sshd-keygen.service`]: '[Service]\nExecStart=/usr/sbin/sshd-keygen\n' },
      'PASSED',
    ],
    ['without units: Debian’s defaults file', { '/etc/default/ssh': `SSHD_OPTS="${yes}"\n` }, 'FINDING'],
    ['without units: Red Hat’s', { '/etc/sysconfig/sshd': `OPTIONS="${yes}"\n` }, 'FINDING'],
    ['without units: OpenRC’s', { '/etc/conf.d/sshd': `SSHD_OPTS="${yes}"\n` }, 'FINDING'],
    [
      'without units: one that a shell must read',
      { '/etc/default/ssh': 'SSHD_OPTS="$(cat /etc/options)"\n' },
      'NOT_ASSESSED',
    ],
    ['without units and files', {}, 'PASSED'],
  ])('%s', (_, files, outcome) => {
    expect(judge(files).outcome).toBe(outcome);
  });

  test('names the unit', () => {
    expect(said(judge(dropIn(`Environment="SSHD_OPTS=${yes}"`)))).toContain(
      'command line of ssh.service (-o PermitRootLogin=yes)',
    );
  });

  test('a file that a unit names is judged', () => {
    const files = unit('ExecStart=/usr/sbin/sshd -D -f /srv/sshd_config');
    expect(judge(files, { more: { '/srv/sshd_config': 'PermitRootLogin yes\n' } }).outcome).toBe('FINDING');
    expect(judge(files, { more: { '/srv/sshd_config': 'PermitRootLogin no\n' } }).outcome).toBe('PASSED');
  });

  test('a masked unit starts nothing', () => {
    const files = {
      ...debian,
      '/etc/default/ssh': 'SSHD_OPTS="-oPermitRootLogin=yes"\n',
      ...unit('ExecStart=/usr/sbin/sshd -D'),
    };
    expect(judge(files, { links: [{ path: `${own}/ssh.service`, target: '/dev/null' }] }).outcome).toBe('PASSED');
    expect(judge(files).outcome).toBe('FINDING');
  });

  test('drop-ins of an alias count where the alias is', () => {
    const files = {
      ...debian,
      [`${own}/sshd.service.d/a.conf`]: '[Service]\nEnvironment="SSHD_OPTS=-oPermitRootLogin=yes"\n',
    };
    const links = [{ path: `${own}/sshd.service`, target: `${vendor}/ssh.service` }];
    expect(judge(files, { links }).outcome).toBe('FINDING');
  });

  test('what could not be read is said, and is no pass', () => {
    const hidden = judge(debian, { limitations: [denied('/etc/default/ssh')] });
    expect(hidden.outcome).toBe('NOT_ASSESSED');
    expect(said(hidden)).toContain('SSHD_OPTS may be set: /etc/default/ssh could not be read');
    expect(judge(debian, { limitations: [denied(own)] }).outcome).toBe('NOT_ASSESSED');
    expect(judge({}, { limitations: [denied('/etc/sysconfig/sshd')] }).outcome).toBe('NOT_ASSESSED');
    const safe = { ...debian, '/etc/default/ssh': 'SSHD_OPTS=-4\n' };
    expect(judge(safe, { limitations: [denied('/etc/sysconfig/sshd')] }).outcome).toBe('PASSED');
  });

  test('an agent that does not tell leaves the options unknown', () => {
    const asked = (text: string) =>
      verdict(host({ sshd: sshd({ [main]: text }, { runningArguments: [] }), accounts }), rule.root);
    expect(asked('PermitRootLogin no\n').outcome).toBe('NOT_ASSESSED');
    expect(asked('PermitRootLogin yes\n').outcome).toBe('FINDING');
  });
});

describe('beside a server that runs', () => {
  const running = [['/usr/sbin/sshd', '-D']];
  const files = { ...debian, '/etc/default/ssh': 'SSHD_OPTS="-o PermitRootLogin=yes"\n' };
  const enabled = [{ path: `${own}/multi-user.target.wants/ssh.service`, target: `${vendor}/ssh.service` }];

  test.each<[string, Startup['links'], string]>([
    ['a unit that nothing starts does not count', [], 'PASSED'],
    ['one that starts with the system does', enabled, 'FINDING'],
    [
      'one whose socket is enabled does',
      [{ path: `${own}/sockets.target.wants/ssh.socket`, target: `${vendor}/ssh.socket` }],
      'FINDING',
    ],
  ])('%s', (_, links, outcome) => {
    expect(judge(files, { links, running }).outcome).toBe(outcome);
  });

  test('the same command is one server', () => {
    expect(judge(debian, { links: enabled, running }).observations).toHaveLength(1);
  });

  test('Dropbear is not judged, and that is said', () => {
    const both = judge(debian, { running: [...running, ['/usr/sbin/dropbear', '-p', '2222']] });
    expect(both.outcome).toBe('NOT_ASSESSED');
    expect(said(both)).toContain('"/usr/sbin/dropbear -p 2222" runs as well');
  });
});
