import type { EvidenceData } from '@assay/model/evidence/kinds.ts';
import { describe, expect, test } from 'vitest';
import { accounts, denied, directories, host, rule, said, verdict } from './hosts.ts';

type Directory = EvidenceData<'fileModes'>['directories'][number];
const judge = (
  change: Partial<Directory>,
  known: EvidenceData<'accounts'> | undefined = accounts,
  hidden: string[] = [],
) => {
  const found = [
    ...directories,
    { path: '/opt', aliases: [], uid: 0, gid: 0, mode: 0o755, aclState: 'NONE' as const, ...change },
  ];
  const documents = { fileModes: { directories: found }, ...(known ? { accounts: known } : {}) };
  return verdict(host(documents, { fileModes: hidden.map(denied) }), rule.directories);
};
const withGroup = (gid: number, members: string[]): EvidenceData<'accounts'> => ({
  ...accounts,
  groups: [...accounts.groups, { name: 'extra', gid, members }],
});

describe('access control lists', () => {
  const list = (...entries: string[]): Partial<Directory> => ({
    mode: 0o775,
    aclState: 'READ',
    acl: ['user::rwx', ...entries, 'other::r-x'].join('\n'),
  });
  test.each<[string, Partial<Directory>, string]>([
    ['a named user', list('user:1000:rwx', 'group::r-x', 'mask::rwx'), 'FINDING'],
    [
      'a named user whom the mask stops',
      { ...list('user:1000:rwx', 'group::r-x', 'mask::r-x'), mode: 0o755 },
      'PASSED',
    ],
    ['a named user without an account', list('user:4711:-wx', 'group::r-x', 'mask::rwx'), 'FINDING'],
    ['root by name', list('user:0:rwx', 'group::r-x', 'mask::rwx'), 'PASSED'],
    [
      'root by name, and a group with members that may only read',
      { ...list('user:0:rwx', 'group::r-x', 'mask::rwx'), gid: 27 },
      'PASSED',
    ],
    ['the own group, which has members', { ...list('user:0:rwx', 'group::rwx', 'mask::rwx'), gid: 27 }, 'FINDING'],
    ['a named group with a member', list('group::r-x', 'group:27:rwx', 'mask::rwx'), 'FINDING'],
    ['a named group without members', list('group::r-x', 'group:50:rwx', 'mask::rwx'), 'PASSED'],
    ['a named group that is not listed', list('group::r-x', 'group:4711:rwx', 'mask::rwx'), 'NOT_ASSESSED'],
    ['an effective comment', list('user:1000:rwx\t#effective:rwx', 'group::r-x', 'mask::rwx'), 'FINDING'],
    [
      'default entries, which are for what is made in it',
      { ...list('group::r-x', 'default:user:1000:rwx', 'default:mask::rwx'), mode: 0o755 },
      'PASSED',
    ],
    ['a list that was cut', list('group::r-x', 'mask::rwx', 'user:1'), 'NOT_ASSESSED'],
    ['a list without its mask', list('group::r-x', 'user:0:rwx'), 'NOT_ASSESSED'],
    ['a list that was not read', { mode: 0o775, aclState: 'PRESENT' }, 'NOT_ASSESSED'],
    [
      'a list that was not read, in a group with members',
      { mode: 0o775, gid: 27, aclState: 'PRESENT' },
      'NOT_ASSESSED',
    ],
    ['nobody looked, and the group may write', { mode: 0o775, aclState: undefined }, 'NOT_ASSESSED'],
    ['nobody looked, and the group may not write', { mode: 0o755, aclState: undefined }, 'PASSED'],
    [
      'from an agent without aclState',
      { mode: 0o775, aclState: undefined, acl: 'user::rwx\nuser:1000:rwx\ngroup::r-x\nmask::rwx\nother::r-x' },
      'FINDING',
    ],
  ])('%s: %s', (_, change, outcome) => {
    expect(judge(change).outcome).toBe(outcome);
  });

  test('names the user and how to take the entry away', () => {
    const found = judge(list('user:1000:rwx', 'group::r-x', 'group:27:rwx', 'mask::rwx'));
    expect(said(found)).toContain('/opt (its ACL lets user 1000 write, its ACL lets group 27 write, which has anna)');
    expect(found).toMatchObject({
      finding: { recommendation: expect.stringContaining('setfacl -x u:1000,g:27 /opt') },
    });
  });

  test('a group of root with a member is no longer root alone', () => {
    const known = {
      ...accounts,
      groups: accounts.groups.map((group) => (group.gid === 0 ? { ...group, members: ['anna'] } : group)),
    };
    expect(judge({ mode: 0o775 }, known).outcome).toBe('FINDING');
    const locked = {
      ...accounts,
      accounts: [...accounts.accounts, { name: 'halt', uid: 7, gid: 0, password: 'LOCKED' as const }],
    };
    expect(judge({ mode: 0o775 }, locked).outcome).toBe('PASSED');
  });
});

describe('system directories', () => {
  test.each<[string, Partial<Directory>, string]>([
    ['root only', {}, 'PASSED'],
    ['another owner', { uid: 33 }, 'FINDING'],
    ['write for all', { mode: 0o757 }, 'FINDING'],
    ['write for all with the sticky bit', { mode: 0o1777 }, 'FINDING'],
    ['write for the group root', { mode: 0o775 }, 'PASSED'],
    ['write for a group without members', { mode: 0o775, gid: 50 }, 'PASSED'],
    ['write for a group with a member', { mode: 0o775, gid: 27 }, 'FINDING'],
    ['write for a group that is an account’s own', { mode: 0o775, gid: 1000 }, 'FINDING'],
    ['a group with members that may not write', { mode: 0o755, gid: 27 }, 'PASSED'],
    ['write for a group that is not listed', { mode: 0o775, gid: 4711 }, 'NOT_ASSESSED'],
  ])('%s: %s', (_, change, outcome) => {
    expect(judge(change).outcome).toBe(outcome);
  });

  test('a group of which only root is a member is safe', () => {
    expect(judge({ mode: 0o775, gid: 60 }, withGroup(60, ['root'])).outcome).toBe('PASSED');
    expect(judge({ mode: 0o775, gid: 60 }, { ...withGroup(60, ['root']), accounts: [] }).outcome).toBe('PASSED');
    expect(judge({ mode: 0o775, gid: 60 }, withGroup(60, ['root', 'ldap-user'])).outcome).toBe('FINDING');
  });

  test('without accounts a group’s write permission cannot be judged, but the rest can', () => {
    const only = (directory: Partial<Directory>) =>
      verdict(
        host({
          fileModes: {
            directories: [{ path: '/opt', aliases: [], uid: 0, gid: 50, mode: 0o775, aclState: 'NONE', ...directory }],
          },
        }),
        rule.directories,
      );
    expect(only({}).outcome).toBe('NOT_ASSESSED');
    expect(said(only({}))).toContain('/opt is writable by group 50');
    expect(only({ gid: 0 }).outcome).toBe('NOT_ASSESSED');
    expect(only({ mode: 0o755 }).outcome).toBe('PASSED');
    expect(only({ mode: 0o777 }).outcome).toBe('FINDING');
  });

  test('groups that could not be read whole prove nothing', () => {
    const evidence = host(
      { fileModes: { directories: [...directories] }, accounts },
      { accounts: [denied('/etc/group')] },
    );
    expect(verdict(evidence, rule.directories).outcome).toBe('NOT_ASSESSED');
  });

  test('one finding names all, with aliases, and says how to repair each', () => {
    const found = verdict(
      host({
        accounts,
        fileModes: {
          directories: [
            { path: '/usr/bin', aliases: ['/bin'], uid: 0, gid: 0, mode: 0o757 },
            { path: '/etc', aliases: [], uid: 1000, gid: 27, mode: 0o777 },
          ],
        },
      }),
      rule.directories,
    );
    expect(said(found)).toContain('/usr/bin (mode 0757 lets everyone write); /etc (owned by user 1000');
    expect(found.observations[0]?.observed).toContain('also /bin');
    expect(found).toMatchObject({
      finding: { recommendation: expect.stringContaining('chmod o-w /usr/bin; chown root /etc && chmod go-w /etc') },
    });
  });

  test('many are named up to a number', () => {
    const many = Array.from({ length: 500 }, (_, at) => ({
      path: `/d${at}${'x'.repeat(4000)}`,
      aliases: [],
      uid: 7,
      gid: 0,
      mode: 0o755,
    }));
    const found = verdict(host({ accounts, fileModes: { directories: many } }), rule.directories);
    expect(said(found)).toContain('and 450 more');
    expect(said(found).length).toBeLessThanOrEqual(20_000);
    expect(found.observations.length).toBeLessThanOrEqual(201);
  });

  test('a directory that could not be seen is not assessed, unless another is a finding', () => {
    expect(judge({}, accounts, ['/boot']).outcome).toBe('NOT_ASSESSED');
    expect(judge({ mode: 0o777 }, accounts, ['/boot']).outcome).toBe('FINDING');
    expect(judge({}, accounts, ['getfacl --skip-base']).outcome).toBe('PASSED');
  });

  test('what does not exist hides nothing', () => {
    const evidence = host(
      { fileModes: { directories }, accounts },
      {
        fileModes: [{ code: 'NOT_PRESENT', subject: '/lib64' }],
      },
    );
    expect(verdict(evidence, rule.directories).outcome).toBe('PASSED');
  });
});
