import { reducePassword } from '@assay/agent/collect/accounts/reduce-password.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { codes, collectChecked, fixtureHost } from '../fixture-host.ts';

const HASHES = {
  yescrypt: '$y$j9T$F5Jx5fExrKuPp53xLKQ..1$X3DX6M94c7o.9agCG9G317fhZg9SqC.5i5rd.RhAtQ7',
  sha512: '$6$rounds=5000$usesomesillystri$D4IrlXatmP7rx3P3InaxBeoomnAihCKRVQAr/36eYaKIcJhbA5zEKZuBOfVqVFsP',
  md5: '$1$O3JMY.Tw$AdLnLjQ/5jXF9.MTp3gHv/',
  blowfish: '$2b$05$c92SVSfjeiCD6F2nAD6y0uBpJDjdRkt0EgeC4/31Rf2LUZbDRDE.O',
  des: 'CCNf8Sbh3HDfQ',
  unknown: '$zz9$saltsaltsaltsalt$hashhashhashhashhashhashhash',
};
const SHADOW = `root:${HASHES.yescrypt}:19700:0:99999:7:::
sha:${HASHES.sha512}:19701:1:90:14:30:20000:
md5:${HASHES.md5}:::::::
bf:${HASHES.blowfish}:0:0:365:7:::
des:${HASHES.des}:19700::::::
odd:${HASHES.unknown}:19700::::::
locked:!${HASHES.sha512}:19700:0:99999:7:::
star:*:19700:0:99999:7:::
empty::19700:0:99999:7:::
short:x:19700::::::
broken ${HASHES.des}
shifted:*:${HASHES.des}:0:99999:7:::
`;
const NAMES = ['root', 'sha', 'md5', 'bf', 'des', 'odd', 'locked', 'star', 'empty', 'short', 'shifted', 'none'];
const PASSWD = `${NAMES.map((name, index) => `${name}:x:${index}:${index}:Gecos, with a phone number:/:/bin/sh`).join('\n')}
inline:${HASHES.md5}:100:100::/:/bin/bash
guest::101:101::/:
HOST$:*:102:102::/:/bin/false
+nis::::::
bad:x:-1:0::/:/bin/sh
`;
const GROUP = 'root:x:0:\nstaff:*:50:sha,md5\nbad:x:x:\n';

/** Every piece of eight characters of a text, of which a digest would make none. */
const pieces = (text: string): string[] =>
  Array.from({ length: Math.max(0, text.length - 7) }, (_, index) => text.slice(index, index + 8));

test('reduces shadow to ages and schemes', async () => {
  const host = fixtureHost({ 'etc/passwd': PASSWD, 'etc/shadow': SHADOW, 'etc/group': GROUP });
  const document = await collectChecked('accounts', host);
  const of = (name: string) => document.data?.accounts.find((account) => account.name === name);
  expect(of('root')).toEqual({
    ...{ name: 'root', uid: 0, gid: 0, shell: '/bin/sh', password: 'HASHED', scheme: 'y' },
    ...{ lastChangedDay: 19700, minimumDays: 0, maximumDays: 99999, warningDays: 7 },
  });
  expect(of('sha')).toMatchObject({ scheme: '6', maximumDays: 90, inactiveDays: 30, expiresDay: 20000 });
  const passwords = document.data?.accounts.map(({ name, password, scheme }) => [name, password, scheme].join(' '));
  expect(passwords).toEqual([
    'root HASHED y',
    'sha HASHED 6',
    'md5 HASHED 1',
    'bf HASHED 2b',
    'des HASHED DES',
    'odd HASHED ',
    'locked LOCKED ',
    'star LOCKED ',
    'empty EMPTY ',
    'short LOCKED ',
    'shifted LOCKED ',
    'none LOCKED ',
    'inline HASHED 1',
    'guest EMPTY ',
    'HOST$ LOCKED ',
  ]);
  expect(document.data?.groups).toEqual([
    { name: 'root', gid: 0, members: [] },
    { name: 'staff', gid: 50, members: ['sha', 'md5'] },
  ]);
  expect(codes(document)).toEqual([
    'UNREADABLE /etc/shadow',
    'UNREADABLE /etc/group',
    'UNREADABLE /etc/passwd',
    'UNREADABLE /etc/passwd',
    'UNSUPPORTED accounts',
  ]);
});

test('no part of a hash is anywhere in the document, and no digest of a file that holds one', async () => {
  const host = fixtureHost({ 'etc/passwd': PASSWD, 'etc/shadow': SHADOW, 'etc/group': GROUP });
  const document = await collectChecked('accounts', host);
  const text = JSON.stringify(document);
  for (const hash of Object.values(HASHES)) {
    for (const piece of pieces(hash)) expect(text).not.toContain(piece);
  }
  expect(document.sources.map(({ path, sha256 }) => [path, sha256 !== undefined])).toEqual([
    ['/etc/passwd', false],
    ['/etc/shadow', false],
    ['/etc/group', true],
  ]);
  expect(text).not.toContain('phone');
});

test('whatever a password field holds, nothing longer than a known scheme comes of it', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.string().map((text) => `$${text}`),
      ),
      (field) => {
        const { scheme } = reducePassword(field);
        if (scheme !== undefined)
          expect(['DES', 'BSDI', ...'y gy 7 6 5 2 2a 2b 2x 2y 1 3 md5 sha1 sm3 sm3y'.split(' ')]).toContain(scheme);
      },
    ),
  );
});

test('without a shadow file an x lets nobody in; a shadow that is not a file leaves the password open', async () => {
  const missing = await collectChecked('accounts', fixtureHost({ 'etc/passwd': 'a:x:1:1::/:\n' }));
  expect(missing.data?.accounts[0]?.password).toBe('LOCKED');
  expect(codes(missing)).toEqual(['NOT_PRESENT /etc/shadow', 'NOT_PRESENT /etc/group']);
  const odd = { 'etc/passwd': 'a:x:1:1::/:\n', 'etc/shadow': { directory: 0o755 }, 'etc/group': '' };
  const unreadable = await collectChecked('accounts', fixtureHost(odd));
  expect(unreadable.data?.accounts[0]).not.toHaveProperty('password');
  expect(codes(unreadable)).toEqual(['UNREADABLE /etc/shadow']);
});

test('accounts of a directory service are said to be missing', async () => {
  const files = { 'etc/passwd': '', 'etc/shadow': '', 'etc/group': '' };
  const nsswitch = 'passwd: files [NOTFOUND=continue] sss systemd # ldap\ngroup: files winbind\n';
  const document = await collectChecked('accounts', fixtureHost({ ...files, 'etc/nsswitch.conf': nsswitch }));
  expect(document.limitations).toEqual([
    { code: 'UNSUPPORTED', subject: '/etc/nsswitch.conf', detail: 'not asked: sss' },
  ]);
});
