import { getSystemErrorMessage } from 'node:util';
import { Command, CommanderError } from 'commander';
import { VERSION } from '../domain/version.ts';
import { CliError } from '../runtime/cli-error.ts';
import { report } from '../runtime/report.ts';
import { storeFault } from '../store/store-fault.ts';
import { guardOutput } from './terminal/guarded-output.ts';
import { nextSteps } from './terminal/next-step.ts';

/**
 * One file a command, in the order of the help. Each is loaded when it is asked for: what the others bring along would
 * make a server a third slower to start, and stay in its memory.
 */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  start: async () => (await import('./start.ts')).startCommand(),
  scan: async () => (await import('./scan.ts')).scanCommand(),
  serve: async () => (await import('./serve.ts')).serveCommand(),
  agent: async () => (await import('./agent.ts')).agentCommand(),
  agents: async () => (await import('./agents.ts')).agentsCommand(),
  hosts: async () => (await import('./hosts.ts')).hostsCommand(),
  tokens: async () => (await import('./tokens.ts')).tokensCommand(),
  topics: async () => (await import('./topics.ts')).topicsCommand(),
  schedule: async () => (await import('./schedule.ts')).scheduleCommand(),
  audit: async () => (await import('./audit.ts')).auditCommand(),
  feeds: async () => (await import('./feeds.ts')).feedsCommand(),
  content: async () => (await import('./content.ts')).contentCommand(),
  import: async () => (await import('./import.ts')).importCommand(),
  export: async () => (await import('./export.ts')).exportCommand(),
  backup: async () => (await import('./backup.ts')).backupCommand(),
  restore: async () => (await import('./restore.ts')).restoreCommand(),
  'migrate-store': async () => (await import('./migrate-store.ts')).migrateStoreCommand(),
  keys: async () => (await import('./keys.ts')).keysCommand(),
  runs: async () => (await import('./runs.ts')).runsCommand(),
  findings: async () => (await import('./findings.ts')).findingsCommand(),
  affected: async () => (await import('./affected.ts')).affectedCommand(),
  report: async () => (await import('./report.ts')).reportCommand(),
  verify: async () => (await import('./verify.ts')).verifyCommand(),
  'report-key': async () => (await import('./verify.ts')).reportKeyCommand(),
  zones: async () => (await import('./zones.ts')).zonesCommand(),
  why: async () => (await import('./why.ts')).whyCommand(),
  reassess: async () => (await import('./reassess.ts')).reassessCommand(),
  diff: async () => (await import('./diff.ts')).diffCommand(),
  coverage: async () => (await import('./coverage.ts')).coverageCommand(),
  'api-model': async () => (await import('./api-model.ts')).apiModelCommand(),
  completion: async () => (await import('./completion.ts')).completionCommand(everyCommand),
  man: async () => (await import('./man.ts')).manCommand(everyCommand),
};

const everyCommand = (): Promise<readonly Command[]> => Promise.all(Object.values(commands).map((load) => load()));

/** The command of this name; all of them for the help and for what is none. */
const asked = (name = ''): readonly (() => Promise<Command>)[] => {
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  return load ? [load] : Object.values(commands);
};

/** Assay's command line. */
const program = new Command('assay')
  .description('The open, self-hosted Amazon Inspector Classic')
  .version(VERSION)
  .showHelpAfterError('(run with --help for usage)')
  .exitOverride();

/** Commands that go on although nobody can read what they print: it is their log, and not their result. */
const LASTING = ['serve', 'start', 'agent'];

for (const stream of [process.stdout, process.stderr]) {
  guardOutput(stream);
  stream.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    // A reader may stop reading (`| head`).
    if (stream === process.stderr || code === 'EPIPE' || LASTING.includes(process.argv[2] ?? '')) return;
    if (process.exitCode !== 2) report(`What this command prints could not be written: ${message}`);
    process.exitCode = 2;
  });
}

process.on('uncaughtException', breakDown);
try {
  for (const load of asked(process.argv[2])) program.addCommand(inherit(await load(), program));
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else if (error instanceof CliError) {
    process.stderr.write(`assay: ${nextSteps(error.message)}\n`);
    process.exitCode = 2;
  } else {
    breakDown(error);
  }
}

/** What nobody foresaw ends with 2: Node's own 1 would tell a script that a scan found something. */
function breakDown(error: unknown): never {
  const fault = storeFault(error);
  // Without a database that does not answer, it is another server: one that feeds come from, or ours.
  const hasDatabase = process.env.ASSAY_DATABASE_URL !== undefined || process.argv.includes('--database-url');
  if (fault && (fault.kind !== 'AWAY' || hasDatabase)) {
    const { message } = error as Error;
    process.stderr.write(`assay: ${fault.what} (${message}). ${fault.advice}\n`);
    process.exit(2);
  }
  const { errno, path } = error as NodeJS.ErrnoException;
  if (errno !== undefined && path !== undefined) {
    process.stderr.write(`assay: ${path} cannot be used: ${getSystemErrorMessage(errno)}.\n`);
    process.exit(2);
  }
  report('assay ended because of an error that it did not expect', error);
  process.exit(2);
}

/** A command that is added does not take over how errors end: without this a wrong option would end with status 1. */
function inherit(command: Command, parent: Command): Command {
  command.copyInheritedSettings(parent);
  // The value is set already; the help would show it as "(default: [])".
  for (const option of command.options) if (isEmptyList(option.defaultValue)) option.defaultValue = undefined;
  for (const child of command.commands) inherit(child, command);
  return command;
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}
