import { Command, CommanderError } from 'commander';
import { agentCommand } from './agent.ts';
import { agentsCommand } from './agents.ts';
import { auditCommand } from './audit.ts';
import { CliError } from './cli-error.ts';
import { diffCommand } from './diff.ts';
import { exportCommand } from './export.ts';
import { feedsCommand } from './feeds.ts';
import { importCommand } from './import.ts';
import { keysCommand } from './keys.ts';
import { reassessCommand } from './reassess.ts';
import { report } from './report.ts';
import { scanCommand } from './scan.ts';
import { serveCommand } from './serve.ts';
import { startCommand } from './start.ts';
import { whyCommand } from './why.ts';

/** Assay's command line: one file a command. */
const program = new Command('assay')
  .description('The open, self-hosted Amazon Inspector Classic')
  .version('0.1.0')
  .showHelpAfterError('(run with --help to see what is there)')
  .exitOverride();
for (const command of [
  startCommand(),
  scanCommand(),
  serveCommand(),
  agentCommand(),
  agentsCommand(),
  auditCommand(),
  feedsCommand(),
  importCommand(),
  exportCommand(),
  keysCommand(),
  whyCommand(),
  reassessCommand(),
  diffCommand(),
]) {
  program.addCommand(inherit(command, program));
}

// Whoever reads our output may stop reading (`| head`); a server goes on all the same.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

process.on('uncaughtException', breakDown);
try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else if (error instanceof CliError) {
    process.stderr.write(`assay: ${error.message}\n`);
    process.exitCode = 2;
  } else {
    breakDown(error);
  }
}

/** What nobody foresaw ends with 2: Node's own 1 would tell a script that a scan found something. */
function breakDown(error: unknown): never {
  report('assay ended because of an error that it did not expect', error);
  process.exit(2);
}

/** A command that is added does not take over how errors end: without this a wrong option would end with status 1. */
function inherit(command: Command, parent: Command): Command {
  command.copyInheritedSettings(parent);
  for (const child of command.commands) inherit(child, command);
  return command;
}
