import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import type { Severity } from '../domain/rules-package.ts';
import { atLeast } from '../domain/severity.ts';
import { createKey } from './access-keys.ts';
import { createApiClient } from './api-client.ts';
import { assessThisHost, verdictsOf } from './assess-this-host.ts';
import { exclusionsOf, findingsOf } from './assessment.ts';
import { CliError } from './cli-error.ts';
import { openDataDirectory } from './data-directory.ts';
import { startLocalAgent } from './local-agent.ts';
import { printRecommendations, printResults } from './print-results.ts';
import { report } from './report.ts';
import { openService } from './service.ts';

interface ScanOptions {
  readonly json?: boolean;
  readonly failOn: Severity;
}

const scope = { account: '123456789012', region: 'us-east-1' } as const;

export const scanCommand = (): Command =>
  new Command('scan')
    .description('Assess this host once and leave nothing behind')
    .option('--json', 'print {"findings": […], "exclusions": […]} in the shapes of the API')
    .addOption(
      new Option('--fail-on <severity>', 'exit with 1 when there is a finding of this severity or above')
        .choices(['High', 'Medium', 'Low'])
        .default('Low'),
    )
    .addHelpText('after', '\nExit status: 0 clean, 1 findings at or above --fail-on, 2 the host could not be assessed.')
    .action(scan);

/** The way of a server and its agent, over a store that is thrown away: one path for one host and for a fleet. */
async function scan({ json = false, failOn }: ScanOptions): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'assay-scan-'));
  try {
    const { findings, exclusions, assessed } = await assess(directory, json ? process.stderr : process.stdout);
    if (json) process.stdout.write(`${JSON.stringify({ findings, exclusions }, undefined, 2)}\n`);
    else {
      printResults(findings, exclusions, process.stdout);
      printRecommendations(findings, process.stdout);
    }
    if (!assessed) throw new CliError('Not one rule could be judged on this host; the exclusions say why.');
    if (findings.some(({ severity = 'Undefined' }) => atLeast(severity, failOn))) process.exitCode = 1;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function assess(path: string, stream: NodeJS.WriteStream) {
  const service = await openService({ directory: openDataDirectory(path), report });
  try {
    const key = await createKey(service, scope.account);
    const endpoint = await service.server.listen({ port: 0, host: '127.0.0.1' });
    service.startJobs();
    const client = createApiClient(endpoint, scope.region, key);
    const local = await startLocalAgent(service.store, endpoint, scope, path, () => undefined);
    try {
      const run = await assessThisHost(service.store, client, scope, stream);
      const verdicts = await verdictsOf(service.store, scope, run);
      return {
        findings: await findingsOf(client, run),
        exclusions: await exclusionsOf(client, run),
        assessed: verdicts.some(({ outcome }) => outcome !== 'NOT_ASSESSED'),
      };
    } finally {
      await local.stop();
    }
  } finally {
    await service.stop();
  }
}
