import type { BestPractice } from './best-practice.ts';
import { judgeSsh } from './ssh-judgement.ts';
import { inForce } from './sshd-scenarios.ts';
import { rootAccounts } from './sshd-subjects.ts';

const permitting = new Set(['yes', 'prohibit-password', 'without-password', 'forced-commands-only']);

/**
 * Finding unless PermitRootLogin is `no` for every connection of an account with the user id 0. The default
 * (`prohibit-password`, `yes` before 7.0) and any Match block that says otherwise let root in, and so are findings, unless
 * the block's users or groups leave out every such account.
 */
export const disableRootLogin: BestPractice = {
  id: 'Disable root login over SSH',
  title: 'Disable root login over SSH',
  severity: 'Medium',
  judge: (evidence) =>
    judgeSsh(evidence, {
      title: 'The SSH server lets root log in',
      expected: 'PermitRootLogin no',
      keywords: ['permitrootlogin'],
      subjects: rootAccounts,
      asides: ['allowusers', 'denyusers', 'allowgroups', 'denygroups'],
      look: (config, scenario, version) => {
        const setting = inForce(config, scenario, ['permitrootlogin']);
        const value = setting ? (setting.values[0] ?? '') : 'prohibit-password';
        const byDefault = version && version[0] < 7 ? 'PermitRootLogin yes' : 'PermitRootLogin prohibit-password';
        const state = permitting.has(value) ? 'WEAK' : value === 'no' ? 'SAFE' : 'INVALID';
        return { state, deciding: [{ setting, byDefault }] };
      },
      describe: (places) => ({
        description:
          `The SSH server accepts logins as root, because of ${places}. Every attacker knows the name of this account, it can do ` +
          'everything, and nobody can tell who used it. This also applies where root can only use a key or a forced command.',
        recommendation:
          'First make sure that another account can log in and use sudo. Then add "PermitRootLogin no" at the top of ' +
          '/etc/ssh/sshd_config: sshd uses the first value that it reads. In the places named above, including Match blocks and ' +
          'command line options, remove the setting or set it to "no". Check the result with "sshd -t", and reload the SSH service.',
      }),
    }),
};
