import type { HostEvidence } from '@assay/model/evidence/kinds.ts';
import type { Observation } from '../../domain/rules-package.ts';
import type { Judgement } from './best-practice.ts';
import { describeLimitation, hides } from './hidden.ts';
import { enumerate, quote } from './quote.ts';
import { otherImplementation, sshServer } from './ssh-server.ts';
import { readSshdConfig, type SshdConfig, type SshdSetting } from './sshd-config.ts';
import { sshdInstances } from './sshd-instances.ts';
import { isCertain, type Scenario, scenarios } from './sshd-scenarios.ts';
import { sshdVersion } from './sshd-version.ts';

/** What one kind of connection may do, and the settings (undefined: the server's default) that make it so. */
export interface SshLook {
  readonly state: 'SAFE' | 'WEAK' | 'INVALID';
  readonly deciding: readonly { readonly setting: SshdSetting | undefined; readonly byDefault: string }[];
  /** What to add to the observations even where nothing is wrong. */
  readonly note?: string;
}

export interface SshQuestion {
  readonly title: string;
  readonly expected: string;
  /** Keywords of `sshd -T` output to keep beside our own reading. */
  readonly keywords: readonly string[];
  readonly look: (config: SshdConfig, scenario: Scenario, version: readonly [number, number] | undefined) => SshLook;
  readonly describe: (places: string) => { readonly description: string; readonly recommendation: string };
}

/**
 * Asks a question of every kind of connection to every running SSH server (or the configured one, when none runs).
 * What is weak for certain is a finding; what unread files could decide otherwise is not assessed.
 */
export function judgeSsh(evidence: HostEvidence, question: SshQuestion): Judgement {
  const server = sshServer(evidence);
  if ('outcome' in server) return server;
  const { data, limitations } = server;
  const other = otherImplementation(data);
  if (other !== undefined) {
    const reason = `The SSH server is ${quote(other)}; only OpenSSH's configuration can be judged.`;
    return { outcome: 'NOT_ASSESSED', reason, observations: [] };
  }
  const version = sshdVersion(data.version);
  const weak = new Map<string, Observation>();
  const seen = new Map<string, Observation>();
  const unknown = new Set<string>();
  for (const instance of sshdInstances(data)) {
    const config = readSshdConfig(data, limitations, instance);
    for (const { source, reason } of config.problems) unknown.add(`${source}: ${reason}`);
    for (const scenario of scenarios(config)) {
      const { state, deciding, note } = question.look(config, scenario, version);
      const observed = deciding.map(({ setting, byDefault }) =>
        describeSetting(setting, byDefault, instance.configPath),
      );
      const key = observed.map(({ source, observed: text }) => `${source} ${text}`).join();
      const isNew = !weak.has(key) && !seen.has(key);
      for (const [index, each] of observed.entries()) {
        const label = index === 0 && isNew ? `${scenario.label}${note ? ` — ${note}` : ''}` : '';
        const observation = { ...each, observed: quote(each.observed + label, 1500), expected: question.expected };
        if (state === 'INVALID') unknown.add(`${each.source}: sshd does not accept "${each.observed}"`);
        else if (state === 'WEAK' && deciding.every(({ setting }) => isCertain(config, setting))) {
          if (isNew) weak.set(index === 0 ? key : `${key}#${index}`, observation);
        } else if (isNew) seen.set(index === 0 ? key : `${key}#${index}`, observation);
      }
    }
  }
  if (data.runningArguments.length === 0) {
    const commandLine = limitations.find((each) => hides(each) && each.subject.startsWith('/proc'));
    if (commandLine) unknown.add(`the command line of a running sshd is not known: ${describeLimitation(commandLine)}`);
  }
  const observations = [...weak.values(), ...seen.values(), ...effective(data.effective, question.keywords)];
  if (weak.size > 0) {
    const places = enumerate([...weak.values()].map(({ source, observed }) => `${source} (${observed})`));
    return { outcome: 'FINDING', title: question.title, ...question.describe(places), observations };
  }
  if (unknown.size > 0) {
    return {
      outcome: 'NOT_ASSESSED',
      reason: `The SSH server's configuration is not fully known: ${enumerate([...unknown], 20)}.`,
      observations,
    };
  }
  return { outcome: 'PASSED', observations };
}

const describeSetting = (setting: SshdSetting | undefined, byDefault: string, path: string | undefined) =>
  setting
    ? { source: setting.source, observed: setting.text }
    : { source: path ?? 'sshd without a configuration file', observed: `${byDefault} (the default: it is not set)` };

/** What `sshd -T` said, as the host's own word. */
const effective = (output: string | undefined, keywords: readonly string[]): Observation[] =>
  (output ?? '')
    .split('\n')
    .filter((line) => keywords.includes(line.split(' ', 1)[0]?.toLowerCase() ?? ''))
    .slice(0, 10)
    .map((line) => ({ source: 'sshd -T', observed: quote(line) }));
