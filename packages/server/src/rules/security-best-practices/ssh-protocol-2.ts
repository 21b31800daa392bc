import type { BestPractice, Judgement } from './best-practice.ts';
import { enumerate, quote } from './quote.ts';
import { otherImplementation, sshServer } from './ssh-server.ts';
import { readSshdConfig } from './sshd-config.ts';
import { sshdInstances } from './sshd-instances.ts';
import { inForce, isCertain } from './sshd-scenarios.ts';
import { isBefore, sshdVersion } from './sshd-version.ts';
import { notAssessed, type Unknown } from './unknown.ts';

/** Finding when an OpenSSH older than 7.4, the first without protocol 1, is told to speak it or does so by default (before 5.4). */
export const sshProtocol2: BestPractice = {
  id: 'Support SSH version 2 only',
  title: 'Support SSH version 2 only',
  severity: 'Medium',
  judge: (evidence): Judgement => {
    const server = sshServer(evidence);
    if ('outcome' in server) return server;
    const { data, limitations } = server;
    const other = otherImplementation(data);
    if (other !== undefined) return judgeOther(other);
    const version = sshdVersion(data.version);
    const versionSeen = {
      source: data.binary ?? 'sshd',
      observed: `OpenSSH ${quote(data.version ?? 'of unknown version')}`,
    };
    if (version && !isBefore(version, 7, 4)) {
      return {
        outcome: 'PASSED',
        observations: [{ ...versionSeen, expected: 'OpenSSH 7.4 or later: protocol 1 is not in it' }],
      };
    }
    const weak = [];
    const unknown: Unknown[] = [];
    const observations = [{ ...versionSeen, expected: 'OpenSSH 7.4 or later, or Protocol 2' }];
    const { instances, problems } = sshdInstances(data, limitations);
    for (const instance of instances) {
      const config = readSshdConfig(data, limitations, instance);
      const setting = inForce(config, { blocks: new Set() }, ['protocol']);
      const byDefault = version && isBefore(version, 5, 4) ? '2,1' : '2';
      const spoken = (setting ? setting.values.join(',') : byDefault).split(',').map((each) => each.trim());
      const seen = setting
        ? { source: setting.source, observed: setting.text }
        : { source: instance.configPath ?? 'sshd', observed: `Protocol ${byDefault} (the default: it is not set)` };
      observations.push({ ...seen, expected: 'Protocol 2' });
      if (!isCertain(config, setting)) {
        unknown.push(...config.problems);
      } else if (!version && (spoken.includes('1') || !setting)) {
        const text = 'the version of sshd is not known, and only versions before 7.4 have protocol 1';
        unknown.push({ text, cause: 'NOT_REPORTED' });
      } else if (spoken.includes('1')) {
        weak.push(`${seen.source} (${seen.observed})`);
      } else if (!spoken.includes('2')) {
        unknown.push({ text: `${seen.source}: sshd does not accept "${seen.observed}"`, cause: 'NOT_IN_FORCE' });
      }
    }
    unknown.push(...problems);
    if (weak.length > 0) return found(versionSeen.observed, enumerate(weak), observations);
    if (unknown.length > 0) return notAssessed('Which protocols sshd speaks is not known', unknown, observations);
    return { outcome: 'PASSED', observations };
  },
};

const found = (server: string, places: string, observations: Judgement['observations']): Judgement => ({
  outcome: 'FINDING',
  title: 'The SSH server speaks protocol version 1',
  description:
    `The SSH server, ${server}, speaks protocol version 1, because of ${places}. Version 1 has design flaws that let an ` +
    'attacker between client and server read and change a session.',
  recommendation:
    'Install a supported version of OpenSSH: 7.4 and later have no protocol 1. Until then, add "Protocol 2" to ' +
    '/etc/ssh/sshd_config before any other Protocol line, and reload the SSH service.',
  observations,
});

function judgeOther(implementation: string): Judgement {
  const observations = [{ source: 'SSH server', observed: quote(implementation), expected: 'protocol 2 only' }];
  if (/^(?:dropbear|tinyssh)/i.test(implementation)) return { outcome: 'PASSED', observations };
  const text = `the SSH server is ${quote(implementation)}; which protocols it speaks is not known`;
  return notAssessed('Which protocols it speaks is not known', [{ text, cause: 'NOT_JUDGED' }], observations);
}
