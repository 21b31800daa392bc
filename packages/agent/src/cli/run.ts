import { AgentStopped } from '../agent-stopped.ts';
import { runAgent } from '../loop.ts';
import { openHost } from '../open-host.ts';
import { readArguments } from './arguments.ts';
import { readConfiguration } from './configuration.ts';
import { placesIn } from './places.ts';
import { defaultStateDirectory } from './state-directory.ts';
import { takeToken } from './token.ts';

/** `assay-agent run`: serves the server of the configuration, or the one that it is told, until a signal stops it, or for one visit where it comes and goes. */
export async function runCommand(args: readonly string[], log: (line: string) => void): Promise<void> {
  const allowed = ['server', 'token-file', 'tag', 'ca', 'insecure-http', 'state-dir', 'once', 'interval'] as const;
  const options = readArguments(args, allowed);
  const configuration = options.server ? undefined : readConfiguration(placesIn().config);
  const server = options.server ?? (configuration && URL.parse(configuration.server));
  if (!server) throw new AgentStopped('Which server? Run assay-agent install, or give --server.');
  if (process.geteuid?.() !== 0) log('Running without root: some of this host cannot be seen, and each run says what.');
  const stopping = new AbortController();
  // They stay: shells and supervisors may signal more than once.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => stopping.abort());
  await runAgent({
    server,
    token: takeToken(options.tokenFile, process.env),
    tags: options.tags.length > 0 ? options.tags : (configuration?.tags ?? []),
    stateDir: options.stateDir ?? defaultStateDirectory(process.env),
    caFile: options.ca ?? configuration?.ca,
    insecureHttp: options.insecureHttp ?? configuration?.insecureHttp,
    once: options.once,
    visitEverySeconds: options.interval === 'off' ? undefined : (options.interval ?? configuration?.visitEverySeconds),
    host: await openHost(),
    signal: stopping.signal,
    log,
  });
  log(stopping.signal.aborted ? 'Stopped.' : 'Done.');
}
