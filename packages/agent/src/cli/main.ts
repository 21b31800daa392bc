// The agent as a program of its own: scripts/build-agent.ts makes one file of it.
import packageJson from '../../package.json' with { type: 'json' };
import { AgentStopped } from '../agent-stopped.ts';
import { doctorCommand } from './doctor.ts';
import { HELP } from './help.ts';
import { installCommand } from './install.ts';
import { runCommand } from './run.ts';
import { showCommand } from './show.ts';
import { uninstallCommand } from './uninstall.ts';

type Command = (args: readonly string[], log: (line: string) => void) => unknown;

const log = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
const commands: Readonly<Record<string, Command>> = {
  run: runCommand,
  install: installCommand,
  uninstall: uninstallCommand,
  doctor: doctorCommand,
  show: showCommand,
  help: () => log(HELP),
  version: () => log(packageJson.version),
};
const spelled: Readonly<Record<string, string>> = { '--help': 'help', '-h': 'help', '--version': 'version' };

async function main([name = 'help', ...args]: readonly string[]): Promise<number> {
  const wanted = spelled[name] ?? name;
  const command = Object.hasOwn(commands, wanted) ? commands[wanted] : undefined;
  if (!command) throw new AgentStopped(`There is no command ${name}. Run assay-agent help to see what there is.`);
  const status = await command(args, log);
  return typeof status === 'number' ? status : 0;
}

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    // A reader may stop reading (`| head`), and an agent works on where its log cannot be written.
    if (stream === process.stderr || code === 'EPIPE' || process.argv[2] === 'run') return;
    if (process.exitCode !== 2) process.stderr.write(`assay-agent: The output could not be written: ${message}\n`);
    process.exitCode = 2;
  });
}

main(process.argv.slice(2)).then(
  (status) => {
    process.exitCode ??= status;
  },
  (error: unknown) => {
    const stopped = error instanceof AgentStopped;
    process.stderr.write(`assay-agent: ${stopped ? error.message : ((error as Error)?.stack ?? String(error))}\n`);
    process.exitCode = 2;
  },
);
