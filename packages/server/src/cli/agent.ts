import { resolve } from 'node:path';
import { AgentStopped } from '@assay/agent/agent-stopped.ts';
import { defaultStateDirectory } from '@assay/agent/cli/state-directory.ts';
import { addTag } from '@assay/agent/cli/tags.ts';
import { runAgent } from '@assay/agent/loop.ts';
import { openHost } from '@assay/agent/open-host.ts';
import type { HostDescription } from '@assay/model/agent-protocol.ts';
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

function url(text: string): URL {
  const parsed = URL.parse(text);
  if (!parsed) throw new InvalidArgumentError('It must be a URL such as https://assay.example.com:8020.');
  return parsed;
}

/** Throws InvalidArgumentError, which names the option. */
export function tags(text: string, before: HostDescription['tags']): HostDescription['tags'] {
  try {
    return addTag(text, before);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}
