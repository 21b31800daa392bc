import { redactPam } from '@assay/agent/collect/redact-pam.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codes, collectChecked, type Entry, fixtureHost } from '../fixture-host.ts';

test('reads login.defs, pwquality with its directory, and the PAM stacks', async () => {
  const host = fixtureHost({
    'etc/login.defs': 'PASS_MAX_DAYS 90\n',
    'etc/security/pwquality.conf': 'minlen = 12\n',
    'etc/security/pwquality.conf.d/10.conf': 'minlen = 14\n',
    'etc/security/pwquality.conf.d/10.conf.bak': 'minlen = 1\n',
    'etc/security/limits.conf': 'not asked for',
    'etc/authselect/system-auth': 'password requisite pam_pwquality.so\n',
    'etc/pam.d/system-auth': { link: '/etc/authselect/system-auth' },
    'usr/lib/pam.d/passwd': Buffer.from([0x23, 0xff, 0x00, 0x0a]),
  });
  const document = await collectChecked('passwordPolicy', host);
  expect(document.data?.files).toEqual([
    { path: '/etc/login.defs', content: 'PASS_MAX_DAYS 90\n' },
    { path: '/etc/security/pwquality.conf', content: 'minlen = 12\n' },
    { path: '/etc/security/pwquality.conf.d/10.conf', content: 'minlen = 14\n' },
    { path: '/etc/pam.d/system-auth', content: 'password requisite pam_pwquality.so\n' },
    { path: '/usr/lib/pam.d/passwd', content: '#\ufffd\0\n' },
  ]);
  expect(document.limitations).toEqual([]);
});

test('a host without any of it says so', async () => {
  const document = await collectChecked('passwordPolicy', fixtureHost({}));
  expect(document.data).toBeUndefined();
  expect(codes(document)).toEqual(['NOT_PRESENT /etc/login.defs', 'NOT_PRESENT /etc/pam.d']);
});

test('files together are bounded, and what is left out is said', async () => {
  const entries = Array.from({ length: 20 }, (_, index) => [`etc/pam.d/${10 + index}`, '\0'.repeat(262_144)] as const);
  const document = await collectChecked('passwordPolicy', fixtureHost(Object.fromEntries(entries)));
  expect(document.data?.files).toHaveLength(12);
  expect(codes(document).filter((code) => code.startsWith('TOO_LARGE'))).toHaveLength(8);
});

describe('secrets in PAM files', () => {
  test.each([
    [
      'auth required pam_mysql.so user=a passwd=hunter2 host=b',
      'auth required pam_mysql.so user=a passwd=[redacted] host=b',
    ],
    ['auth required pam_x.so ldap_bind_PASSWORD=hunter2', 'auth required pam_x.so ldap_bind_PASSWORD=[redacted]'],
    ['a b pam_x.so [passwd=hun ter\\] 2] c=d', 'a b pam_x.so [passwd=[redacted\\]] c=d'],
    ['a b pam_x.so [conn=host=x password=hunter2 y] c=d', 'a b pam_x.so [conn=host=x password=[redacted\\]] c=d'],
    ['a b pam_x.so conn=host:x;secret=hun=ter2;z c', 'a b pam_x.so conn=host:x;secret=[redacted] c'],
    ['# a b pam_x.so bindpw=hunter2', '# a b pam_x.so bindpw=[redacted]'],
    ['a b pam_x.so crypt_key=hunter2\\\n  c=d\r\ne', 'a b pam_x.so crypt_key=[redacted]\\\n  c=d\r\ne'],
    ['a b pam_x.so [secret=hun\\\nter2\\\nx] c=d', 'a b pam_x.so [secret=[redacted\\]\\\n\\\n] c=d'],
    ['a b pam_x.so [secret=hunter2\nc d', 'a b pam_x.so [secret=[redacted\\]\nc d'],
    ['a b pam_yubico.so id=1 key=aHVudGVyMg==', 'a b pam_yubico.so id=1 key=[redacted]'],
    ['a b pam_x.so db=pg://me:hunter2@host/x', 'a b pam_x.so db=pg://me:[redacted]@host/x'],
  ])('%j', (line, kept) => {
    expect(redactPam(line)).toBe(kept);
    expect(redactPam(kept)).toBe(kept);
  });

  test.each([
    'password [success=1 default=ignore] pam_unix.so obscure use_authtok try_first_pass yescrypt remember=5',
    'password requisite pam_passwdqc.so min=disabled,24,11,8,7 passphrase=3 config=/etc/passwdqc.conf',
    'password required pam_x.so passwd= retry=3',
    '@include common-password\n',
  ])('%j is left as it is', (line) => {
    expect(redactPam(line)).toBe(line);
  });

  test('lines stay, and no character of a plain value does', () => {
    const value = fc.stringMatching(/^[\u00a1-\u02ff]{1,20}$/);
    const line = fc.tuple(fc.constantFrom('passwd', 'x.password', 'SECRET_2'), value);
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const kept = redactPam(lines.map(([name, secret]) => `a b c.so ${name}=${secret} d=e`).join('\n'));
        expect(kept).toBe(lines.map(([name]) => `a b c.so ${name}=[redacted] d=e`).join('\n'));
      }),
    );
  });

  test('the largest files of the worst kinds do not hang it', () => {
    for (const text of ['a', '[', '\\', '[\\', 'a=', 'passwd=', '://a', ':// ', '://:'].map((part) =>
      part.repeat(262_144 / part.length),
    )) {
      expect(redactPam(text).length).toBeLessThanOrEqual(text.length + 16);
    }
  });

  test('a file that was reduced has no digest, the others have theirs', async () => {
    const host = fixtureHost({
      'etc/login.defs': '',
      'etc/pam.d/db': 'auth required pam_mysql.so passwd=hunter2\n',
      'etc/pam.d/other': 'auth required pam_deny.so\n',
    });
    const document = await collectChecked('passwordPolicy', host);
    expect(JSON.stringify(document)).not.toContain('hunter2');
    const digests = Object.fromEntries(document.sources.map(({ path, sha256 }) => [path, sha256 !== undefined]));
    expect(digests).toEqual({ '/etc/login.defs': true, '/etc/pam.d/db': false, '/etc/pam.d/other': true });
  });
});

describe('the libraries', () => {
  const status = (...packages: [string, string][]) =>
    packages
      .map(([name, version]) => `Package: ${name}\nStatus: install ok installed\nVersion: ${version}\n`)
      .join('\n');
  const module = (content: string) => ({
    'usr/lib/x86_64-linux-gnu/security/pam_pwhistory.so': `\u007fELF…${content}\0`,
  });
  const base = { 'etc/pam.d/passwd': 'password required pam_unix.so\n' };
  const libraries = async (entries: Readonly<Record<string, Entry>>) => {
    const document = await collectChecked('passwordPolicy', fixtureHost({ ...base, ...entries }));
    return { ...document.data?.libraries };
  };

  test('have their packages’ versions, and what the module itself reads', async () => {
    const packages = status(['libpwquality1', '1.4.5-1+b1'], ['libpam-modules', '1.5.2-6+deb12u2']);
    expect(await libraries({ 'var/lib/dpkg/status': packages, ...module('/etc/passwd') })).toEqual({
      libpwquality: '1.4.5-1+b1',
      libpam: '1.5.2-6+deb12u2',
      pwhistoryReadsFile: false,
    });
    expect(await libraries(module('/etc/security/pwhistory.conf'))).toEqual({ pwhistoryReadsFile: true });
  });

  test('are left out where nothing tells', async () => {
    expect(await libraries({})).toEqual({});
    expect(await libraries({ 'usr/lib64/security/pam_pwhistory.so': 'a script' })).toEqual({});
  });
});
