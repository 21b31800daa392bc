import { relative } from 'node:path';
import type { Scope } from '@assay/model/arn.ts';
import { Command } from 'commander';
import type { Agent } from '../domain/agent.ts';
import { type FeedsDirectory, feedsDirectory } from '../feeds/feeds-directory.ts';
import { type KeyPair, ownKey } from '../runtime/access-keys.ts';
import { CliError } from '../runtime/cli-error.ts';
import { dataDirectoryPath } from '../runtime/data-directory.ts';
import { databaseUrlOf, shownDatabaseUrl } from '../runtime/database-url.ts';
import type { Service } from '../runtime/service.ts';
import { type ApiClient, createApiClient } from './client/api-client.ts';
import { assessThisHost } from './scan/assess-this-host.ts';
import { exclusionsOf, findingsOf } from './scan/assessment.ts';
import { comingAdvisories, withAdvisories } from './scan/coming-advisories.ts';
import { gapsIn } from './scan/exit-status.ts';
import { startLocalAgent } from './scan/local-agent.ts';
import { fittingPackages } from './scan/packages-to-ask.ts';
import { printGaps, printResults } from './scan/print-results.ts';
import { endSoon, type ServeOptions, serve, untilStopped, withServeOptions } from './serve.ts';
import { showConsole } from './show-console.ts';
import { style } from './terminal/guarded-output.ts';
import { nextSteps, startAgain } from './terminal/next-step.ts';

/** The region of the first assessment: any name works, and this is the one that clients fall back to most. */
const REGION = 'us-east-1';

/** When the server updates the feeds for the first time, in milliseconds: what this host needs is taken before. */
const FIRST_UPDATE = 10 * 60_000;

/** Vulnerabilities that the first page shows; the others are counted. */
const SHOWN = 20;

export const startCommand = (): Command =>
  withServeOptions(new Command('start'))
    .description('Serve, assess this host, show what was found, and stay up')
    .option('--no-feeds', 'download no advisories, neither at once nor daily')
    .option('--no-open', 'do not open the console in the browser')
    .action(start);

interface StartOptions extends ServeOptions {
  readonly open: boolean;
}

async function start(options: StartOptions): Promise<void> {
  const stream = process.stdout;
  const bold = (text: string): string => style('bold', text, stream);
  const stopped = untilStopped();
  stream.write(`${bold('Assay')}, the self-hosted Amazon Inspector Classic\n\n`);

  const { service, endpoint, newKey } = await serve(
    { ...options, feedUpdates: options.feeds !== false && options.feedUpdates !== false },
    FIRST_UPDATE,
  );
  const dataDirectory = dataDirectoryPath(options.dataDir);
  const database = databaseUrlOf(options.databaseUrl);
  const shown = database === undefined ? nearest(dataDirectory) : shownDatabaseUrl(database);
  stream.write(`  Server  ${endpoint}, data in ${shown}\n`);
  let unseenKey = newKey;
  try {
    const key = await ownKey(service);
    if (!key) throw new CliError('This store has no valid access key of an administrator. Make one: assay keys create');
    showConsole({ service, endpoint, key, region: REGION, stream, open: options.open });
    const scope = { account: key.account, region: REGION };
    // The agent's lines would tear the progress of the assessment apart, which shows the same.
    let quiet = true;
    const local = await startLocalAgent(service.store, endpoint, scope, dataDirectory, (line) => {
      if (!quiet) stream.write(`  Agent   ${line}\n`);
    });
    try {
      stream.write(describeHost(local.agent));
      const client = createApiClient(endpoint, REGION, key);
      const directory = options.feeds === false ? undefined : feedsDirectory(dataDirectory);
      const assessed = assess({
        service,
        client,
        scope,
        stream,
        directory,
        operatingSystem: local.agent.operatingSystem,
      });
      if ((await Promise.race([assessed, stopped])) === 'assessed') {
        stream.write(howToTalk(endpoint, key, newKey, bold));
        unseenKey = undefined;
        quiet = false;
        await stopped;
      }
      stream.write('\nStopping …\n');
    } finally {
      await local.stop();
    }
  } finally {
    if (unseenKey) stream.write(`\nThe key that was made (its secret is shown this once):\n\n${exports(unseenKey)}\n`);
    await service.stop();
    endSoon();
  }
  stream.write(`Stopped. Everything is kept in ${shown}; ${startAgain()} goes on from there.\n`);
}

interface Assess {
  readonly service: Pick<Service, 'store' | 'knowledge'>;
  readonly client: ApiClient;
  readonly scope: Scope;
  readonly stream: NodeJS.WriteStream;
  /** Where advisories are taken into; undefined where they are not to be. */
  readonly directory: FeedsDirectory | undefined;
  readonly operatingSystem: string;
}

/** Assesses this host and prints what was found. A run that failed is said, and the server stays up for the next. */
async function assess({ service, client, scope, stream, directory, operatingSystem }: Assess): Promise<'assessed'> {
  const { store, knowledge } = service;
  try {
    // At once: the host is looked at while they come.
    const coming = directory && comingAdvisories(directory, operatingSystem, stream);
    const { names } = await fittingPackages(knowledge, await store.scopes.idOf(scope));
    const first = await assessThisHost(store, client, scope, names, stream);
    const { runArn, coverage } = coming
      ? await withAdvisories(first, coming, { service, client, scope, stream })
      : first;
    const gaps = gapsIn(coverage.byHost);
    printGaps(gaps, stream);
    printResults(await findingsOf(client, runArn), await exclusionsOf(client, runArn), stream, {
      gaps,
      limit: SHOWN,
      hint: nextSteps('assay scan --all'),
    });
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    process.stderr.write(`assay: ${error.message}\n`);
  }
  return 'assessed';
}

const describeHost = ({ hostname, id, operatingSystem, privileged }: Agent): string =>
  `  Host    ${hostname} (${id}), ${operatingSystem}\n` +
  (privileged ? '' : '          not root: what the agent cannot see becomes an exclusion\n');

/** A path as a person in the working directory would write it. */
function nearest(path: string): string {
  const below = relative(process.cwd(), path);
  return below.startsWith('..') ? path : below || '.';
}

const exports = ({ accessKeyId, secretAccessKey }: KeyPair): string =>
  `  export AWS_ACCESS_KEY_ID=${accessKeyId}\n  export AWS_SECRET_ACCESS_KEY=${secretAccessKey}\n`;

function howToTalk(
  endpoint: string,
  key: KeyPair,
  newKey: KeyPair | undefined,
  bold: (text: string) => string,
): string {
  const credentials = newKey
    ? exports(newKey)
    : `  export AWS_ACCESS_KEY_ID=${key.accessKeyId}\n  export AWS_SECRET_ACCESS_KEY=…   # shown once; another: ${nextSteps('assay keys create')}\n`;
  return `
${bold('See it')} in the browser: ${endpoint}/console/

${bold('Talk to it')} with any Inspector client${newKey ? ' (the secret is shown this once)' : ''}:

  export AWS_ENDPOINT_URL_INSPECTOR=${endpoint}
  export AWS_REGION=${REGION} AWS_DEFAULT_REGION=${REGION}
${credentials}
  aws inspector list-assessment-runs
  aws inspector list-assessment-runs \\
    --filter states=COMPLETED,COMPLETED_WITH_ERRORS,namePattern='Run*'

What to do about the findings: ${bold(nextSteps('assay scan'))}, or describe-findings.
Other hosts: ${bold('npm run build:agent')} once, ${bold(nextSteps('assay tokens create'))} for each; docs/install.md has the line to run there.

Ctrl-C stops it.
`;
}
