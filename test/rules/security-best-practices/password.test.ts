import type { Limitation } from '@assay/model/evidence/document.ts';
import type { EvidenceData } from '@assay/model/evidence/kinds.ts';
import { describe, expect, test } from 'vitest';
import { accounts, debianPam, denied, host, rule, said, texts, verdict } from './hosts.ts';

type Files = Readonly<Record<string, string>>;
type Libraries = EvidenceData<'passwordPolicy'>['libraries'];
const current: Libraries = { libpwquality: '1.4.5-1+b1', libpam: '1.7.0-5', pwhistoryReadsFile: true };
const judge = (id: string, files: Files, limitations: readonly Limitation[] = [], libraries: Libraries = current) =>
  verdict(host({ passwordPolicy: { files: texts(files), libraries } }, { passwordPolicy: limitations }), id);
const length = (files: Files, ...hidden: string[]) => judge(rule.length, files, hidden.map(denied));
const complexity = (files: Files, ...hidden: string[]) => judge(rule.complexity, files, hidden.map(denied));

const main = '/etc/security/pwquality.conf';
const rhel = (stack: string): Files => ({
  '/etc/pam.d/passwd':
    '#%PAM-1.0\npassword   substack   system-auth\n-password   optional   pam_gnome_keyring.so use_authtok\n',
  '/etc/pam.d/system-auth': stack,
  '/etc/pam.d/password-auth': stack,
});
const rhelStack = (quality: string, unix = '') => `auth        required      pam_env.so
${quality}
password    sufficient    pam_unix.so sha512 shadow nullok use_authtok ${unix}
password    [success=1 default=ignore]   pam_localuser.so
password    sufficient    pam_sss.so use_authtok
password    required      pam_deny.so
session     required      pam_limits.so
`;
const pwquality = 'password requisite pam_pwquality.so retry=3';

describe('minimum length', () => {
  test.each<[string, Files, string]>([
    ['Debian as delivered', debianPam(''), 'FINDING'],
    ['the library’s default', debianPam(pwquality), 'FINDING'],
    ['an argument', debianPam(`${pwquality} minlen=8`), 'PASSED'],
    ['too short', debianPam(`${pwquality} minlen=7`), 'FINDING'],
    ['pwquality.conf', { ...debianPam(pwquality), [main]: '# minlen = 8\n  MinLen=14 # ours\n' }, 'PASSED'],
    ['a comment only', { ...debianPam(pwquality), [main]: '# minlen = 14\n' }, 'FINDING'],
    ['an argument over pwquality.conf', { ...debianPam(`${pwquality} minlen=6`), [main]: 'minlen = 14\n' }, 'FINDING'],
    [
      'pwquality.conf over a drop-in',
      { ...debianPam(pwquality), [main]: 'minlen = 14\n', [`${main}.d/10.conf`]: 'minlen=6\n' },
      'PASSED',
    ],
    [
      'the last drop-in by name',
      { ...debianPam(pwquality), [`${main}.d/20.conf`]: 'minlen=14\n', [`${main}.d/10.conf`]: 'minlen=6\n' },
      'PASSED',
    ],
    ['a drop-in of another suffix', { ...debianPam(pwquality), [`${main}.d/20.bak`]: 'minlen=14\n' }, 'FINDING'],
    ['credits taken off', debianPam(`${pwquality} minlen=10 lcredit=1 ucredit=1 dcredit=1`), 'FINDING'],
    ['enforcing off', { ...debianPam(`${pwquality} minlen=14`), [main]: 'enforcing = 0\n' }, 'FINDING'],
    ['optional', debianPam('password optional pam_pwquality.so minlen=14'), 'FINDING'],
    ['sufficient', debianPam('password sufficient pam_pwquality.so minlen=14'), 'FINDING'],
    ['required', debianPam('password required pam_pwquality.so minlen=14'), 'PASSED'],
    ['brackets that stop', debianPam('password [success=ok default=die] pam_pwquality.so minlen=14'), 'PASSED'],
    ['brackets that ignore', debianPam('password [success=ok default=ignore] pam_pwquality.so minlen=14'), 'FINDING'],
    [
      'brackets by return value',
      debianPam('password [authtok_err=die default=ignore] pam_pwquality.so minlen=14'),
      'PASSED',
    ],
    [
      'a jump over the refusal',
      debianPam('password [success=1 default=ignore] pam_pwquality.so minlen=14\npassword requisite pam_deny.so'),
      'PASSED',
    ],
    [
      'a jump over the module',
      debianPam(`password [success=1 default=ignore] pam_permit.so\n${pwquality} minlen=14`),
      'FINDING',
    ],
    [
      'a module on a condition',
      debianPam(`password [success=1 default=ignore] pam_succeed_if.so user ingroup x\n${pwquality} minlen=14`),
      'FINDING',
    ],
    [
      'a module on the opposite of a condition',
      debianPam(`password [success=ignore default=1] pam_succeed_if.so user ingroup x\n${pwquality} minlen=14`),
      'FINDING',
    ],
    [
      'a reset behind a refusal that has ended the stack',
      debianPam(`${pwquality} minlen=14\npassword [default=reset] pam_permit.so`),
      'PASSED',
    ],
    [
      'a reset behind a refusal that has not',
      debianPam('password required pam_pwquality.so minlen=14\npassword [default=reset] pam_permit.so'),
      'FINDING',
    ],
    ['another folder’s module', debianPam('password requisite /usr/lib/security/pam_pwquality.so minlen=14'), 'PASSED'],
    ['a continued line', debianPam('password requisite \\\n  pam_pwquality.so \\\n  minlen=14'), 'PASSED'],
    ['an argument in brackets', debianPam('password requisite pam_pwquality.so [minlen=14]'), 'PASSED'],
    ['capitals and a dash', debianPam('-PASSWORD Requisite pam_pwquality.so minlen=14'), 'PASSED'],
    ['a comment behind', debianPam(`${pwquality} # minlen=14`), 'FINDING'],
    ['another type', debianPam('auth requisite pam_pwquality.so minlen=14'), 'FINDING'],
    ['pam_unix by itself', debianPam('', 'obscure yescrypt minlen=12'), 'PASSED'],
    ['cracklib', debianPam('password required pam_cracklib.so minlen=12 difok=3'), 'PASSED'],
    ['cracklib, whose credits shorten', debianPam('password required pam_cracklib.so minlen=9'), 'FINDING'],
    [
      'cracklib without credits',
      debianPam('password required pam_cracklib.so minlen=8 lcredit=-1 ucredit=-1 dcredit=-1 ocredit=-1'),
      'PASSED',
    ],
    [
      'cracklib does not read pwquality.conf',
      { ...debianPam('password required pam_cracklib.so'), [main]: 'minlen=14' },
      'FINDING',
    ],
    ['passwdqc', debianPam('password required pam_passwdqc.so min=disabled,24,11,8,8'), 'PASSED'],
    [
      'passwdqc too short for one kind',
      debianPam('password required pam_passwdqc.so min=disabled,24,11,8,7'),
      'FINDING',
    ],
    ['passwdqc’s default', debianPam('password required pam_passwdqc.so'), 'FINDING'],
    [
      'passwdqc that only warns',
      debianPam('password required pam_passwdqc.so min=12,12,12,12,12 enforce=none'),
      'FINDING',
    ],
    [
      'passwdqc’s file',
      {
        ...debianPam('password required pam_passwdqc.so config=/etc/passwdqc.conf'),
        '/etc/passwdqc.conf': 'min=disabled,24,11,9,9\n',
      },
      'PASSED',
    ],
    [
      'passwdqc’s file that names itself',
      {
        ...debianPam('password required pam_passwdqc.so config=/etc/passwdqc.conf'),
        '/etc/passwdqc.conf': 'config=/etc/passwdqc.conf\nmin=9,9,9,9,9\n',
      },
      'PASSED',
    ],
    [
      'passwdqc’s file, not reported',
      debianPam('password required pam_passwdqc.so config=/srv/passwdqc.conf'),
      'NOT_ASSESSED',
    ],
    ['Red Hat', rhel(rhelStack('password requisite pam_pwquality.so local_users_only minlen=14')), 'PASSED'],
    ['Red Hat as delivered', rhel(rhelStack('password requisite pam_pwquality.so local_users_only')), 'FINDING'],
    [
      'Red Hat, the module behind a sufficient one',
      rhel(rhelStack('password sufficient pam_unix.so\npassword requisite pam_pwquality.so minlen=14')),
      'FINDING',
    ],
    [
      'Red Hat, only one of the two stacks',
      { ...rhel(rhelStack(`${pwquality} minlen=14`)), '/etc/pam.d/password-auth': rhelStack(pwquality) },
      'FINDING',
    ],
    [
      'Arch, with a home that is not systemd’s',
      {
        '/etc/pam.d/passwd': 'password include system-auth\n',
        '/etc/pam.d/system-auth':
          '-password [success=1 default=ignore] pam_systemd_home.so\npassword requisite pam_pwquality.so minlen=10\npassword required pam_unix.so use_authtok\n',
      },
      'PASSED',
    ],
    [
      'the distribution’s folder',
      { '/usr/lib/pam.d/passwd': `${pwquality} minlen=9\npassword required pam_unix.so\n` },
      'PASSED',
    ],
    [
      '/etc/pam.d over it',
      { '/usr/lib/pam.d/passwd': `${pwquality} minlen=9\n`, '/etc/pam.d/passwd': 'password required pam_unix.so\n' },
      'FINDING',
    ],
    [
      'common-password without passwd',
      { '/etc/pam.d/common-password': `${pwquality} minlen=9\npassword required pam_unix.so\n` },
      'PASSED',
    ],
    ['no PAM reported', { '/etc/login.defs': '' }, 'NOT_ASSESSED'],
    ['an include that was not reported', { '/etc/pam.d/passwd': '@include common-password\n' }, 'NOT_ASSESSED'],
    ['an include of itself', { '/etc/pam.d/passwd': '@include passwd\n@include passwd\n' }, 'NOT_ASSESSED'],
    [
      'an unknown include beside what suffices',
      { '/etc/pam.d/passwd': `${pwquality} minlen=9\npassword include other-thing\n` },
      'PASSED',
    ],
  ])('%s', (_, files, outcome) => {
    expect(length(files).outcome).toBe(outcome);
  });

  test('says which line accepts what', () => {
    const text = said(length(debianPam('password required pam_cracklib.so minlen=9')));
    expect(text).toContain('/etc/pam.d/common-password:1: minlen=9, less 4 for credits accepts 5 characters');
  });

  test('says why a module does not count', () => {
    const text = said(length(debianPam('password optional pam_pwquality.so minlen=14')));
    expect(text).toContain('pam_pwquality.so is not enforced ("optional" lets the change through all the same)');
  });

  test('files that could not be read are not assessed, unless arguments decide', () => {
    expect(length(debianPam(pwquality), main).outcome).toBe('NOT_ASSESSED');
    expect(length(debianPam(pwquality), `${main}.d`).outcome).toBe('NOT_ASSESSED');
    expect(length(debianPam(`${pwquality} minlen=14`), main).outcome).toBe('PASSED');
    expect(length({}, '/etc/pam.d').outcome).toBe('NOT_ASSESSED');
    expect(length({ '/usr/lib/pam.d/passwd': `${pwquality} minlen=14` }, '/etc/pam.d').outcome).toBe('NOT_ASSESSED');
    expect(length({ '/usr/lib/pam.d/passwd': `${pwquality} minlen=14` }, '/etc/pam.d/passwd').outcome).toBe(
      'NOT_ASSESSED',
    );
    expect(said(length({ '/etc/login.defs': '' }, '/etc/pam.d/passwd'))).toContain(
      '/etc/pam.d/passwd could not be read',
    );
  });

  test('a host that has no PAM enforces nothing', () => {
    const none: Limitation = { code: 'NOT_PRESENT', subject: '/etc/pam.d' };
    for (const id of [rule.length, rule.complexity]) {
      const found = judge(id, { '/etc/login.defs': '' }, [none]);
      expect(said(found)).toContain('no PAM configuration on this host');
    }
  });
});

describe('what stores the password', () => {
  const quality = 'pam_pwquality.so minlen=14';
  const unix = (args: string) =>
    `password [success=1 default=ignore] pam_unix.so ${args}\npassword requisite pam_deny.so\npassword required pam_permit.so\n`;
  const stack = (...lines: string[]) => ({ '/etc/pam.d/common-password': `${lines.join('\n')}\n` });
  // Each as the real passwd and pam_unix of Debian 12 do it.
  test.each<[string, Files, string]>([
    [
      'the module comes after pam_unix',
      stack(unix('yescrypt'), 'password required pam_permit.so', `password required ${quality}`),
      'FINDING',
    ],
    [
      'the module comes after a required pam_unix',
      stack('password required pam_unix.so', `password requisite ${quality}`),
      'FINDING',
    ],
    [
      'a substack stores first',
      {
        ...stack('password substack store', `password requisite ${quality}`),
        '/etc/pam.d/store': 'password required pam_unix.so\n',
      },
      'FINDING',
    ],
    [
      'the stack goes on, and pam_unix asks by itself',
      stack(`password required ${quality}`, unix('yescrypt')),
      'FINDING',
    ],
    [
      'the stack goes on, and try_first_pass does not help',
      stack(`password required ${quality}`, unix('try_first_pass yescrypt')),
      'FINDING',
    ],
    [
      'the stack goes on, and pam_unix has only what was refused',
      stack(`password required ${quality}`, unix('use_authtok yescrypt')),
      'PASSED',
    ],
    [
      'the stack ends, so that pam_unix is not asked',
      stack(`password requisite ${quality}`, unix('yescrypt')),
      'PASSED',
    ],
    [
      'the refusal jumps over pam_unix',
      stack(`password [success=ignore default=3] ${quality}`, unix('yescrypt')),
      'PASSED',
    ],
    [
      'more tries return another code',
      stack(`password [success=ok authtok_err=die default=ignore] ${quality} retry=3`, unix('use_authtok')),
      'FINDING',
    ],
    [
      'more tries, that code too',
      stack(
        `password [success=ok authtok_err=die maxtries=die default=ignore] ${quality} retry=3`,
        unix('use_authtok'),
      ),
      'PASSED',
    ],
    ['pam_unix refuses by itself', stack(unix('minlen=12')), 'PASSED'],
    ['another pam_unix stores first', stack('password optional pam_unix.so', unix('minlen=12')), 'FINDING'],
  ])('%s', (_, files, outcome) => {
    expect(length(files).outcome).toBe(outcome);
  });

  test('says which line stores it', () => {
    const late = said(length(stack('password required pam_unix.so', `password required ${quality}`)));
    expect(late).toContain(
      'it comes after pam_unix.so (/etc/pam.d/common-password:1), which has stored the password by then',
    );
    const again = said(length(stack(`password required ${quality}`, 'password required pam_unix.so')));
    expect(again).toContain(
      'pam_unix.so (/etc/pam.d/common-password:2), called without use_authtok, then asks for a password itself',
    );
  });

  test('a history at the end of the stack is too late', () => {
    const all = 'password requisite pam_pwquality.so minclass=4';
    const kept = 'password required pam_pwhistory.so remember=24 use_authtok';
    expect(complexity(stack(all, kept, unix('use_authtok'))).outcome).toBe('PASSED');
    expect(complexity(stack(all, unix('use_authtok'), 'password required pam_permit.so', kept)).outcome).toBe(
      'FINDING',
    );
  });
});

describe('what the installed libraries read', () => {
  const asked = (files: Files, libraries: Libraries, ...hidden: Limitation[]) =>
    judge(rule.length, { ...debianPam(pwquality), ...files }, hidden, libraries);

  // As pwscore of libpwquality 1.4.5 reads them.
  test.each<[string, string]>([
    ['minlen=14', 'PASSED'],
    ['minlen 14', 'PASSED'],
    ['minlen\t14\r', 'PASSED'],
    ['MINLEN = +14 # long', 'PASSED'],
    ['\fminlen =14', 'PASSED'],
    ['minlen = 14\nfoo = 1', 'PASSED'],
    ['enforce_for_root\nlocal_users_only = yes\nbadwords\nretry = 3\nusersubstr = 4\nminlen = 14', 'PASSED'],
    ['foo = 1\nminlen = 14', 'FINDING'],
    ['min_len = 14\nminlen = 14', 'FINDING'],
    ['difok\nminlen = 14', 'FINDING'],
    ['retry = x\nminlen = 14', 'FINDING'],
    ['difignore = 3\nminlen = 14', 'FINDING'],
    ['[password]\nminlen = 14', 'FINDING'],
    ['\ufeffminlen = 14', 'FINDING'],
    ['minlen = = 14', 'FINDING'],
    ['minlen : 14', 'FINDING'],
    ['minlen = 14 ; long', 'FINDING'],
    ['minlen = "14"', 'FINDING'],
    ['minlen = 99999999999', 'FINDING'],
    ['= 14\nminlen = 14', 'FINDING'],
    [`badwords = ${'a '.repeat(600)}\nminlen = 14`, 'FINDING'],
  ])('%j: %s', (text, outcome) => {
    expect(asked({ [main]: `${text}\n` }, current).outcome).toBe(outcome);
  });

  test('says where the reading stops', () => {
    expect(said(asked({ [main]: 'minlenght = 14\nminlen = 14\n' }, current))).toContain(
      'because libpwquality stops reading at /etc/security/pwquality.conf:1: libpwquality 1.4.5 has no setting "minlenght"',
    );
  });

  test('a bad line in a drop-in stops before the main file, as does a link that leads nowhere', () => {
    const drop = `${main}.d/10.conf`;
    expect(asked({ [main]: 'minlen = 14\n', [drop]: 'foo = 1\n' }, current).outcome).toBe('FINDING');
    const dangling: Limitation = { code: 'NOT_PRESENT', subject: drop, detail: 'does not exist' };
    expect(asked({ [main]: 'minlen = 14\n' }, current, dangling).outcome).toBe('FINDING');
  });

  const old: Libraries = { libpwquality: '1.2.3-5.amzn2' };
  test.each<[string, Files, Libraries, string]>([
    ['credits are given before 1.3.0', { [main]: 'minlen = 8\n' }, old, 'FINDING'],
    [
      'credits that are switched off',
      { [main]: 'minlen = 8\ndcredit=0\nucredit=0\nlcredit=0\nocredit=0\n' },
      old,
      'PASSED',
    ],
    ['long enough all the same', { [main]: 'minlen = 12\n' }, old, 'PASSED'],
    ['drop-ins are not read before 1.3.0', { [`${main}.d/10.conf`]: 'minlen = 14\n' }, old, 'FINDING'],
    ['drop-ins from 1.3.0 on', { [`${main}.d/10.conf`]: 'minlen = 14\n' }, { libpwquality: '1.3.0-2' }, 'PASSED'],
    [
      'a setting of a later version stops',
      { [main]: 'enforcing = 1\nminlen = 14\n' },
      { libpwquality: '1.3.0' },
      'FINDING',
    ],
    ['a setting of that version', { [main]: 'enforcing = 1\nminlen = 14\n' }, { libpwquality: '1.4.0' }, 'PASSED'],
    ['the version is not known, and decides', { [main]: 'minlen = 8\n' }, undefined, 'NOT_ASSESSED'],
    ['the version is not known, and does not matter', { [main]: 'minlen = 14\n' }, {}, 'PASSED'],
    ['the version is not known, too short in any', { [main]: 'minlen = 7\n' }, {}, 'FINDING'],
    ['the version is not known, a drop-in', { [`${main}.d/10.conf`]: 'minlen = 14\n' }, {}, 'NOT_ASSESSED'],
    ['a version that is none', { [main]: 'minlen = 8\n' }, { libpwquality: 'unknown' }, 'NOT_ASSESSED'],
  ])('%s', (_, files, libraries, outcome) => {
    const given = judge(rule.length, { ...debianPam(pwquality), ...files }, [], libraries ?? {});
    expect(given.outcome).toBe(outcome);
    if (outcome === 'NOT_ASSESSED') expect(said(given)).toContain('if libpwquality is 1.2.3: /etc/');
  });

  const history = {
    ...debianPam('password requisite pam_pwquality.so minclass=4\npassword required pam_pwhistory.so use_authtok'),
    '/etc/security/pwhistory.conf': 'remember = 24\nremember = 3\n',
  };
  test.each<[string, Libraries, string]>([
    ['the module has no such file', { ...current, libpam: '1.7.0', pwhistoryReadsFile: false }, 'FINDING'],
    [
      'the module has it, by a distribution',
      { ...current, libpam: '1.5.1-15.el9', pwhistoryReadsFile: true },
      'PASSED',
    ],
    ['only the version is known, older', { libpwquality: '1.4.5', libpam: '1.5.2-6+deb12u2' }, 'FINDING'],
    ['only the version is known, newer', { libpwquality: '1.4.5', libpam: '1.5.3-5ubuntu5' }, 'PASSED'],
    [
      'only the version is known, which a distribution changed',
      { libpwquality: '1.4.5', libpam: '1.3.1-27.el8' },
      'NOT_ASSESSED',
    ],
    ['nothing is known', {}, 'NOT_ASSESSED'],
  ])('pwhistory.conf: %s', (_, libraries, outcome) => {
    expect(judge(rule.complexity, history, [], libraries).outcome).toBe(outcome);
  });
});

describe('complexity', () => {
  const credits = 'lcredit=-1 ucredit=-1 dcredit=-1 ocredit=-1';
  const history = 'password required pam_pwhistory.so use_authtok remember=12';
  test.each<[string, Files, string]>([
    ['nothing', debianPam(''), 'FINDING'],
    ['all credits and a history', debianPam(`${pwquality} ${credits}\n${history}`), 'PASSED'],
    ['stricter', debianPam(`${pwquality} lcredit=-2 ucredit=-2 dcredit=-2 ocredit=-2\n${history}`), 'PASSED'],
    ['one credit missing', debianPam(`${pwquality} lcredit=-1 ucredit=-1 dcredit=-1\n${history}`), 'FINDING'],
    ['one credit 0', debianPam(`${pwquality} ${credits} ocredit=0\n${history}`), 'FINDING'],
    ['minclass 4', debianPam(`${pwquality} minclass=4\n${history}`), 'PASSED'],
    ['minclass 3', debianPam(`${pwquality} minclass=3\n${history}`), 'FINDING'],
    ['no history', debianPam(`${pwquality} ${credits}`), 'FINDING'],
    ['a short history', debianPam(`${pwquality} ${credits}\npassword required pam_pwhistory.so remember=5`), 'FINDING'],
    [
      'pam_pwhistory’s default of 10',
      debianPam(`${pwquality} ${credits}\npassword required pam_pwhistory.so`),
      'FINDING',
    ],
    [
      'pwhistory.conf',
      {
        ...debianPam(`${pwquality} ${credits}\npassword required pam_pwhistory.so`),
        '/etc/security/pwhistory.conf': 'remember = 24\n',
      },
      'PASSED',
    ],
    [
      'an argument over pwhistory.conf',
      {
        ...debianPam(`${pwquality} ${credits}\npassword required pam_pwhistory.so remember=3`),
        '/etc/security/pwhistory.conf': 'remember = 24\n',
      },
      'FINDING',
    ],
    [
      'a history that is not enforced',
      debianPam(`${pwquality} ${credits}\npassword optional pam_pwhistory.so remember=24`),
      'FINDING',
    ],
    ['pam_unix remembers', debianPam(`${pwquality} ${credits}`, 'obscure use_authtok remember=24'), 'PASSED'],
    ['pwquality.conf', { ...debianPam(`${pwquality}\n${history}`), [main]: credits.replaceAll(' ', '\n') }, 'PASSED'],
    ['cracklib', debianPam(`password required pam_cracklib.so ${credits}\n${history}`), 'PASSED'],
    ['cracklib’s default', debianPam(`password required pam_cracklib.so\n${history}`), 'FINDING'],
    [
      'passwdqc with all four kinds',
      debianPam(`password required pam_passwdqc.so min=disabled,disabled,disabled,disabled,12\n${history}`),
      'PASSED',
    ],
    [
      'passwdqc with three',
      debianPam(`password required pam_passwdqc.so min=disabled,disabled,disabled,12,12\n${history}`),
      'FINDING',
    ],
    [
      'Red Hat',
      rhel(
        rhelStack(
          `password requisite pam_pwquality.so minclass=4\npassword requisite pam_pwhistory.so remember=24 use_authtok`,
        ),
      ),
      'PASSED',
    ],
    ['Red Hat 6 and 7', rhel(rhelStack('password requisite pam_pwquality.so minclass=4', 'remember=24')), 'PASSED'],
    ['Red Hat as delivered', rhel(rhelStack('password requisite pam_pwquality.so')), 'FINDING'],
  ])('%s', (_, files, outcome) => {
    expect(complexity(files).outcome).toBe(outcome);
  });

  test('what could not be read is not assessed, unless the other half is missing for certain', () => {
    expect(complexity(debianPam(`${pwquality}\n${history}`), main).outcome).toBe('NOT_ASSESSED');
    expect(complexity(debianPam(pwquality), main).outcome).toBe('FINDING');
    const unreadHistory = debianPam(`${pwquality} ${credits}\npassword required pam_pwhistory.so`);
    expect(complexity(unreadHistory, '/etc/security/pwhistory.conf').outcome).toBe('NOT_ASSESSED');
  });
});

describe('maximum age', () => {
  type Accounts = EvidenceData<'accounts'>;
  const age = (
    defs: string | undefined,
    known: Accounts | undefined = accounts,
    limitations: readonly Limitation[] = [],
  ) =>
    verdict(
      host(
        {
          passwordPolicy: { files: defs === undefined ? [] : texts({ '/etc/login.defs': defs }) },
          ...(known ? { accounts: known } : {}),
        },
        { passwordPolicy: limitations },
      ),
      rule.age,
    );
  const withAccount = (change: Partial<Accounts['accounts'][number]>): Accounts => ({
    ...accounts,
    accounts: [
      ...accounts.accounts,
      { name: 'bert', uid: 1001, gid: 1001, password: 'HASHED', lastChangedDay: 19_600, maximumDays: 90, ...change },
    ],
  });

  test.each([
    ['PASS_MAX_DAYS\t365\n', 'PASSED'],
    ['  PASS_MAX_DAYS "90"\n', 'PASSED'],
    ['PASS_MAX_DAYS 9999\n', 'PASSED'],
    ['PASS_MAX_DAYS 10000\n', 'FINDING'],
    ['PASS_MAX_DAYS 99999\n', 'FINDING'],
    ['PASS_MAX_DAYS 100000\n', 'FINDING'],
    ['PASS_MAX_DAYS 0\n', 'FINDING'],
    ['PASS_MAX_DAYS -1\n', 'FINDING'],
    ['PASS_MAX_DAYS\n', 'FINDING'],
    ['PASS_MAX_DAYS soon\n', 'FINDING'],
    ['PASS_MAX_DAYS 90 days\n', 'FINDING'],
    ['PASS_MAX_DAYS 90 # days\n', 'FINDING'],
    ['PASS_MAX_DAYS "90" days\n', 'PASSED'],
    ['PASS_MAX_DAYS 0x5a\n', 'PASSED'],
    ['PASS_MAX_DAYS 0132\n', 'PASSED'],
    ['PASS_MAX_DAYS 0x2710\n', 'FINDING'],
    ['PASS_MAX_DAYS 0x\n', 'FINDING'],
    ['PASS_MAX_DAYS 089\n', 'FINDING'],
    ['PASS_MAX_DAYS 90\nPASS_MAX_DAYS\n', 'PASSED'],
    ['#PASS_MAX_DAYS 90\n', 'FINDING'],
    ['PASS_MAX_DAYS 99999\nPASS_MAX_DAYS 90\n', 'PASSED'],
    ['PASS_MIN_DAYS 7\n', 'FINDING'],
  ])('%j is %s', (defs, outcome) => {
    expect(age(defs).outcome).toBe(outcome);
  });

  test.each<[string, Partial<Accounts['accounts'][number]>, string]>([
    ['with an age', {}, 'PASSED'],
    ['without one', { maximumDays: undefined }, 'FINDING'],
    ['99999', { maximumDays: 99_999 }, 'FINDING'],
    ['-1', { maximumDays: -1 }, 'FINDING'],
    ['locked', { password: 'LOCKED', maximumDays: 99_999 }, 'PASSED'],
  ])('an account %s', (_, change, outcome) => {
    const found = age('PASS_MAX_DAYS 90\n', withAccount(change));
    expect(found.outcome).toBe(outcome);
    if (outcome === 'FINDING') expect(said(found)).toContain('/etc/shadow: no maximum age for bert');
  });

  // The evidence was collected on day 19675.
  test.each<[string, Partial<Accounts['accounts'][number]>, string]>([
    [
      'whose ageing is off: no date of the last change',
      { lastChangedDay: undefined },
      'without a date of the last change',
    ],
    ['changed in the future', { lastChangedDay: 47_000 }, 'days in the future'],
    ['of 10000 days', { maximumDays: 10_000 }, 'maximum age 10000 days'],
    ['with an empty password', { password: 'EMPTY', maximumDays: undefined }, 'no maximum age'],
  ])('an account %s is a finding', (_, change, why) => {
    expect(said(age('PASS_MAX_DAYS 90\n', withAccount(change)))).toContain(why);
  });

  test.each<[string, Partial<Accounts['accounts'][number]>]>([
    ['that must change its password', { lastChangedDay: 0 }],
    ['changed tomorrow, by a clock in another place', { lastChangedDay: 19_676 }],
    ['that has ended', { maximumDays: undefined, expiresDay: 18_262 }],
    ['of 9999 days', { maximumDays: 9999 }],
  ])('an account %s passes', (_, change) => {
    expect(age('PASS_MAX_DAYS 90\n', withAccount(change)).outcome).toBe('PASSED');
  });

  test('an account that has yet to end counts', () => {
    const later = { maximumDays: undefined, expiresDay: 20_000 };
    expect(age('PASS_MAX_DAYS 90\n', withAccount(later)).outcome).toBe('FINDING');
    expect(age('PASS_MAX_DAYS 90\n', withAccount({ ...later, expiresDay: 0 })).outcome).toBe('FINDING');
  });

  test('what was not seen of /etc/shadow is said, and is no pass', () => {
    const unread = { ...accounts, accounts: [{ name: 'anna', uid: 1000, gid: 1000 }] };
    const defs = { passwordPolicy: { files: texts({ '/etc/login.defs': 'PASS_MAX_DAYS 90\n' }) } };
    const seen = (known: Accounts | undefined, ...limitations: Limitation[]) =>
      verdict(host(known ? { ...defs, accounts: known } : defs, known ? { accounts: limitations } : {}), rule.age);
    const hidden = seen(unread, denied('/etc/shadow'));
    expect(hidden.outcome).toBe('NOT_ASSESSED');
    expect(said(hidden)).toContain('/etc/shadow: PERMISSION_DENIED');
    expect(seen(unread).outcome).toBe('NOT_ASSESSED');
    expect(seen(undefined).outcome).toBe('NOT_ASSESSED');
    // One line of it that is none: whose it was is not known.
    const line: Limitation = { code: 'UNREADABLE', subject: '/etc/shadow', detail: 'line 7 is not an account' };
    expect(seen(accounts, line).outcome).toBe('NOT_ASSESSED');
    expect(seen(withAccount({ maximumDays: undefined }), line).outcome).toBe('FINDING');
    expect(seen(accounts, { code: 'NOT_PRESENT', subject: '/etc/shadow' }).outcome).toBe('PASSED');
    const other: Limitation = { code: 'UNSUPPORTED', subject: '/etc/nsswitch.conf', detail: 'not asked: sss' };
    expect(seen(accounts, other)).toMatchObject({
      outcome: 'PASSED',
      unseen: [expect.stringContaining('not asked: sss')],
    });
    const half = seen(withAccount({ maximumDays: undefined }), line);
    expect(half).toMatchObject({ unseen: [expect.stringContaining('line 7 is not an account')] });
    expect(age('PASS_MAX_DAYS 99999\n', unread).outcome).toBe('FINDING');
  });

  test('login.defs: unread is not assessed unless accounts are a finding; absent is a finding', () => {
    expect(age(undefined).outcome).toBe('NOT_ASSESSED');
    expect(said(age(undefined, accounts, [denied('/etc/login.defs')]))).toContain('/etc/login.defs: PERMISSION_DENIED');
    expect(age(undefined, withAccount({ maximumDays: undefined })).outcome).toBe('FINDING');
    const absent = age(undefined, accounts, [{ code: 'NOT_PRESENT', subject: '/etc/login.defs' }]);
    expect(said(absent)).toContain('/etc/login.defs: PASS_MAX_DAYS is not set');
  });
});
