import type { Limitation } from '@assay/model/evidence/document.ts';
import type { EvidenceData, HostEvidence } from '@assay/model/evidence/kinds.ts';
import type { Observation } from '../../domain/rules-package.ts';
import type { Judgement } from './best-practice.ts';
import { hides } from './hidden.ts';
import { enumerate, quote } from './quote.ts';
import { otherImplementation, sshServer } from './ssh-server.ts';
import { readSshdConfig, type SshdConfig, type SshdSetting } from './sshd-config.ts';
import { type SshdInstance, sshdInstances } from './sshd-instances.ts';
import { blockMatch } from './sshd-match-block.ts';
import { isCertain, type Scenario, scenarios } from './sshd-scenarios.ts';
import { rootAccounts, type SshSubject } from './sshd-subjects.ts';
import { effectiveConfig, testedConnection, whyRefused } from './sshd-test-mode.ts';
import { sshdVersion } from './sshd-version.ts';
import { distinct, notAssessed, type Unknown, unknownBy } from './unknown.ts';

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
  readonly look: (config: SshdConfig, scenario: Scenario, version: Version) => SshLook;
  readonly describe: (places: string) => { readonly description: string; readonly recommendation: string };
  /** Whose connections are asked about. */
  readonly subjects: (evidence: HostEvidence) => readonly SshSubject[];
  /** Keywords whose settings are shown beside the answer, and do not change it. */
  readonly asides: readonly string[];
}

type Version = readonly [number, number] | undefined;

/**
 * Asks a question of every kind of connection to every running SSH server (or the configured one, when none runs). What is
 * weak for certain is a finding; what unread files could decide otherwise is not assessed, nor is a configuration that sshd
 * itself refuses or reads differently.
 */
export function judgeSsh(evidence: HostEvidence, question: SshQuestion): Judgement {
  const server = sshServer(evidence);
  if ('outcome' in server) return server;
  const { data, limitations } = server;
  const other = otherImplementation(data);
  if (other !== undefined) {
    const text = `the SSH server is ${quote(other)}; only OpenSSH's configuration can be judged`;
    return notAssessed('The SSH server is not judged', [{ text, cause: 'NOT_JUDGED' }]);
  }
  const version = sshdVersion(data.version);
  const subjects = question.subjects(evidence);
  const answer: Answer = { weak: new Map(), seen: new Map(), unknown: [], asides: new Map() };
  const { instances, problems } = sshdInstances(data, limitations);
  answer.unknown.push(...problems);
  for (const instance of instances) {
    const config = readSshdConfig(data, limitations, instance);
    answer.unknown.push(...config.problems);
    const path = instance.configPath;
    const refused = path === undefined ? undefined : whyRefused(limitations, path);
    const differs =
      refused ?? (path === data.configPath ? whyDifferent(evidence, data, limitations, question) : undefined);
    if (differs !== undefined) answer.unknown.push({ text: differs, cause: 'NOT_IN_FORCE' });
    for (const subject of subjects)
      look(answer, { config, instance, subject, version, question, inDoubt: differs !== undefined });
    for (const setting of config.settings) {
      if (question.asides.includes(setting.keyword)) {
        answer.asides.set(setting.source, { source: setting.source, observed: setting.text });
      }
    }
  }
  if (data.runningArguments.length === 0) {
    const commandLine = limitations.find((each) => hides(each) && each.subject.startsWith('/proc'));
    if (commandLine) {
      answer.unknown.push(unknownBy(commandLine, 'the command line of a running sshd is not known: '));
    }
  }
  return conclude(answer, question, effective(data.effective, question.keywords));
}

interface Answer {
  readonly weak: Map<string, Observation>;
  readonly seen: Map<string, Observation>;
  readonly unknown: Unknown[];
  readonly asides: Map<string, Observation>;
}

interface Looked {
  readonly config: SshdConfig;
  readonly instance: SshdInstance;
  readonly subject: SshSubject;
  readonly version: Version;
  readonly question: SshQuestion;
  /** Whether something speaks against the files as they were read: then nothing in them is weak for certain. */
  readonly inDoubt: boolean;
}

/** Looks at every kind of connection of a subject to one server, and adds what it sees to the answer. */
function look({ weak, seen, unknown }: Answer, looked: Looked): void {
  const { config, instance, subject, version, question, inDoubt } = looked;
  for (const scenario of scenarios(config, subject)) {
    const { state, deciding, note } = question.look(config, scenario, version);
    const observed = deciding.map(({ setting, byDefault }) => describeSetting(setting, byDefault, instance.configPath));
    const key = observed.map(({ source, observed: text }) => `${source} ${text}`).join();
    const isNew = !weak.has(key) && !seen.has(key);
    const certain = !inDoubt && deciding.every(({ setting }) => isCertain(config, setting));
    const isWeak = state === 'WEAK' && certain && scenario.uncertain === undefined;
    if (state === 'WEAK' && scenario.uncertain !== undefined) {
      unknown.push({ text: scenario.uncertain, cause: 'NOT_REPORTED' });
    }
    for (const [index, each] of observed.entries()) {
      const label = index === 0 && isNew ? `${scenario.label}${note ? ` — ${note}` : ''}` : '';
      const observation = { ...each, observed: quote(each.observed + label, 1500), expected: question.expected };
      const at = index === 0 ? key : `${key}#${index}`;
      if (state === 'INVALID') {
        unknown.push({ text: `${each.source}: sshd does not accept "${each.observed}"`, cause: 'NOT_IN_FORCE' });
      } else if (isWeak) {
        if (isNew) weak.set(at, observation);
      } else if (isNew) seen.set(at, observation);
    }
  }
}

function conclude(
  { weak, seen, unknown: all, asides }: Answer,
  question: SshQuestion,
  printed: Observation[],
): Judgement {
  const unknown = distinct(all);
  const observations = [
    ...weak.values(),
    ...seen.values(),
    ...asides.values(),
    ...printed,
    ...unknown.map(({ text }) => ({ source: 'not known', observed: text })),
  ];
  if (weak.size > 0) {
    const places = enumerate([...weak.values()].map(({ source, observed }) => `${source} (${observed})`));
    const { description, recommendation } = question.describe(places);
    const aside = [...asides.values()].map(({ source, observed }) => `${source} (${observed})`);
    const limits =
      aside.length === 0
        ? ''
        : ` Beside it stands ${enumerate(aside, 10)}, which may keep accounts out all the same; this rule does not rely on it.`;
    return {
      outcome: 'FINDING',
      title: question.title,
      description: description + limits,
      recommendation,
      unseen: unknown.map(({ text }) => text),
      observations,
    };
  }
  if (unknown.length > 0)
    return notAssessed("The SSH server's configuration is not fully known", unknown, observations);
  return { outcome: 'PASSED', observations };
}

/**
 * How `sshd -T`, asked about root's connection, and our own reading of the same file answer the question differently;
 * undefined where they agree, or where one of them gives no answer.
 */
function whyDifferent(
  evidence: HostEvidence,
  data: EvidenceData<'sshd'>,
  limitations: readonly Limitation[],
  question: SshQuestion,
): string | undefined {
  const [keyword = ''] = question.keywords;
  const said = effectiveConfig(data, keyword);
  const root = rootAccounts(evidence).find(({ name }) => name === 'root');
  if (!said || !root) return undefined;
  const config = readSshdConfig(data, limitations, { label: '', source: '', configPath: data.configPath, options: [] });
  if (config.problems.length > 0) return undefined;
  const matches = config.blocks.map((block) => ({ block, match: blockMatch(block, root, testedConnection) }));
  if (matches.some(({ match }) => match !== 'ALWAYS' && match !== 'NEVER')) return undefined;
  const blocks = new Set(matches.filter(({ match }) => match === 'ALWAYS').map(({ block }) => block));
  const version = sshdVersion(data.version);
  const ours = question.look(config, { label: '', blocks }, version);
  const theirs = question.look(said, { label: '', blocks: new Set() }, version);
  if (ours.state === theirs.state || theirs.state === 'INVALID') return undefined;
  const words = (look: SshLook): string =>
    enumerate(look.deciding.map(({ setting, byDefault }) => setting?.text ?? `${byDefault} by default`));
  return `sshd -T says ${words(theirs)} for root, and the files say ${words(ours)}`;
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
