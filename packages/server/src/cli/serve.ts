import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { Command } from 'commander';
import { contentDirectory } from '../content/content-directory.ts';
import { feedsDirectory } from '../feeds/feeds-directory.ts';
import { firstKey, type KeyPair, keepEnvironmentKey } from '../runtime/access-keys.ts';
import { openAdvisorySource } from '../runtime/advisory-source.ts';
import { CliError } from '../runtime/cli-error.ts';
import { openContentSource } from '../runtime/content-source.ts';
import { createLineWriter } from '../runtime/line-writer.ts';
import { report } from '../runtime/report.ts';
import { openService, type Service } from '../runtime/service.ts';
import { AUDIT_DAYS, EVIDENCE_DAYS } from '../runtime/service-options.ts';
import { trimMemoryAfterStart } from '../runtime/trim-memory.ts';
import type { RateLimits } from '../wire/rate-limit.ts';
import { onStop } from './on-stop.ts';
import { duration } from './options/duration.ts';
import { mailServerOf, smtpUrl, snsEndpoint, snsOf } from './options/event-servers.ts';
import { publicUrl } from './options/public-url.ts';
import { parseRateLimits, rateLimitsOf } from './options/rate-limits.ts';
import { dataDirectoryOf, type StoreOptions, withStoreOptions } from './options/store-options.ts';
import { wholeNumber } from './options/whole-number.ts';

export interface ServeOptions extends StoreOptions {
  readonly port: number;
  readonly host: string;
  readonly tlsKey?: string;
  readonly tlsCert?: string;
  readonly insecureHttp?: boolean;
  readonly strict?: boolean;
  readonly rateLimit?: RateLimits | 'off';
  readonly auditDays?: number;
  readonly trustProxy?: boolean;
  readonly evidenceDays?: number;
  readonly hostsInRuns?: number;
  readonly allowedHost?: readonly string[];
  readonly maxConnections?: number;
  /** A mirror, or what the advisories are read from; false for --no-feeds. */
  readonly feeds?: string | false;
  /** Daily, unless it is false. */
  readonly feedUpdates?: boolean;
  readonly publicUrl?: string;
  /** An endpoint; true for AWS's own. */
  readonly sns?: string | true;
  readonly smtpUrl?: string;
  readonly mailFrom?: string;
  /** Milliseconds. */
  readonly forgetHostsAfter?: number;
}

/** A server that takes requests. */
export interface Serving {
  readonly service: Service;
  readonly endpoint: string;
  /** Set when a key was made on this start: nothing shows its secret again. */
  readonly newKey: KeyPair | undefined;
}

const MINUTE = 60_000;

const days = wholeNumber(1, 3650);
const writeLine = createLineWriter(1);

/** The options that every command which starts a server has. */
export const withServeOptions = (command: Command): Command =>
  withStoreOptions(command)
    .option('--port <number>', 'port to listen on', wholeNumber(0, 65_535), 8020)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--tls-key <file>', 'private key, PEM: with --tls-cert the server speaks TLS only')
    .option('--tls-cert <file>', 'certificate chain, PEM')
    .option('--insecure-http', 'allow plain HTTP beyond loopback (behind a proxy that speaks TLS)')
    .option(
      '--strict',
      'enforce the API model where clients stray from it: 10 ARNs in Describe*, page sizes, filter values',
    )
    .option(
      '--rate-limit <reads,writes>',
      'calls a second of each key, or off (default: 200,50; off on loopback without --trust-proxy)',
      parseRateLimits,
    )
    .option('--audit-days <number>', 'days that the audit trail is kept', days, AUDIT_DAYS)
    .option('--evidence-days <number>', 'days that evidence and verdicts are kept; findings stay', days, EVIDENCE_DAYS)
    .option(
      '--hosts-in-runs <number>',
      'hosts that may take part in runs at once (default: 500, as the original)',
      wholeNumber(1, 100_000),
    )
    .option(
      '--forget-hosts-after <duration>',
      'hosts that are silent for longer leave their targets until they are heard again: 12h, 30d (default: 30d)',
      duration,
    )
    .option(
      '--feeds <dir or url>',
      'read the advisories from this folder or file at every start and update, or from this mirror',
    )
    .option('--no-feed-updates', 'do not update the feeds daily and when hosts of a new distribution appear')
    .option('--trust-proxy', 'take the source of a request from the last address of X-Forwarded-For')
    .option(
      '--allowed-host <name...>',
      'host names that browsers may use (default: any, but on loopback only its own names)',
    )
    .option(
      '--public-url <url>',
      'what receivers of events reach this server by, for links in messages (default: where it listens)',
      publicUrl,
    )
    .option(
      '--sns [endpoint]',
      'publish the events of topics that are not mapped to Amazon SNS, with the credentials that AWS’s clients find',
      snsEndpoint,
    )
    .option(
      '--smtp-url <url>',
      'the mail server for topics that are mapped to mailto: addresses (default: $ASSAY_SMTP_URL)',
      smtpUrl,
    )
    .option('--mail-from <address>', 'the sender of mail (default: assay@ and the name of this machine)')
    .option(
      '--max-connections <number>',
      'connections at once; each agent holds one (default: 10000)',
      wholeNumber(1, 1_000_000),
    );

export const serveCommand = (): Command =>
  withServeOptions(new Command('serve'))
    .description('Serve the Inspector API and the agents')
    .action(async (options: ServeOptions) => {
      // From the first moment on: who sees that it listens may stop it at once.
      const stopped = untilStopped();
      const serving = await serve(options);
      process.stdout.write(`Assay listens on ${serving.endpoint}\n`);
      process.stdout.write(`Its console is ${serving.endpoint}/console/\n`);
      if (serving.newKey) {
        process.stdout.write(
          `A key was made; it is shown this once:\n` +
            `  AWS_ACCESS_KEY_ID=${serving.newKey.accessKeyId}\n  AWS_SECRET_ACCESS_KEY=${serving.newKey.secretAccessKey}\n`,
        );
      }
      await stopped;
      await serving.service.stop();
      endSoon();
    });

/**
 * Opens the data directory and serves; `firstUpdateAfter` milliseconds after the first host it updates the feeds. Throws
 * {@link CliError}.
 */
export async function serve(options: ServeOptions, firstUpdateAfter = MINUTE): Promise<Serving> {
  const tls = readTls(options);
  if (!tls && !options.insecureHttp && !isLoopback(options.host)) {
    throw new CliError(
      `${options.host} can be reached from elsewhere. Give --tls-key and --tls-cert, or --insecure-http behind a proxy that speaks TLS.`,
    );
  }
  const directory = dataDirectoryOf(options);
  const rateLimits = rateLimitsOf(options.rateLimit, {
    exposed: !isLoopback(options.host) || options.trustProxy === true,
  });
  const from = options.feeds ? await useFeeds(options.feeds, directory.path) : undefined;
  const service = await openService({
    program: [process.execPath, ...process.execArgv, process.argv[1] ?? ''],
    directory,
    strict: options.strict ?? false,
    report,
    advisories: openAdvisorySource(feedsDirectory(directory.path), report),
    content: openContentSource(contentDirectory(directory.path), report),
    auditDays: options.auditDays ?? AUDIT_DAYS,
    evidenceDays: options.evidenceDays ?? EVIDENCE_DAYS,
    log: (line) => writeLine(`${new Date().toISOString()} ${line}`),
    trustProxy: options.trustProxy ?? false,
    hosts: {
      names: options.allowedHost ?? [],
      // A proxy passes on the name that its own clients use.
      loopbackOnly: isLoopback(options.host) && options.trustProxy !== true,
    },
    ...(options.feedUpdates === false ? {} : { feedUpdates: { firstAfter: firstUpdateAfter } }),
    ...(from === undefined ? {} : { feedsFrom: from }),
    ...(options.publicUrl === undefined ? {} : { publicUrl: options.publicUrl }),
    ...(options.sns === undefined ? {} : { sns: snsOf(options.sns) }),
    ...mailServerOf(options),
    ...(options.maxConnections === undefined ? {} : { http: { connections: options.maxConnections } }),
    limits: {
      ...(options.hostsInRuns === undefined ? {} : { hostsInRuns: options.hostsInRuns }),
      ...(options.forgetHostsAfter === undefined ? {} : { forgetHostsAfter: options.forgetHostsAfter }),
    },
    ...(rateLimits ? { rateLimits } : {}),
    ...(tls ? { tls } : {}),
  });
  const account = await keepEnvironmentKey(service, process.env);
  try {
    await service.server.listen({ port: options.port, host: options.host });
  } catch (error) {
    await service.stop();
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') {
      throw new CliError(`Port ${options.port} on ${options.host} is taken. Stop what listens there, or give --port.`);
    }
    throw new CliError(`Cannot listen on ${options.host} port ${options.port}: ${message}`);
  }
  service.startJobs();
  trimMemoryAfterStart();
  // Not before it listens: a start that fails shows no secret, and the next one would find a key.
  const newKey = await firstKey(service, account);
  const { port: bound } = service.server.server.address() as { port: number };
  const host = isIP(options.host) === 6 ? `[${options.host}]` : options.host;
  return {
    service,
    endpoint: `${tls ? 'https' : 'http'}://${host}:${bound}`,
    newKey,
  };
}

/** Reads the given feeds, and returns what updates read again; nothing of it is loaded by a server without `--feeds`. */
async function useFeeds(source: string, dataDir: string): Promise<string | undefined> {
  const { givenFeeds, takeGivenFeeds } = await import('./feeds/given-feeds.ts');
  const given = givenFeeds(source);
  if ('mirror' in given) {
    // The commands that a server starts read it there.
    process.env.ASSAY_FEEDS_MIRROR = given.mirror;
    return undefined;
  }
  await takeGivenFeeds(dataDir, given.from);
  return given.from;
}

/** Ends the process although something that could not be ended keeps it alive, such as a query that does not return. */
export const endSoon = (): void => void setTimeout(() => process.exit(), 500).unref();

/** Resolves on the first SIGINT or SIGTERM; see {@link onStop}. */
export const untilStopped = (): Promise<void> => new Promise((resolve) => void onStop(() => resolve()));

const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || /^127\./.test(host);

function readTls({ tlsKey, tlsCert }: ServeOptions): { key: string; cert: string } | undefined {
  if (tlsKey === undefined && tlsCert === undefined) return undefined;
  if (tlsKey === undefined || tlsCert === undefined) throw new CliError('Give --tls-key and --tls-cert both.');
  try {
    return { key: readFileSync(tlsKey, 'utf8'), cert: readFileSync(tlsCert, 'utf8') };
  } catch (error) {
    throw new CliError(`The TLS key or certificate cannot be read: ${(error as Error).message}`);
  }
}
