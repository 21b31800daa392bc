import { Command, CommanderError } from 'commander';
import { agentCommand } from './agent.ts';
import { agentsCommand } from './agents.ts';
import { CliError } from './cli-error.ts';
import { serveCommand } from './serve.ts';

/** Assay's command line: one file a command. */
const program = new Command('assay')
  .description('The open, self-hosted Amazon Inspector Classic')
  .version('0.1.0')
  .showHelpAfterError('(run with --help to see what is there)')
  .exitOverride();
program.addCommand(serveCommand());
program.addCommand(agentCommand());
program.addCommand(agentsCommand());

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else if (error instanceof CliError) {
    process.stderr.write(`assay: ${error.message}\n`);
    process.exitCode = 2;
  } else {
    throw error;
  }
}
