import type { Command } from 'commander';
import { beQuiet } from './terminal/guarded-output.ts';

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
  windows: async () => (await import('./windows.ts')).windowsCommand(),
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
  probe: async () => (await import('./probe.ts')).probeCommand(),
  why: async () => (await import('./why.ts')).whyCommand(),
  reassess: async () => (await import('./reassess.ts')).reassessCommand(),
  diff: async () => (await import('./diff.ts')).diffCommand(),
  coverage: async () => (await import('./coverage.ts')).coverageCommand(),
  'api-model': async () => (await import('./api-model.ts')).apiModelCommand(),
  completion: async () => (await import('./completion.ts')).completionCommand(everyCommand),
  man: async () => (await import('./man.ts')).manCommand(everyCommand),
};

/** All of them, as completion, manual pages and tests need them. */
export const everyCommand = (): Promise<readonly Command[]> =>
  Promise.all(Object.values(commands).map((load) => load().then(withQuiet)));

/** The command of this name; all of them for the help and for what is none. */
export const askedCommands = (name = ''): readonly (() => Promise<Command>)[] => {
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  return (load ? [load] : Object.values(commands)).map((each) => () => each().then(withQuiet));
};

/** Commands that go on although nobody can read what they print: it is their log, and not their result. */
export const isLasting = (name = ''): boolean => ['serve', 'start', 'agent'].includes(name);

function withQuiet(command: Command): Command {
  for (const child of command.commands) withQuiet(child);
  if (command.commands.length === 0 && !isLasting(command.name())) {
    command
      .option('-q, --quiet', 'print only the result, and what went wrong: no progress and no advice')
      .hook('preAction', (_, called) => {
        if (called.opts<{ readonly quiet?: boolean }>().quiet) beQuiet();
      });
  }
  return command;
}
