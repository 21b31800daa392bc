import type { Limitation } from '@assay/model/evidence/document.ts';
import type { EvidenceData } from '@assay/model/evidence/kinds.ts';
import { quote } from './quote.ts';
import { sshdStarts } from './sshd-startup.ts';
import type { Unknown } from './unknown.ts';

/** One way in which the SSH server is (or, when none runs, would be) started. */
export interface SshdInstance {
  /** For people: the command line, or that none runs. */
  readonly label: string;
  /** Where its options stand. */
  readonly source: string;
  /** Undefined for `-f none`. */
  readonly configPath: string | undefined;
  /** The values of -o, in order. They stand before the first line of the file. */
  readonly options: readonly string[];
}

const withArgument = 'CEbcfghkopu';
const standardPaths = ['/etc/ssh/sshd_config', '/usr/etc/ssh/sshd_config'];

export interface SshdInstances {
  readonly instances: readonly SshdInstance[];
  /** What keeps an instance, or its options, from being known. */
  readonly problems: readonly Unknown[];
}

/**
 * The distinct instances that run, and those that start with the system; when none runs, every way in which the host would
 * start one, or else the one that the default configuration would make.
 */
export function sshdInstances(data: EvidenceData<'sshd'>, limitations: readonly Limitation[]): SshdInstances {
  const problems: Unknown[] = [];
  const masters = data.runningArguments.flatMap((args) => {
    const words = commandWords(args);
    if (!words) return [];
    if (/(?:^|\/)dropbear[^/]*$/.test(words[0] ?? '')) {
      const text = `"${quote(words.join(' '))}" runs as well; only OpenSSH's configuration can be judged`;
      problems.push({ text, cause: 'NOT_JUDGED' });
      return [];
    }
    return [{ label: quote(words.join(' ')), source: 'sshd command line', ...readOptions(words.slice(1)) }];
  });
  const running = masters.length > 0;
  const { starts, problems: unknownStarts } = data.startup
    ? sshdStarts(data.startup, limitations)
    : { starts: [], problems: [] };
  if (!running && !data.startup) {
    const text =
      'no sshd runs, and how the host starts one was not reported: options of its command line would come first';
    problems.push({ text, cause: 'NOT_REPORTED' });
  }
  for (const { label, text, cause, enabled } of unknownStarts) {
    if (!running || enabled) {
      problems.push({ text: `the command with which ${quote(label)} starts sshd is not known: ${text}`, cause });
    }
  }
  const started = starts
    .filter(({ enabled }) => !running || enabled)
    .map(({ label, args }) => ({
      label: quote(`${label}: ${args.join(' ')}`),
      source: `command line of ${quote(label)}`,
      ...readOptions(args.slice(1)),
    }));
  const usual = usualPath(
    data,
    masters.map(({ config }) => config),
  );
  const instances = new Map<string, SshdInstance>();
  for (const { label, source, config, options } of [...masters, ...started]) {
    const configPath = config?.toLowerCase() === 'none' ? undefined : (config ?? usual);
    const key = JSON.stringify([configPath, options]);
    if (!instances.has(key)) instances.set(key, { label, source, configPath, options });
  }
  if (instances.size === 0) {
    instances.set('', { label: 'no running sshd', source: 'sshd command line', configPath: usual, options: [] });
  }
  return { instances: [...instances.values()], problems };
}

/** What a server without -f reads. The first file that was reported may be one that another server was given. */
function usualPath(data: EvidenceData<'sshd'>, given: readonly (string | undefined)[]): string {
  if (data.configPath !== undefined && !given.includes(data.configPath)) return data.configPath;
  const reported = new Set(data.files.map(({ path }) => path));
  return standardPaths.find((path) => reported.has(path)) ?? '/etc/ssh/sshd_config';
}

/**
 * The words of a master's command line. A running sshd overwrites it with one string, such as
 * `sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups`; a session (`sshd: root@pts/0`) is not a master.
 */
function commandWords(args: readonly string[]): string[] | undefined {
  const first = args[0];
  if (first === undefined) return undefined;
  if (!first.startsWith('sshd:')) return [...args];
  const title = args
    .join(' ')
    .replace(/[\0\s]+/g, ' ')
    .trim();
  const words = title
    .replace(/ \[(?:listener|accepted)\].*$/, '')
    .split(' ')
    .slice(1);
  return /(?:^|\/)sshd[^/]*$/.test(words[0] ?? '') && !words[0]?.includes('@') ? rejoined(words) : undefined;
}

/** In a title the quotes are gone: `-o PermitRootLogin no` was one option of two words. */
function rejoined(words: readonly string[]): string[] {
  const out: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    const value = words[at + 1];
    const after = words[at + 2];
    out.push(word);
    if (/^-[A-Za-z]*o$/.test(word) && value !== undefined) {
      const split = !value.includes('=') && after !== undefined && !after.startsWith('-');
      out.push(split ? `${value} ${after}` : value);
      at += split ? 2 : 1;
    }
  }
  return out;
}

function readOptions(args: readonly string[]): { config: string | undefined; options: string[] } {
  const options: string[] = [];
  let config: string | undefined;
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (arg === '--' || !arg.startsWith('-') || arg === '-') break;
    for (let letter = 1; letter < arg.length; letter++) {
      const flag = arg.charAt(letter);
      if (!withArgument.includes(flag)) continue;
      const value = letter + 1 < arg.length ? arg.slice(letter + 1) : (args[++at] ?? '');
      if (flag === 'o') options.push(value);
      if (flag === 'f') config = value;
      break;
    }
  }
  return { config, options };
}
