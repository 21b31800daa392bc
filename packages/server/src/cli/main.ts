import { Command, CommanderError } from 'commander';
import { agentCommand } from './agent.ts';
import { agentsCommand } from './agents.ts';
import { auditCommand } from './audit.ts';
import { CliError } from './cli-error.ts';
import { importCommand } from './import.ts';
import { keysCommand } from './keys.ts';
import { scanCommand } from './scan.ts';
import { serveCommand } from './serve.ts';
import { startCommand } from './start.ts';

/** Assay's command line: one file a command. */
const program = new Command('assay')
  .description('The open, self-hosted Amazon Inspector Classic')
  .version('0.1.0')
  .showHelpAfterError('(run with --help to see what is there)')
  .exitOverride();
program.addCommand(startCommand());
program.addCommand(scanCommand());
program.addCommand(serveCommand());
program.addCommand(agentCommand());
program.addCommand(agentsCommand());
program.addCommand(auditCommand());
program.addCommand(importCommand());
program.addCommand(keysCommand());

// Whoever reads our output may stop reading (`| head`); a server goes on all the same.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

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
