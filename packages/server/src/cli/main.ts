import { getSystemErrorMessage } from 'node:util';
import { Command, CommanderError } from 'commander';
import { VERSION } from '../domain/version.ts';
import { CliError } from '../runtime/cli-error.ts';
import { report } from '../runtime/report.ts';
import { storeFault } from '../store/store-fault.ts';
import { askedCommands, isLasting } from './every-command.ts';
import { guardOutput } from './terminal/guarded-output.ts';
import { nextSteps } from './terminal/next-step.ts';

/** Assay's command line. */
const program = new Command('assay')
  .description('The open, self-hosted Amazon Inspector Classic')
  .version(VERSION)
  .showHelpAfterError('(run with --help for usage)')
  .exitOverride();

for (const stream of [process.stdout, process.stderr]) {
  guardOutput(stream);
  stream.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    // A reader may stop reading (`| head`).
    if (stream === process.stderr || code === 'EPIPE' || isLasting(process.argv[2])) return;
    if (process.exitCode !== 2) report(`What this command prints could not be written: ${message}`);
    process.exitCode = 2;
  });
}

process.on('uncaughtException', breakDown);
try {
  for (const load of askedCommands(process.argv[2])) program.addCommand(inherit(await load(), program));
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
