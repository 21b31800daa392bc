import { expect, test } from 'vitest';
import { codes, collectChecked, fixtureHost } from '../fixture-host.ts';

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
