import { shownDatabaseUrl } from '../../runtime/database-url.ts';
import { ownCommand } from './own-command.ts';
import { quoted } from './quoted.ts';

const STORE = ['--data-dir', '--database-url'];
const SCOPED = [...STORE, '--region', '--account'];
const CLIENT = ['--endpoint', '--profile', ...SCOPED];
const DIRECTORY = ['--data-dir'];

/** Options that say which server or store is meant; each command takes some of them. */
export const placeOptions: readonly string[] = [...CLIENT, '--port'];

/** The commands that a text may name, and which of {@link placeOptions} each takes. */
export const commandPlaces: Readonly<Record<string, readonly string[]>> = {
  start: [...STORE, '--port'],
  serve: [...STORE, '--port'],
  scan: DIRECTORY,
  ...each('agents', SCOPED, 'token', 'list'),
  ...each('hosts', CLIENT, 'list', 'show', 'tag', 'remove'),
  ...each('tokens', CLIENT, 'create', 'list', 'revoke'),
  ...each('topics', CLIENT, 'map', 'list', 'unmap', 'subscribe', 'unsubscribe'),
  ...each('windows', CLIENT, 'set', 'list', 'delete'),
  ...each('schedule', CLIENT, 'create', 'list', 'pause', 'resume', 'delete'),
  ...each('keys', CLIENT, 'create', 'list', 'policy', 'revoke'),
  ...each('zones', CLIENT, 'list', 'set'),
  audit: ['--endpoint', '--profile', '--data-dir', '--account'],
  'feeds update': ['--endpoint', '--profile', '--data-dir'],
  'feeds status': CLIENT,
  'feeds gaps': CLIENT,
  ...each('feeds', DIRECTORY, 'add', 'remove', 'export', 'import', 'key'),
  ...each('content', DIRECTORY, 'add', 'fetch', 'list', 'remove', 'tailor'),
  import: STORE,
  export: SCOPED,
  backup: STORE,
  restore: STORE,
  'migrate-store': STORE,
  ...Object.fromEntries(
    ['runs', 'findings', 'affected', 'report', 'why', 'reassess', 'diff', 'coverage', 'probe'].map((name) => [
      name,
      CLIENT,
    ]),
  ),
  verify: DIRECTORY,
  'report-key': DIRECTORY,
};

function each(command: string, options: readonly string[], ...children: readonly string[]) {
  return Object.fromEntries(children.map((child) => [`${command} ${child}`, options]));
}

/** A command that a text names: its words, and what follows that is fixed. Longer names first. */
const names = Object.keys(commandPlaces).toSorted((a, b) => b.length - a.length);
const named = new RegExp(
  `\\bassay (${names.join('|')})((?: 0-[0-9A-Za-z]{8}){0,2}(?: (?:FILE|TOPIC_ARN|URL|ARN|HOST|RUN|ID)\\b)*(?: --all)?)(?![\\w-])`,
  'g',
);

interface Called {
  readonly given?: readonly string[];
  readonly command?: string;
}

/**
 * A text whose commands are as they are typed here: with the program's name, and the options by which this one was told
 * where to look. A next step that leaves out `--data-dir` acts on another store. Secrets of a database's URL are left out.
 */
export const nextSteps = (text: string, { given = process.argv, command = ownCommand() }: Called = {}): string =>
  text.replaceAll(named, (_, name: string, rest: string) => `${command} ${name}${rest}${repeated(name, given)}`);

/** What starts this again: `npm start -- --data-dir X --port 8311` in a clone. */
export function startAgain({ given = process.argv, command = ownCommand() }: Called = {}): string {
  if (command !== 'npx assay') return nextSteps('assay start', { given, command });
  const own = repeated('start', given);
  return own === '' ? 'npm start' : `npm start --${own}`;
}

function repeated(command: string, given: readonly string[]): string {
  return (commandPlaces[command] ?? [])
    .flatMap((name) => {
      const value = optionIn(name, given);
      return value === undefined ? [] : [` ${name} ${quoted(name === '--database-url' ? shown(value) : value)}`];
    })
    .join('');
}

function optionIn(name: string, given: readonly string[]): string | undefined {
  const at = given.findLastIndex((word) => word === name || word.startsWith(`${name}=`));
  const found = given[at];
  return found === name ? given[at + 1] : found?.slice(name.length + 1);
}

function shown(url: string): string {
  try {
    return shownDatabaseUrl(url);
  } catch {
    return 'URL';
  }
}
