import type { Limitation } from '@assay/model/evidence/document.ts';
import { expect, test } from 'vitest';
import { adviceOn } from '../../../packages/server/src/domain/not-assessed.ts';
import { accounts, config, debianPam, denied, directories, host, rule, sshd, texts, verdict } from './hosts.ts';

const limitation = (code: Limitation['code'], subject: string, detail = ''): Limitation => ({ code, subject, detail });
const policy = {
  files: texts({ '/etc/login.defs': 'PASS_MAX_DAYS 90\n', ...debianPam('password requisite pam_pwquality.so') }),
};
const hiddenAccounts = { ...accounts, accounts: accounts.accounts.map(({ name, uid, gid }) => ({ name, uid, gid })) };
const safe = config('PermitRootLogin no\n');

test.each([
  [
    'what only root may read',
    rule.age,
    host({ passwordPolicy: policy, accounts: hiddenAccounts }, { accounts: [denied('/etc/shadow')] }),
    'Run the agent as root',
  ],
  [
    'hidden files of sshd',
    rule.root,
    host({ sshd: sshd({}), accounts }, { sshd: [denied('/etc/ssh')] }),
    'Run the agent as root',
  ],
  [
    'a FIFO, whoever the agent is',
    rule.age,
    host(
      { accounts, passwordPolicy: { files: [] } },
      { passwordPolicy: [limitation('UNREADABLE', '/etc/login.defs', 'a FIFO, not a regular file')] },
    ),
    'Repair what is named above on the host',
  ],
  [
    'a configuration that sshd refuses',
    rule.root,
    host(
      { sshd: safe, accounts },
      { sshd: [limitation('UNREADABLE', '/usr/sbin/sshd -T -C user=root', 'exit 255: line 1')] },
    ),
    'Run "sshd -t"',
  ],
  [
    'an agent that does not tell how sshd is started',
    rule.root,
    host({ sshd: { ...safe, runningArguments: [] }, accounts }),
    'Update the agent',
  ],
  [
    'another implementation',
    rule.root,
    host({ sshd: sshd({}, { implementation: 'lsh' }) }),
    'Check what is named above by hand',
  ],
  [
    'libraries whose versions are not known',
    rule.length,
    host({ passwordPolicy: { files: [...policy.files, ...texts({ '/etc/security/pwquality.conf': 'minlen=8\n' })] } }),
    'Update the agent',
  ],
  [
    'an ACL that nobody could look at',
    rule.directories,
    host({
      accounts,
      fileModes: { directories: directories.map((each) => ({ ...each, mode: 0o775, aclState: undefined })) },
    }),
    'install the programs that are named above',
  ],
  ['no evidence at all', rule.aslr, host({}), 'Update the agent'],
])('%s: the advice fits', (_, id, evidence, advice) => {
  const given = verdict(evidence, id);
  if (given.outcome !== 'NOT_ASSESSED' || !given.because) throw new Error(`${given.outcome} without a reason`);
  const text = adviceOn(given.because);
  expect(text).toContain(advice);
  expect(text.endsWith('Then start a new run.')).toBe(true);
  expect(text.includes('as root so that')).toBe(advice === 'Run the agent as root');
});

test('two causes have both advices, each once', () => {
  const evidence = host(
    { passwordPolicy: { files: [] }, accounts: hiddenAccounts },
    {
      accounts: [denied('/etc/shadow')],
      passwordPolicy: [denied('/etc/login.defs'), limitation('TOO_LARGE', '/etc/pam.d/x')],
    },
  );
  const given = verdict(evidence, rule.age);
  if (given.outcome !== 'NOT_ASSESSED' || !given.because) throw new Error('assessed');
  expect(adviceOn(given.because)).toBe(
    'Run the agent as root so that it can read what is named above. Then start a new run.',
  );
});
