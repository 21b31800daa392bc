import type { BestPractice } from './best-practice.ts';
import { judgeSsh, type SshLook } from './ssh-judgement.ts';
import type { SshdConfig, SshdSetting } from './sshd-config.ts';
import { inForce, type Scenario } from './sshd-scenarios.ts';
import { anyAccount } from './sshd-subjects.ts';
import { isBefore } from './sshd-version.ts';

type Version = readonly [number, number] | undefined;

/**
 * Finding when a password alone opens a session for some connection: through PasswordAuthentication, or through
 * KbdInteractiveAuthentication when PAM asks for it. Not when AuthenticationMethods demands a key beside it.
 */
export const disablePasswordLogin: BestPractice = {
  id: 'Disable password authentication over SSH',
  title: 'Disable password authentication over SSH',
  severity: 'Medium',
  judge: (evidence) =>
    judgeSsh(evidence, {
      title: 'The SSH server accepts passwords',
      expected: 'PasswordAuthentication no, and KbdInteractiveAuthentication no or UsePAM no',
      keywords: ['passwordauthentication', 'kbdinteractiveauthentication', 'usepam', 'authenticationmethods'],
      subjects: () => [anyAccount],
      asides: [],
      look,
      describe: (places) => ({
        description:
          `The SSH server lets users log in with only a password, because of ${places}. Attackers can guess, reuse and phish ` +
          'passwords, and bots constantly try them on every server that they can reach. Keys cannot be guessed.',
        recommendation:
          'First make sure that every user has a key in authorized_keys. Then add "PasswordAuthentication no" and ' +
          '"KbdInteractiveAuthentication no" (before OpenSSH 8.7 also "ChallengeResponseAuthentication no") at the top of ' +
          '/etc/ssh/sshd_config: sshd uses the first value that it reads. Change the places named above in the same way, ' +
          'including Match blocks and command line options. Check the result with "sshd -t", and reload the SSH service.',
      }),
    }),
};

function look(config: SshdConfig, scenario: Scenario, version: Version): SshLook {
  const password = inForce(config, scenario, ['passwordauthentication']);
  const keyboard = keyboardInteractive(config, scenario, version);
  const pam = inForce(config, scenario, ['usepam'], 'global');
  const methods = inForce(config, scenario, ['authenticationmethods']);

  const passwordFact = { setting: password, byDefault: 'PasswordAuthentication yes' };
  const keyboardFacts = [
    { setting: keyboard, byDefault: 'KbdInteractiveAuthentication yes' },
    { setting: pam, byDefault: 'UsePAM no' },
  ];
  const invalid = [passwordFact, ...keyboardFacts].filter(({ setting }) => setting && flag(setting) === undefined);
  if (invalid.length > 0) return { state: 'INVALID', deciding: invalid };

  const byPassword = flag(password) ?? true;
  const byKeyboard = (flag(keyboard) ?? true) && (flag(pam) ?? false);
  const methodsFact = methods ? [{ setting: methods, byDefault: '' }] : [];
  if (byPassword && suffices('password', methods)) {
    return { state: 'WEAK', deciding: [passwordFact, ...methodsFact] };
  }
  if (byKeyboard && suffices('keyboard-interactive', methods)) {
    return { state: 'WEAK', deciding: [...keyboardFacts, ...methodsFact] };
  }
  if (byPassword || byKeyboard) {
    const note = 'passwords are configured, but AuthenticationMethods accepts none alone';
    return { state: 'SAFE', deciding: [...methodsFact, passwordFact, ...keyboardFacts], note };
  }
  return { state: 'SAFE', deciding: [passwordFact, ...keyboardFacts] };
}

/** Before 8.7 ChallengeResponseAuthentication was a setting of its own, for all connections, and switched the other on. */
function keyboardInteractive(config: SshdConfig, scenario: Scenario, version: Version): SshdSetting | undefined {
  const names = ['kbdinteractiveauthentication', 'challengeresponseauthentication'];
  if (!version || !isBefore(version, 8, 7)) return inForce(config, scenario, names);
  const matched = inForce(config, scenario, ['kbdinteractiveauthentication'], 'matched');
  if (matched) return matched;
  const challenge = inForce(config, scenario, ['challengeresponseauthentication'], 'global');
  if (!challenge || flag(challenge) !== false) return challenge;
  return inForce(config, scenario, ['kbdinteractiveauthentication'], 'global') ?? challenge;
}

/** sshd, unlike the client, takes neither `true` nor `false`. */
function flag(setting: SshdSetting | undefined): boolean | undefined {
  const value = setting?.values[0];
  return value === 'yes' || (value === 'no' ? false : undefined);
}

/** Whether one of the lists of methods is met by this one and no key. */
const suffices = (method: string, methods: SshdSetting | undefined): boolean =>
  methods === undefined ||
  methods.values.some((list) => {
    const names = list.split(',').map((name) => name.split(':', 1)[0]);
    return names[0] === 'any' || (names.includes(method) && !names.includes('publickey'));
  });
