import type { Limitation, TextFile } from '@assay/model/evidence/document.ts';
import type { EvidenceData } from '@assay/model/evidence/kinds.ts';
import { hiddenPath, hides } from './hidden.ts';
import { quote } from './quote.ts';
import { splitWords, type UnitEntry, unitEntries } from './systemd-unit.ts';
import { type Unknown, unknownBy } from './unknown.ts';

/** A command with which the host starts an SSH server. */
export interface SshdStart {
  /** Where it stands: `ssh.service`, or an environment file. */
  readonly label: string;
  readonly args: readonly string[];
  /** Whether it, or the socket that starts it, is started with the system. */
  readonly enabled: boolean;
}

export interface SshdStarts {
  readonly starts: readonly SshdStart[];
  /** What keeps a command from being known. */
  readonly problems: readonly (Unknown & { readonly label: string; readonly enabled: boolean })[];
}

/** A unit's file before those that it hides: what the administrator wrote, then the run time's, then the packages'. */
const directories = [
  '/etc/systemd/system',
  '/run/systemd/system',
  '/run/systemd/generator',
  '/usr/local/lib/systemd/system',
  '/usr/lib/systemd/system',
  '/lib/systemd/system',
];
/** Environment files of other init systems, the variable with the options in each. */
const defaults: readonly (readonly [path: string, variable: string])[] = [
  ['/etc/default/ssh', 'SSHD_OPTS'],
  ['/etc/sysconfig/sshd', 'OPTIONS'],
  ['/etc/conf.d/sshd', 'SSHD_OPTS'],
];

type Startup = NonNullable<EvidenceData<'sshd'>['startup']>;

/** Every command of the host's units, or of another init system, that starts sshd. Dropbear's are left out. */
export function sshdStarts(startup: Startup, limitations: readonly Limitation[]): SshdStarts {
  const starts: SshdStart[] = [];
  const problems: SshdStarts['problems'][number][] = [];
  for (const unit of unitsOf(startup)) {
    const environment = environmentOf(unit.entries, startup.files, limitations);
    for (const { value } of assigned(unit.entries, 'ExecStart')) {
      const args = commandOf(value, environment);
      if (args === undefined) continue;
      const { name: label, enabled } = unit;
      if ('problem' in args) problems.push({ label, ...args.problem, enabled });
      else starts.push({ label, args: args.words, enabled });
    }
  }
  if (starts.length === 0 && problems.length === 0) {
    for (const [path, variable] of defaults) {
      const file = startup.files.find((each) => each.path === path);
      const limitation = file ? undefined : hiddenPath(limitations, path);
      if (limitation) problems.push({ label: path, ...unknownBy(limitation), enabled: true });
      const value = file && variables(file.content).get(variable);
      if (value === undefined) continue;
      const words = /[$`]/.test(value) ? undefined : splitWords(value);
      if (words) starts.push({ label: path, args: ['sshd', ...words], enabled: true });
      else
        problems.push({
          label: path,
          text: `${variable}=${quote(value)} is not known before a shell has read it`,
          cause: 'NOT_JUDGED',
          enabled: true,
        });
    }
  }
  const hidden = limitations.find((each) => hides(each) && directories.some((path) => within(each.subject, path)));
  if (hidden) problems.push({ label: 'the units of systemd', ...unknownBy(hidden), enabled: false });
  return { starts, problems };
}

const within = (path: string, directory: string): boolean => path === directory || path.startsWith(`${directory}/`);

interface Unit {
  readonly name: string;
  /** Of its file and then its drop-ins. */
  readonly entries: readonly UnitEntry[];
  readonly enabled: boolean;
}

function unitsOf({ files, links }: Startup): Unit[] {
  const fileName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
  const folder = (path: string): string => path.slice(0, path.lastIndexOf('/'));
  const rank = (path: string): number => directories.indexOf(path);
  const inPlace = (path: string): boolean => rank(folder(path)) >= 0 && /\.(?:service|socket)$/.test(path);
  const aliases = links.filter(({ path }) => inPlace(path));
  const sources = files.filter(({ path }) => inPlace(path)).sort((a, b) => rank(folder(a.path)) - rank(folder(b.path)));
  const units: Unit[] = [];
  for (const file of sources) {
    const name = fileName(file.path);
    if (!name.endsWith('.service') || units.some((unit) => unit.name === name)) continue;
    const hiding = aliases.find(({ path }) => fileName(path) === name && rank(folder(path)) < rank(folder(file.path)));
    if (hiding?.target === '/dev/null' || file.content.trim() === '') continue;
    const names = [
      name,
      ...aliases.filter(({ target }) => fileName(target) === name).map(({ path }) => fileName(path)),
    ];
    // Of drop-ins with the same name the first directory's counts; then all by name.
    const dropIns = new Map<string, TextFile>();
    for (const { path, content } of files) {
      const owner = folder(path);
      const at = rank(folder(owner));
      const known = dropIns.get(fileName(path));
      if (at < 0 || !names.some((each) => fileName(owner) === `${each}.d`)) continue;
      if (!known || at < rank(folder(folder(known.path)))) dropIns.set(fileName(path), { path, content });
    }
    const parts = [...dropIns.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, part]) => part);
    const sockets = names.map((each) => each.replace(/@?\.service$/, '.socket'));
    const enabled = links.some(
      ({ path }) =>
        /\.(?:wants|requires|upholds)$/.test(folder(path)) &&
        (names.includes(fileName(path)) ||
          names.includes(fileName(path).replace(/@[^/]*\./, '@.')) ||
          sockets.includes(fileName(path))),
    );
    units.push({ name, entries: [file, ...parts].flatMap(({ content }) => unitEntries(content)), enabled });
  }
  return units;
}

/** The values of a list setting of [Service]: an empty one takes all before it away. */
function assigned(entries: readonly UnitEntry[], name: string): UnitEntry[] {
  const of = entries.filter((entry) => entry.section === 'Service' && entry.name === name);
  return of.slice(of.findLastIndex(({ value }) => value === '') + 1);
}

interface Environment {
  readonly values: ReadonlyMap<string, string>;
  /** Why a variable that has no value may have one. */
  readonly unread: Unknown | undefined;
}

function environmentOf(
  entries: readonly UnitEntry[],
  files: readonly TextFile[],
  limitations: readonly Limitation[],
): Environment {
  const values = new Map<string, string>();
  let unread: Unknown | undefined;
  for (const { value } of assigned(entries, 'Environment')) {
    for (const word of splitWords(value) ?? []) {
      const equals = word.indexOf('=');
      if (equals > 0) values.set(word.slice(0, equals), word.slice(equals + 1));
    }
  }
  for (const { value } of assigned(entries, 'EnvironmentFile')) {
    const path = value.replace(/^-\s*/, '');
    const file = files.find((each) => each.path === path);
    const limitation = file ? undefined : hiddenPath(limitations, path);
    if (limitation) unread = unknownBy(limitation, `${quote(path)} could not be read: `);
    else if (!file && /[*?[%]/.test(path))
      unread = { text: `the environment files ${quote(path)} were not reported`, cause: 'NOT_REPORTED' };
    for (const [name, text] of variables(file?.content ?? '')) values.set(name, text);
  }
  return { values, unread };
}

/** The assignments of an environment file, the last of a name; quotes taken off. */
function variables(content: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const line of content.replaceAll('\\\n', '').split('\n')) {
    const [, name, text = ''] = /^\s*(?:export\s+)?([A-Za-z_]\w*)=(.*)$/.exec(line) ?? [];
    if (name === undefined) continue;
    const value = text.trim();
    const quoted = /^(["'])(.*)\1$/.exec(value);
    found.set(name, quoted?.[1] === "'" ? (quoted[2] ?? '') : (quoted?.[2] ?? value).replace(/\\(["\\$`])/g, '$1'));
  }
  return found;
}

const shells = /^(?:sh|bash|dash|ksh|zsh|busybox)$/;
const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const isServer = (word: string): boolean => /^sshd(?!-session|-auth|-keygen)/.test(baseName(word));

/** The words of a command that starts sshd, variables filled in; undefined for other commands. */
function commandOf(
  command: string,
  { values, unread }: Environment,
): { readonly words: readonly string[] } | { readonly problem: Unknown } | undefined {
  const [, prefix = '', rest = ''] = /^([-@:+!|]*)(.*)$/s.exec(command) ?? [];
  const written = splitWords(rest);
  if (!written)
    return /sshd/.test(rest)
      ? { problem: { text: `a quote is not closed in ${quote(command)}`, cause: 'NOT_JUDGED' } }
      : undefined;
  // After @ the second word is the name that the program is to be called by.
  if (prefix.includes('@')) written.splice(1, 1);
  const at = written.findIndex(isServer);
  if (at < 0 || shells.test(baseName(written[0] ?? ''))) {
    const hidden = shells.test(baseName(written[0] ?? '')) && /\bsshd\b/.test(rest);
    return hidden ? { problem: { text: `a shell starts it: ${quote(command)}`, cause: 'NOT_JUDGED' } } : undefined;
  }
  const words: string[] = [];
  const missing = new Set<string>();
  const variable = (name: string): string => {
    if (!values.has(name)) missing.add(name);
    return values.get(name) ?? '';
  };
  for (const word of written.slice(at)) {
    const whole = prefix.includes(':') ? undefined : /^\$([A-Za-z_]\w*)$/.exec(word)?.[1];
    if (whole !== undefined) words.push(...(splitWords(variable(whole)) ?? [variable(whole)]));
    else if (prefix.includes(':')) words.push(word);
    else
      words.push(
        word.replace(/\$\$|\$\{([A-Za-z_]\w*)\}/g, (_, name?: string) => (name === undefined ? '$' : variable(name))),
      );
  }
  if (missing.size > 0 && unread !== undefined) {
    return { problem: { text: `${[...missing].join(', ')} may be set: ${unread.text}`, cause: unread.cause } };
  }
  return { words };
}
