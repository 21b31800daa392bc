import type { EvidenceData } from '@assay/model/evidence/kinds.ts';
import { describe, expect, test } from 'vitest';
import { accounts, config, denied, host, rule, said, sshd, verdict } from './hosts.ts';

const main = '/etc/ssh/sshd_config';
const root = (data: EvidenceData<'sshd'>, ...hidden: string[]) =>
  verdict(host({ sshd: data, accounts }, { sshd: hidden.map(denied) }), rule.root);
const password = (data: EvidenceData<'sshd'>) => verdict(host({ sshd: data }), rule.password);
const protocol = (data: EvidenceData<'sshd'>) => verdict(host({ sshd: data }), rule.protocol);
const drop = (...files: string[]) => [{ pattern: '/etc/ssh/sshd_config.d/*.conf', files }];
const included = '/etc/ssh/sshd_config.d/a.conf';

describe('root login over SSH', () => {
  test.each([
    ['no', 'PASSED'],
    ['No', 'PASSED'],
    ['yes', 'FINDING'],
    ['prohibit-password', 'FINDING'],
    ['without-password', 'FINDING'],
    ['forced-commands-only', 'FINDING'],
    ['maybe', 'NOT_ASSESSED'],
    ['""', 'NOT_ASSESSED'],
  ])('PermitRootLogin %s is %s', (value, outcome) => {
    expect(root(config(`PermitRootLogin ${value}\n`)).outcome).toBe(outcome);
  });

  test.each([
    ['an equals sign', 'permitROOTlogin=no'],
    ['an equals sign between blanks', '  PermitRootLogin =  no'],
    ['quotes', 'PermitRootLogin "no"'],
    ['a quoted keyword', '"PermitRootLogin" no'],
    ['single quotes', "PermitRootLogin 'no'"],
    ['a comment behind', 'PermitRootLogin no # never'],
    ['a carriage return', 'PermitRootLogin no\r'],
    ['the first of two', 'PermitRootLogin no\nPermitRootLogin yes'],
    ['Match all over a permitting global line', 'PermitRootLogin yes\nMatch all\nPermitRootLogin no'],
    ['Match User * over it', 'PermitRootLogin yes\nMatch User *\n  PermitRootLogin no'],
    [
      'a block behind Match all, which is never asked',
      'Match all\nPermitRootLogin no\nMatch User a\nPermitRootLogin yes',
    ],
    ['a block without the keyword', 'PermitRootLogin no\nMatch User a\nX11Forwarding no'],
  ])('reads %s', (_, text) => {
    expect(root(config(text))).toMatchObject({ outcome: 'PASSED' });
  });

  test.each([
    ['a comment', '#PermitRootLogin no'],
    ['the second of two', 'PermitRootLogin yes\nPermitRootLogin no'],
    ['no in a block only', 'Match User a\nPermitRootLogin no'],
    ['a block that permits', 'PermitRootLogin no\nMatch Address 10.0.0.0/8\n  PermitRootLogin yes'],
    ['a block before Match all', 'Match Address 10.0.0.0/8\nPermitRootLogin yes\nMatch all\nPermitRootLogin no'],
  ])('is not fooled by %s', (_, text) => {
    expect(root(config(text)).outcome).toBe('FINDING');
  });

  test('names the block, its line and its text', () => {
    const found = root(
      config('PermitRootLogin no\n\nMatch Address 10.0.0.0/8 User root\n  PermitRootLogin yes # lab\n'),
    );
    expect(said(found)).toContain('/etc/ssh/sshd_config:4');
    expect(said(found)).toContain(
      'PermitRootLogin yes # lab for connections that match "Address 10.0.0.0/8 User root"',
    );
    expect(said(found)).not.toContain('/etc/ssh/sshd_config:1 ');
  });

  test('an included file counts where its Include stands', () => {
    const files = (text: string) => ({ [main]: text, [included]: 'PermitRootLogin no\n' });
    const include = 'Include /etc/ssh/sshd_config.d/*.conf';
    const includes = drop(included);
    expect(root(sshd(files(`${include}\nPermitRootLogin yes`), { includes })).outcome).toBe('PASSED');
    expect(root(sshd(files(`PermitRootLogin yes\n${include}`), { includes })).outcome).toBe('FINDING');
    expect(root(sshd(files(`Match User a\n${include}\n`), { includes })).outcome).toBe('FINDING');
    expect(root(sshd(files(`Match User root\n${include}\n`), { includes })).outcome).toBe('PASSED');
  });

  test('a relative Include is under /etc/ssh, whether the agent gives the pattern as written or whole', () => {
    for (const pattern of ['sshd_config.d/*.conf', '/etc/ssh/sshd_config.d/*.conf']) {
      const files = { [main]: 'Include sshd_config.d/*.conf\n', [included]: 'PermitRootLogin no\n' };
      expect(root(sshd(files, { includes: [{ pattern, files: [included] }] })).outcome).toBe('PASSED');
    }
  });

  test('a Match in an included file ends with the file', () => {
    const files = {
      [main]: `Include ${included}\nPermitRootLogin no\n`,
      [included]: 'Match User a\nX11Forwarding no\n',
    };
    expect(root(sshd(files, { includes: [{ pattern: included, files: [included] }] })).outcome).toBe('PASSED');
  });

  test('Match all in a file that a Match block includes is for that block only', () => {
    const files = {
      [main]: `PermitRootLogin no\nMatch Address 10.0.0.0/8\nInclude ${included}\n`,
      [included]: 'Match all\nPermitRootLogin yes\n',
    };
    const found = root(sshd(files, { includes: [{ pattern: included, files: [included] }] }));
    expect(said(found)).toContain('"Address 10.0.0.0/8, and all"');
  });

  test('an Include of itself is not assessed, and ends', () => {
    const files = { [main]: `Include ${main} ${main} ${main}\nPermitRootLogin no\n` };
    const verdict = root(sshd(files, { includes: [{ pattern: main, files: [main] }] }));
    expect(verdict.outcome).toBe('NOT_ASSESSED');
    expect(said(verdict)).toContain('16 levels');
  });

  test('Includes that multiply come to an end', () => {
    const names = Array.from({ length: 15 }, (_, level) => `/etc/ssh/${level}`);
    const files = Object.fromEntries(names.map((name, level) => [name, `Include /etc/ssh/${level + 1}\n`.repeat(10)]));
    const includes = names.map((name) => ({ pattern: name, files: [name] }));
    const data = sshd({ ...files, '/etc/ssh/15': '' }, { includes, configPath: '/etc/ssh/0' });
    expect(said(root(data))).toContain('longer than is read');
  });

  test('what could not be read is not assessed, unless what stands before it decides', () => {
    const files = (text: string) => sshd({ [main]: text }, { includes: drop(included) });
    const include = 'Include /etc/ssh/sshd_config.d/*.conf';
    const hidden = root(files(`${include}\nPermitRootLogin no\n`), included);
    expect(hidden.outcome).toBe('NOT_ASSESSED');
    expect(said(hidden)).toContain(`${main}:1: ${included} could not be read: ${included}: PERMISSION_DENIED (EACCES)`);
    expect(root(files(`${include}\nPermitRootLogin yes\n`), included).outcome).toBe('NOT_ASSESSED');
    expect(root(files(`PermitRootLogin no\n${include}\n`), included).outcome).toBe('NOT_ASSESSED');
    expect(root(files(`PermitRootLogin yes\n${include}\n`), included).outcome).toBe('FINDING');
  });

  test('a folder of drop-ins that could not be listed is not assessed', () => {
    const data = sshd({ [main]: 'Include /etc/ssh/sshd_config.d/*.conf\nPermitRootLogin no\n' }, { includes: drop() });
    expect(root(data).outcome).toBe('PASSED');
    expect(root(data, '/etc/ssh/sshd_config.d').outcome).toBe('NOT_ASSESSED');
    expect(root(data, '/etc/ssh/sshd_config.d/secret.conf').outcome).toBe('NOT_ASSESSED');
    expect(root(data, '/usr/sbin/sshd -T').outcome).toBe('PASSED');
  });

  test('a pattern or a main file that was not reported is not assessed', () => {
    expect(said(root(config('Include extra/*.conf\nPermitRootLogin no\n')))).toContain('Include extra/*.conf');
    expect(root(sshd({})).outcome).toBe('NOT_ASSESSED');
  });

  test.each([
    [['/usr/sbin/sshd', '-D', '-o', 'PermitRootLogin=no'], 'PASSED'],
    [['/usr/sbin/sshd', '-DoPermitRootLogin no'], 'PASSED'],
    [['sshd: /usr/sbin/sshd -D -o PermitRootLogin no [listener] 0 of 10-100 startups', '', ''], 'PASSED'],
    [['sshd: /usr/sbin/sshd -D -oPermitRootLogin=no -p 22 [listener] 0 of 10-100 startups'], 'PASSED'],
    [['sshd: /usr/sbin/sshd -o UsePAM no -o PermitRootLogin no [listener] 0 of 10-100 startups'], 'PASSED'],
    [['sshd: root@pts/0'], 'FINDING'],
    [['/usr/sbin/sshd', '-D', '-p', '22', '--', '-o', 'PermitRootLogin=no'], 'FINDING'],
    [['/usr/sbin/sshd', '-o', 'PermitRootLogin=yes', '-o', 'PermitRootLogin=no'], 'FINDING'],
    [['/usr/sbin/sshd', '-f', '/srv/sshd_config'], 'PASSED'],
    [['/usr/sbin/sshd', '-f', 'none'], 'FINDING'],
  ])('the command line %j is judged: %s', (args, outcome) => {
    const files = { [main]: 'PermitRootLogin yes\n', '/srv/sshd_config': 'PermitRootLogin no\n' };
    expect(root(sshd(files, { runningArguments: [args] })).outcome).toBe(outcome);
  });

  test('of two servers the weaker one counts, each with its own file', () => {
    const files = { '/srv/sshd_config': 'PermitRootLogin no\n', [main]: 'PermitRootLogin yes\n' };
    const runningArguments = [['/usr/sbin/sshd', '-f', '/srv/sshd_config'], ['/usr/sbin/sshd']];
    const found = root(sshd(files, { runningArguments, configPath: '/srv/sshd_config' }));
    expect(said(found)).toContain(`${main}:1 (PermitRootLogin yes)`);
  });

  test('the default before 7.0 is named', () => {
    expect(said(root(sshd({ [main]: '' }, { version: '6.6.1p1' })))).toContain('PermitRootLogin yes (the default');
  });

  test('what sshd -T said is kept beside it', () => {
    const data = { ...config('PermitRootLogin no'), effective: 'port 22\npermitrootlogin no\n' };
    expect(root(data).observations).toContainEqual({ source: 'sshd -T', observed: 'permitrootlogin no' });
  });
});

describe('Match blocks and root', () => {
  const permits = (criteria: string) => `PermitRootLogin no\nMatch ${criteria}\n  PermitRootLogin yes\n`;
  const forbids = (criteria: string) => `PermitRootLogin yes\nMatch ${criteria}\n  PermitRootLogin no\n`;
  // As sshd -T -C user=root answers; root's only group here is root.
  test.each([
    [permits('User anoncvs'), 'PASSED'],
    [permits('User *,!root'), 'PASSED'],
    [permits('User !root'), 'PASSED'],
    [permits('User r??t'), 'FINDING'],
    [permits('User "ro*"'), 'FINDING'],
    [permits('User Root'), 'PASSED'],
    [permits('User admin,root'), 'FINDING'],
    [permits('User=root'), 'FINDING'],
    [permits('Group sftponly'), 'PASSED'],
    [permits('Group root'), 'FINDING'],
    [permits('Group *,!root'), 'PASSED'],
    [permits('Group sudo'), 'FINDING'],
    [permits('Group sudo,!root'), 'PASSED'],
    [permits('User root Group sftponly'), 'PASSED'],
    [permits('User anoncvs Address 10.0.0.0/8'), 'PASSED'],
    [permits('User root Address 10.0.0.0/8'), 'FINDING'],
    [permits('Address !10.0.0.0/8'), 'PASSED'],
    [permits('Host *.example.org'), 'FINDING'],
    [permits('LocalPort 2222'), 'FINDING'],
    [permits('invalid-user'), 'PASSED'],
    [forbids('User root'), 'PASSED'],
    [forbids('Group root'), 'PASSED'],
    [forbids('User *,!anna'), 'PASSED'],
    [forbids('User root Address 10.0.0.0/8'), 'FINDING'],
    [forbids('User anna'), 'FINDING'],
    [`Match Group sudo\nPermitRootLogin no\n${permits('User root')}`, 'PASSED'],
  ])('%j is %s', (text, outcome) => {
    expect(root(config(text)).outcome).toBe(outcome);
  });

  test('a second account with the user id 0 is root as well', () => {
    const toor = { name: 'toor', uid: 0, gid: 27 };
    const known = { ...accounts, accounts: [...accounts.accounts, toor] };
    const asked = (text: string) => verdict(host({ sshd: config(text), accounts: known }), rule.root).outcome;
    expect(asked(permits('User toor'))).toBe('FINDING');
    expect(asked(permits('Group sudo'))).toBe('FINDING');
    expect(asked(forbids('User root'))).toBe('FINDING');
    expect(asked(forbids('User root,toor'))).toBe('PASSED');
  });

  test('without the accounts only what names root, or nobody, is known', () => {
    const asked = (text: string) => verdict(host({ sshd: config(text) }), rule.root);
    expect(asked('PermitRootLogin no').outcome).toBe('PASSED');
    expect(asked(permits('User root')).outcome).toBe('FINDING');
    expect(asked(permits('Address 10.0.0.0/8')).outcome).toBe('FINDING');
    expect(asked(permits('User anoncvs')).outcome).toBe('NOT_ASSESSED');
    expect(said(asked(permits('Group sftponly')))).toContain(
      '"Match Group sftponly" (/etc/ssh/sshd_config:2) matches root is not known',
    );
    const hidden = host({ sshd: config(permits('User anoncvs')), accounts }, { accounts: [denied('/etc/passwd')] });
    expect(verdict(hidden, rule.root).outcome).toBe('NOT_ASSESSED');
  });

  test('says that users and groups are restricted beside it', () => {
    const found = said(root(config('PermitRootLogin yes\nDenyUsers root\n')));
    expect(found).toContain('Beside it stands /etc/ssh/sshd_config:2 (DenyUsers root), which may keep accounts out');
  });

  test('patterns that are made to be slow are compared in little time', () => {
    const text = Array.from({ length: 500 }, () => permits(`User ${'*a'.repeat(500)}b`)).join('');
    expect(root(config(text)).outcome).toBe('PASSED');
  });
});

describe('the configuration that sshd refuses', () => {
  const asked = (detail: string, text: string, id: string = rule.root, subject = '/usr/sbin/sshd -T -C user=root') =>
    verdict(host({ sshd: config(text), accounts }, { sshd: [{ code: 'UNREADABLE', subject, detail }] }), id);
  const safe = 'PermitRootLogin no\nPasswordAuthentication no\nKbdInteractiveAuthentication no\n';
  test.each([
    [
      'exit 255: /etc/ssh/sshd_config: line 4: Bad configuration option: Bogus\r\n/etc/ssh/sshd_config: terminating, 1 bad configuration options',
    ],
    ['exit 255: /etc/ssh/sshd_config line 1: keyword PermitRootLogin extra arguments at end of line'],
    ['exit 255: /etc/ssh/sshd_config line 1: unsupported option "maybe".'],
    ["exit 255: /etc/ssh/sshd_config line 3: Directive 'Port' is not allowed within a Match block"],
    ['exit 139: '],
  ])('%j is not assessed', (detail) => {
    for (const id of [rule.root, rule.password]) {
      expect(asked(detail, safe, id)).toMatchObject({
        outcome: 'NOT_ASSESSED',
        reason: expect.stringContaining('sshd refuses'),
      });
    }
    expect(asked(detail, 'PermitRootLogin yes').outcome).toBe('NOT_ASSESSED');
  });

  test.each([
    ['exit 255: Missing privilege separation directory: /run/sshd'],
    ['exit 1: sshd: no hostkeys available -- exiting.'],
    [
      'exit 1: /etc/ssh/sshd_config line 9: Deprecated option UsePrivilegeSeparation\r\nsshd: no hostkeys available -- exiting.',
    ],
    ['exit 255: Privilege separation user sshd does not exist'],
    ['exit 255: /var/empty must be owned by root and not group or world-writable.'],
    ['exit 1: Invalid test mode specification laddr=192.0.2.2'],
    ['exit 1: /etc/ssh/sshd_config: Permission denied'],
  ])('%j says nothing against it', (detail) => {
    expect(asked(detail, safe).outcome).toBe('PASSED');
    expect(asked(detail, 'PermitRootLogin yes').outcome).toBe('FINDING');
  });

  test('a refusal is about the file that was asked about', () => {
    const files = { [main]: 'PermitRootLogin no\n', '/srv/sshd_config': 'PermitRootLogin yes\n' };
    const runningArguments = [['/usr/sbin/sshd'], ['/usr/sbin/sshd', '-f', '/srv/sshd_config']];
    const refusal = (subject: string) =>
      verdict(
        host(
          { sshd: sshd(files, { runningArguments }), accounts },
          { sshd: [{ code: 'UNREADABLE', subject, detail: 'exit 255: line 1' }] },
        ),
        rule.root,
      ).outcome;
    expect(refusal('/usr/sbin/sshd -T -f /srv/sshd_config -C user=root')).toBe('NOT_ASSESSED');
    expect(refusal('/usr/sbin/sshd -T -C user=root')).toBe('FINDING');
  });

  test('a test mode that was not run says nothing', () => {
    const limitation = {
      code: 'UNSUPPORTED' as const,
      subject: '/usr/sbin/sshd -T -C user=root',
      detail: 'commands are not run',
    };
    expect(verdict(host({ sshd: config(safe), accounts }, { sshd: [limitation] }), rule.root).outcome).toBe('PASSED');
  });
});

describe('what sshd -T says of root', () => {
  const asked = (text: string, effective: string, id: string = rule.root) =>
    verdict(host({ sshd: { ...config(text), effective }, accounts }), id);

  test.each([
    ['PermitRootLogin no', 'permitrootlogin no', 'PASSED'],
    ['PermitRootLogin no', 'permitrootlogin yes', 'NOT_ASSESSED'],
    ['PermitRootLogin yes', 'permitrootlogin no', 'NOT_ASSESSED'],
    ['PermitRootLogin yes', 'permitrootlogin without-password', 'FINDING'],
    ['PermitRootLogin no', 'port 22', 'PASSED'],
    ['PermitRootLogin no\nMatch User root\nPermitRootLogin yes', 'permitrootlogin no', 'NOT_ASSESSED'],
    ['PermitRootLogin no\nMatch Address 10.0.0.0/8\nPermitRootLogin yes', 'permitrootlogin no', 'FINDING'],
    ['PermitRootLogin no\nMatch Address 192.0.2.0/24\nPermitRootLogin yes', 'permitrootlogin no', 'NOT_ASSESSED'],
    ['PermitRootLogin no\nMatch Address *,!192.0.2.1\nPermitRootLogin yes', 'permitrootlogin no', 'FINDING'],
    ['PermitRootLogin no\nMatch LocalPort 22 Host h\nPermitRootLogin yes', 'permitrootlogin yes', 'FINDING'],
    ['PermitRootLogin no\nMatch RDomain *\nPermitRootLogin yes', 'permitrootlogin no', 'FINDING'],
  ])('%j and %j: %s', (text, effective, outcome) => {
    expect(asked(text, effective).outcome).toBe(outcome);
  });

  test('names both', () => {
    expect(said(asked('PermitRootLogin no', 'permitrootlogin yes'))).toContain(
      'sshd -T says permitrootlogin yes for root, and the files say PermitRootLogin no',
    );
  });

  test('of passwords as well', () => {
    const text = 'PasswordAuthentication no\nUsePAM no\n';
    const lines = 'passwordauthentication no\nkbdinteractiveauthentication yes\nusepam ';
    expect(asked(text, `${lines}no`, rule.password).outcome).toBe('PASSED');
    expect(asked(text, `${lines}yes`, rule.password).outcome).toBe('NOT_ASSESSED');
  });
});

describe('passwords over SSH', () => {
  test.each([
    ['', 'FINDING'],
    ['PasswordAuthentication no', 'PASSED'],
    ['PasswordAuthentication yes', 'FINDING'],
    ['PasswordAuthentication no\nUsePAM yes', 'FINDING'],
    ['PasswordAuthentication no\nUsePAM yes\nKbdInteractiveAuthentication no', 'PASSED'],
    ['PasswordAuthentication no\nUsePAM yes\nChallengeResponseAuthentication no', 'PASSED'],
    [
      'PasswordAuthentication no\nUsePAM yes\nChallengeResponseAuthentication no\nKbdInteractiveAuthentication yes',
      'PASSED',
    ],
    ['PasswordAuthentication no\nUsePAM no\nKbdInteractiveAuthentication yes', 'PASSED'],
    ['PasswordAuthentication perhaps', 'NOT_ASSESSED'],
    ['PasswordAuthentication false', 'NOT_ASSESSED'],
    ['PasswordAuthentication no\nMatch User a\nPasswordAuthentication yes', 'FINDING'],
    [
      'PasswordAuthentication no\nUsePAM yes\nKbdInteractiveAuthentication no\nMatch User a\nKbdInteractiveAuthentication yes',
      'FINDING',
    ],
    ['PasswordAuthentication yes\nAuthenticationMethods publickey', 'PASSED'],
    [
      'PasswordAuthentication yes\nAuthenticationMethods publickey,password publickey,keyboard-interactive:pam',
      'PASSED',
    ],
    ['PasswordAuthentication yes\nAuthenticationMethods publickey,password password', 'FINDING'],
    ['PasswordAuthentication yes\nAuthenticationMethods any', 'FINDING'],
    [
      'PasswordAuthentication no\nMatch User a\nPasswordAuthentication yes\nAuthenticationMethods publickey,password',
      'PASSED',
    ],
    ['AuthenticationMethods publickey\nMatch User a\nAuthenticationMethods password', 'FINDING'],
    ['UsePAM yes\nAuthenticationMethods keyboard-interactive:pam', 'FINDING'],
    ['PasswordAuthentication no\nMatch invalid-user\nPasswordAuthentication yes', 'PASSED'],
    ['PasswordAuthentication no\nMatch User !bob\nPasswordAuthentication yes', 'PASSED'],
    ['PasswordAuthentication no\nMatch Group sftponly\nPasswordAuthentication yes', 'FINDING'],
    [
      'PasswordAuthentication no\nMatch Group a\nAuthenticationMethods any\nMatch Group b\nPasswordAuthentication yes\nAuthenticationMethods publickey,password',
      'FINDING',
    ],
    [
      'PasswordAuthentication no\nMatch User a\nAuthenticationMethods any\nMatch User b\nPasswordAuthentication yes\nAuthenticationMethods publickey,password',
      'PASSED',
    ],
  ])('%j is %s', (text, outcome) => {
    expect(password(config(text)).outcome).toBe(outcome);
  });

  test('before 8.7 ChallengeResponseAuthentication was a setting of its own', () => {
    const text =
      'PasswordAuthentication no\nUsePAM yes\nChallengeResponseAuthentication no\nKbdInteractiveAuthentication yes\n';
    expect(password({ ...config(text), version: '8.4p1' }).outcome).toBe('FINDING');
    const only = 'PasswordAuthentication no\nUsePAM yes\nKbdInteractiveAuthentication no\n';
    expect(password({ ...config(only), version: '8.4p1' }).outcome).toBe('FINDING');
    expect(password({ ...config(only), version: '8.7p1' }).outcome).toBe('PASSED');
    const inBlock = 'ChallengeResponseAuthentication no\nMatch User a\nKbdInteractiveAuthentication yes\n';
    const block = config(`PasswordAuthentication no\nUsePAM yes\n${inBlock}`);
    expect(password({ ...block, version: '8.4p1' }).outcome).toBe('FINDING');
  });

  test('names both settings of keyboard-interactive', () => {
    const text = said(password(config('PasswordAuthentication no\nUsePAM yes\n')));
    expect(text).toContain('KbdInteractiveAuthentication yes (the default: it is not set)');
    expect(text).toContain('/etc/ssh/sshd_config:2 (UsePAM yes)');
  });

  test('says when only AuthenticationMethods keeps passwords out', () => {
    const { observations } = password(config('AuthenticationMethods publickey,password\n'));
    expect(observations[0]?.observed).toContain('AuthenticationMethods accepts none alone');
  });
});

describe('SSH protocol 1', () => {
  const old = (version: string | undefined, text = '') => protocol({ ...config(text), version });
  test.each([
    ['9.2p1', 'Protocol 1', 'PASSED'],
    ['7.4p1', '', 'PASSED'],
    ['1:9.2p1-2+deb12u3', '', 'PASSED'],
    ['10.0p2', 'Protocol 1', 'PASSED'],
    ['7.3p1', 'Protocol 2', 'PASSED'],
    ['7.3p1', '', 'PASSED'],
    ['7.3p1', 'Protocol 2,1', 'FINDING'],
    ['6.6.1p1', 'Protocol 1', 'FINDING'],
    ['5.3p1', '', 'FINDING'],
    ['5.3p1', 'Protocol 2', 'PASSED'],
    ['5.3p1', 'Protocol 3', 'NOT_ASSESSED'],
    [undefined, 'Protocol 2', 'PASSED'],
    [undefined, 'Protocol 1', 'NOT_ASSESSED'],
    [undefined, '', 'NOT_ASSESSED'],
    ['unknown', '', 'NOT_ASSESSED'],
  ])('OpenSSH %s with %j is %s', (version, text, outcome) => {
    expect(old(version, text).outcome).toBe(outcome);
  });

  test('an old server whose configuration is hidden is not assessed', () => {
    expect(protocol(sshd({}, { version: '5.3p1' })).outcome).toBe('NOT_ASSESSED');
  });
});

describe('which SSH server', () => {
  test('none installed: the three rules do not apply', () => {
    const none = { ...sshd({}), installed: false };
    expect([root(none), protocol(none), password(none)].map(({ outcome }) => outcome)).toEqual(
      Array(3).fill('NOT_APPLICABLE'),
    );
  });

  test('dropbear never had protocol 1; its logins are not judged', () => {
    for (const data of [
      sshd({}, { implementation: 'dropbear', version: '2022.83' }),
      sshd({}, { implementation: undefined, binary: '/usr/sbin/dropbear', version: undefined }),
    ]) {
      expect([root(data), protocol(data), password(data)].map(({ outcome }) => outcome)).toEqual([
        'NOT_ASSESSED',
        'PASSED',
        'NOT_ASSESSED',
      ]);
    }
    expect(protocol(sshd({}, { implementation: 'lsh' })).outcome).toBe('NOT_ASSESSED');
  });

  test('evidence without data gives its limitations as the reason', () => {
    const evidence = host({ sshd: undefined }, { sshd: [denied('/etc/ssh/sshd_config')] });
    for (const id of [rule.root, rule.protocol, rule.password]) {
      expect(verdict(evidence, id)).toMatchObject({
        outcome: 'NOT_ASSESSED',
        reason: expect.stringContaining('/etc/ssh/sshd_config: PERMISSION_DENIED (EACCES)'),
      });
    }
  });
});
