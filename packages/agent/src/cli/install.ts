import { chmodSync, chownSync, copyFileSync, existsSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AgentStopped } from '../agent-stopped.ts';
import { makeDirectory } from '../make-directory.ts';
import { type Arguments, readArguments } from './arguments.ts';
import { type Configuration, readConfiguration, writeConfiguration } from './configuration.ts';
import { enrollHost } from './enroll-host.ts';
import { ownProgram } from './own-program.ts';
import { type Places, placesIn } from './places.ts';
import { requireRoot } from './require-root.ts';
import { addService, startService, supervisorOf } from './service.ts';
import { type System, system } from './system.ts';
import { takeToken } from './token.ts';

/** `assay-agent install`: enrols this host and starts the agent with it, from then on. Done again, it is an update. */
export async function installCommand(args: readonly string[], log: (line: string) => void): Promise<void> {
  const token = takeToken(readTokenFile(args), process.env);
  const options = readArguments(args, [
    'server',
    'token-file',
    'tag',
    'ca',
    'insecure-http',
    'user',
    'no-start',
    'interval',
  ]);
  requireRoot('install');
  const places = placesIn();
  const before = readConfiguration(places.config);
  const configuration = configurationOf(options, before, places);

  const packaged = existsSync(places.packagedUnit);
  const command = packaged ? [process.execPath] : copyProgram(places);
  makeDirectory(places.configuration, 0o755);
  if (options.ca !== undefined && options.ca !== places.ca) copyFileSync(options.ca, places.ca);
  const { user, visitEverySeconds } = configuration;
  const madeUser = user !== undefined && makeUser(user, places, system);
  writeConfiguration(places.config, madeUser ? { ...configuration, madeUser } : configuration);

  await enrollHost({
    server: new URL(configuration.server),
    caFile: configuration.ca,
    insecureHttp: configuration.insecureHttp,
    token,
    tags: configuration.tags ?? [],
    visitEverySeconds,
    stateDir: places.state,
    log,
  });
  if (user !== undefined) giveTo(places.state, user, system);

  const supervisor = supervisorOf('');
  addService(places, supervisor, { command, user, visitEverySeconds }, system);
  const started = !options.noStart && startService(places, supervisor, system);
  const comes = visitEverySeconds === undefined ? 'runs' : `comes every ${visitEverySeconds} seconds`;
  log(started ? `The agent ${comes} (${supervisor}) and starts with this host.` : 'The agent starts with this host.');
  log(`What it can see: ${command.join(' ')} doctor. To remove it: ${command.join(' ')} uninstall`);
}

/** Only this option is looked at before all others: a token leaves the environment even where they are wrong. */
function readTokenFile(args: readonly string[]): string | undefined {
  const at = args.findIndex((arg) => arg === '--token-file' || arg.startsWith('--token-file='));
  if (at === -1) return undefined;
  return args[at]?.includes('=') ? args[at].slice('--token-file='.length) : args[at + 1];
}

/** What is not said again stays as it was. */
function configurationOf(options: Arguments, before: Configuration | undefined, places: Places): Configuration {
  const { visitEverySeconds: everyBefore, ...others } = before ?? {};
  const every = options.interval ?? everyBefore;
  const server = options.server?.href ?? before?.server;
  if (server === undefined) throw new AgentStopped('Say which server: --server https://assay.example.com:8020.');
  return {
    ...others,
    server,
    ...(every === undefined || every === 'off' ? {} : { visitEverySeconds: every }),
    tags: options.tags.length > 0 ? options.tags : (before?.tags ?? []),
    ...(options.ca === undefined ? {} : { ca: places.ca }),
    ...(options.insecureHttp === undefined ? {} : { insecureHttp: options.insecureHttp }),
    ...(options.user === undefined || options.user === 'root' ? {} : { user: options.user }),
  };
}

/** Copies what runs now to where the service finds it, whole or not at all; the command that the service runs. */
function copyProgram(places: Places): string[] {
  const { file, node } = ownProgram();
  const target = node === undefined ? places.program : `${places.program}.cjs`;
  if (file !== target) {
    makeDirectory(dirname(target), 0o755);
    const draft = `${target}.new`;
    copyFileSync(file, draft);
    chmodSync(draft, 0o755);
    renameSync(draft, target);
  }
  makeDirectory(dirname(places.link), 0o755);
  rmSync(places.link, { force: true });
  symlinkSync(target, places.link);
  return node === undefined ? [target] : [node, target];
}

/** Makes a system user without a home of its own or a shell; false where there is one already. */
function makeUser(user: string, places: Places, { run, ask }: System): boolean {
  if (ask('id', ['-u', user]) !== undefined) return false;
  const args = [
    '--system',
    '--user-group',
    '--home-dir',
    places.state,
    '--no-create-home',
    '--shell',
    '/usr/sbin/nologin',
  ];
  if (run('useradd', [...args, user]) !== 0) throw new AgentStopped(`The user ${user} cannot be made: useradd failed.`);
  return true;
}

function giveTo(directory: string, user: string, { ask }: System): void {
  const [uid, gid] = [Number(ask('id', ['-u', user])), Number(ask('id', ['-g', user]))];
  for (const path of [directory, ...readdirSync(directory).map((name) => join(directory, name))]) {
    chownSync(path, uid, gid);
  }
}
