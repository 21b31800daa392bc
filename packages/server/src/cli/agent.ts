import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { AgentStopped } from '@assay/agent/agent-stopped.ts';
import { runAgent } from '@assay/agent/loop.ts';
import { openHost } from '@assay/agent/open-host.ts';
import { HostDescription } from '@assay/model/agent-protocol.ts';
import { check } from '@assay/model/check.ts';
import { membersOf } from '@assay/model/shape.ts';
import { Command, InvalidArgumentError } from 'commander';
import { CliError } from '../runtime/cli-error.ts';
import { untilStopped } from './serve.ts';

interface AgentCommandOptions {
  readonly server: URL;
  readonly token?: string;
  readonly tag: HostDescription['tags'];
  readonly stateDir?: string;
  readonly ca?: string;
  readonly insecureHttp?: boolean;
  readonly once?: boolean;
}

export const agentCommand = (): Command =>
  new Command('agent')
    .description('Report evidence about this host to a server; it reads, judges nothing and changes nothing')
    .requiredOption('--server <url>', 'such as https://assay.example.com:8020', url)
    .option('--token <token>', 'one-time enrolment token (default: $ASSAY_ENROLLMENT_TOKEN)')
    .option('--tag <key=value>', 'a tag by which targets choose this host; may be repeated', tags, [])
    .option('--state-dir <dir>', 'where the agent keeps its key (default: /var/lib/assay-agent, or ~/.local/state/…)')
    .option('--ca <file>', 'trust the certificates in this PEM file, and no others')
    .option('--insecure-http', 'allow plain HTTP to another host')
    .option('--once', 'end after the evidence of one run is delivered')
    .action(async ({ tag, stateDir, ca, token, ...options }: AgentCommandOptions) => {
      if (process.geteuid?.() !== 0) {
        log('Running without root: some of this host cannot be seen, and each run says what.');
      }
      const stopping = new AbortController();
      untilStopped().then(() => stopping.abort());
      try {
        await runAgent({
          ...options,
          token: token ?? (process.env.ASSAY_ENROLLMENT_TOKEN || undefined),
          tags: tag,
          stateDir: resolve(stateDir ?? defaultStateDirectory(process.env)),
          caFile: ca,
          host: await openHost(),
          signal: stopping.signal,
          log,
        });
      } catch (error) {
        throw error instanceof AgentStopped ? new CliError(error.message) : error;
      }
      log(stopping.signal.aborted ? 'Stopped.' : 'Done.');
    });

const log = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** /var/lib for root; else the user's own state, by the XDG Base Directory Specification (relative paths are ignored). */
export function defaultStateDirectory(env: NodeJS.ProcessEnv): string {
  if (process.geteuid?.() === 0) return '/var/lib/assay-agent';
  const state = env.XDG_STATE_HOME;
  return join(state && isAbsolute(state) ? state : join(homedir(), '.local', 'state'), 'assay-agent');
}

function url(text: string): URL {
  const parsed = URL.parse(text);
  if (!parsed) throw new InvalidArgumentError('It must be a URL such as https://assay.example.com:8020.');
  return parsed;
}

/** Adds one `Key=Value`; the value may contain `=`. */
export function tags(text: string, before: HostDescription['tags']): HostDescription['tags'] {
  const [, key = '', value = ''] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
  const after = [...before.filter((tag) => tag.key !== key), { key, value }];
  const shape = membersOf(HostDescription).tags;
  if (!shape || check(shape, after).length > 0 || !text.isWellFormed()) {
    throw new InvalidArgumentError('It must be Key=Value, 1 to 128 and 1 to 256 characters, and at most 50 tags.');
  }
  return after;
}
