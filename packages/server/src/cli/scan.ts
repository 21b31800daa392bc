import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openHost } from '@assay/agent/open-host.ts';
import { Command, Option } from 'commander';
import type { Severity, VulnerablePackage } from '../domain/rules-package.ts';
import { atLeast } from '../domain/severity.ts';
import type { AdvisorySource } from '../engine/judging/advisory-source.ts';
import { createKey } from '../runtime/access-keys.ts';
import { CliError } from '../runtime/cli-error.ts';
import { openDataDirectory } from '../runtime/data-directory.ts';
import { report } from '../runtime/report.ts';
import { openService } from '../runtime/service.ts';
import type { KeptVerdict } from '../store/tables/evaluations.ts';
import { createApiClient } from './client/api-client.ts';
import { assessThisHost, verdictsOf } from './scan/assess-this-host.ts';
import { exclusionsOf, findingsOf, type WireFinding } from './scan/assessment.ts';
import { startLocalAgent } from './scan/local-agent.ts';
import { printRecommendations, printResults } from './scan/print-results.ts';
import { scanAdvisories } from './scan/scan-advisories.ts';

interface ScanOptions {
  readonly root?: string;
  readonly feeds?: string;
  readonly dataDir?: string;
  readonly all?: boolean;
  readonly json?: boolean;
  readonly failOn: Severity;
}

const scope = { account: '123456789012', region: 'us-east-1' } as const;

export const scanCommand = (): Command =>
  new Command('scan')
    .description('Assess this host, or a mounted file system, once and leave nothing behind')
    .option('--root <dir>', 'assess what is mounted there (a disk, an unpacked image) instead of this host')
    .option(
      '--feeds <dir or file>',
      'advisories: a folder of OSV files (*.jsonl.gz, all.zip), one of them, or an index',
    )
    .option('--data-dir <dir>', 'whose advisories are used without --feeds (default: $ASSAY_DATA_DIR or .assay)')
    .option('--all', 'show every finding, not the most urgent alone')
    .option('--json', 'print {"findings": […], "exclusions": […]} in the shapes of the API, and packages with each')
    .addOption(
      new Option('--fail-on <severity>', 'exit with 1 when there is a finding of this severity or above')
        .choices(['High', 'Medium', 'Low'])
        .default('Low'),
    )
    .addHelpText('after', '\nExit status: 0 clean, 1 findings at or above --fail-on, 2 the host could not be assessed.')
    .action(scan);

/** The way of a server and its agent, over a store that is thrown away: one path for one host and for a fleet. */
async function scan(options: ScanOptions): Promise<void> {
  const { json = false, all = false, failOn, root } = options;
  if (root !== undefined && !statSync(root, { throwIfNoEntry: false })?.isDirectory()) {
    throw new CliError(`--root ${root} is no folder.`);
  }
  const directory = mkdtempSync(join(tmpdir(), 'assay-scan-'));
  try {
    const progress = json ? process.stderr : process.stdout;
    const advisories = await scanAdvisories({ ...options, temporary: directory, progress: process.stderr });
    try {
      const { findings, exclusions, assessed } = await assess(directory, { root, progress, advisories });
      if (json) process.stdout.write(`${JSON.stringify({ findings, exclusions }, undefined, 2)}\n`);
      else {
        const shown = all ? {} : { limit: SHOWN, hint: 'the same with --all' };
        printResults(findings, exclusions, process.stdout, shown);
        printRecommendations(findings, process.stdout, shown);
      }
      if (!assessed) throw new CliError('Not one rule could be judged on this host; the exclusions say why.');
      if (findings.some(({ severity = 'Undefined' }) => atLeast(severity, failOn))) process.exitCode = 1;
    } finally {
      advisories.close();
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Vulnerabilities that are shown without --all. */
const SHOWN = 40;

interface Assess {
  readonly root: string | undefined;
  readonly progress: NodeJS.WriteStream;
  readonly advisories: AdvisorySource;
}

async function assess(path: string, { root, progress, advisories }: Assess) {
  const service = await openService({ directory: openDataDirectory(path), report, advisories, oneThread: true });
  try {
    const key = await createKey(service, scope.account);
    const endpoint = await service.server.listen({ port: 0, host: '127.0.0.1' });
    service.startJobs();
    const client = createApiClient(endpoint, scope.region, key);
    const host = await openHost(root);
    const local = await startLocalAgent(service.store, endpoint, scope, path, () => undefined, host);
    try {
      const run = await assessThisHost(service.store, client, scope, progress);
      const verdicts = await verdictsOf(service.store, scope, run);
      return {
        findings: withPackages(await findingsOf(client, run), verdicts),
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

export type ScanFinding = WireFinding & { readonly packages?: readonly VulnerablePackage[] };

/** The API has no place for packages: they are told from the verdicts, one for each finding of this one host. */
function withPackages(findings: readonly WireFinding[], verdicts: readonly KeptVerdict[]): ScanFinding[] {
  const packages = new Map(
    verdicts.flatMap((verdict) =>
      verdict.outcome === 'FINDING' && verdict.finding.packages ? [[verdict.ruleId, verdict.finding.packages]] : [],
    ),
  );
  return findings.map((finding) => {
    const found = packages.get(finding.id ?? '');
    return found ? { ...finding, packages: found } : finding;
  });
}
