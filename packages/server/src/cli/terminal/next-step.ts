import { shownDatabaseUrl } from '../../runtime/database-url.ts';

/** Options that say which server or store is meant, and the commands that take each. */
const options: readonly (readonly [name: string, commands: RegExp])[] = [
  [
    '--data-dir',
    /^(?:start|serve|scan|feeds|keys|agents|hosts|tokens|coverage|diff|reassess|why|runs|findings|affected|report|export)$/,
  ],
  [
    '--database-url',
    /^(?:start|serve|keys|agents|hosts|tokens|coverage|diff|reassess|why|runs|findings|affected|report|export)$/,
  ],
  ['--endpoint', /^(?:feeds|keys|hosts|tokens|coverage|diff|reassess|why|runs|findings|affected|report)$/],
  ['--region', /^(?:hosts|tokens|coverage|diff|reassess|why|runs|findings|affected|report)$/],
  ['--account', /^(?:hosts|tokens|coverage|diff|reassess|why|runs|findings|affected|report)$/],
  ['--port', /^(?:start|serve)$/],
];

/** A command that a text names, as far as it is meant to be typed: its name, a subcommand, and what follows that is fixed. */
const named =
  /\b((?:npx )?assay (feeds(?= (?:update|status)\b)|keys(?= (?:create|list)\b)|agents(?= (?:token|list)\b)|hosts(?= list\b)|tokens(?= (?:create|list)\b)|coverage|diff|reassess|runs|scan)(?: (?:update|status|create|list|token))?(?: 0-[0-9A-Za-z]{8}){0,2}(?: --all)?)(?![\w-])/g;

/**
 * A text whose commands repeat the options by which this one was told where to look: a next step that leaves out
 * `--data-dir` acts on another store. Secrets of a database's URL are left out.
 */
export const nextSteps = (text: string, given: readonly string[] = process.argv): string =>
  text.replaceAll(named, (command: string, _: string, name: string) => `${command}${repeated(name, given)}`);

/** The options to start again with: `-- --data-dir X --port 8311` for npm; nothing where all are the defaults. */
export function startAgain(given: readonly string[] = process.argv): string {
  const own = repeated('start', given);
  return own === '' ? '' : ` --${own}`;
}

function repeated(command: string, given: readonly string[]): string {
  return options
    .flatMap(([name, commands]) => {
      const value = commands.test(command) ? optionIn(name, given) : undefined;
      return value === undefined ? [] : [` ${name} ${quoted(name === '--database-url' ? shown(value) : value)}`];
    })
    .join('');
}

function optionIn(name: string, given: readonly string[]): string | undefined {
  const at = given.findLastIndex((each) => each === name || each.startsWith(`${name}=`));
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

/** As a shell takes it for one word. */
const quoted = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
