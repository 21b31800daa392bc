import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openHost } from '@assay/agent/open-host.ts';
import { Command, InvalidArgumentError } from 'commander';
import type { Severity, VulnerablePackage } from '../domain/rules-package.ts';
import type { AdvisorySource } from '../engine/judging/advisory-source.ts';
import type { ContentSource } from '../engine/judging/content-source.ts';
import { createKey } from '../runtime/access-keys.ts';
import { CliError } from '../runtime/cli-error.ts';
import { contentOf } from '../runtime/content-source.ts';
import { openDataDirectory } from '../runtime/data-directory.ts';
import { report } from '../runtime/report.ts';
import { openService } from '../runtime/service.ts';
import type { KeptVerdict } from '../store/tables/evaluations.ts';
import { createApiClient } from './client/api-client.ts';
import { onStop } from './on-stop.ts';
import { assessThisHost, verdictsOf } from './scan/assess-this-host.ts';
import { exclusionsOf, findingsOf, type WireFinding } from './scan/assessment.ts';
import { type Gap, gapsIn, scanStatus } from './scan/exit-status.ts';
import type { Attribute } from './scan/first-assessment.ts';
import { startLocalAgent } from './scan/local-agent.ts';
import { offerAdvisories } from './scan/offer-advisories.ts';
import { type AskedPackages, fittingPackages, namedPackages, ruleNames } from './scan/packages-to-ask.ts';
import { printGaps, printRecommendations, printResults } from './scan/print-results.ts';
import { scanAdvisories } from './scan/scan-advisories.ts';

interface ScanOptions {
  readonly root?: string;
  /** False for --no-feeds. */
  readonly feeds?: string | false;
  readonly dataDir?: string;
  readonly rules?: AskedPackages;
  readonly attribute: readonly Attribute[];
  readonly all?: boolean;
  readonly json?: boolean;
  readonly failOn: Severity;
  /** True for every package. */
  readonly allowNotAssessed?: true | AskedPackages;
}

const scope = { account: '123456789012', region: 'us-east-1' } as const;

export const scanCommand = (): Command =>
  new Command('scan')
    .description('Assess this host, or a mounted file system, once and leave nothing behind')
    .option('--root <dir>', 'assess what is mounted there (a disk, an unpacked image) instead of this host')
    .option(
      '--rules <list>',
      `packages to assess with: ${ruleNames().join(',')} (default: all that fit)`,
      namedPackages,
    )
    .option(
      '--feeds <dir or file>',
      'advisories: a folder of OSV files (*.jsonl.gz, all.zip), one of them, or an index',
    )
    .option('--data-dir <dir>', 'whose advisories are used without --feeds (default: $ASSAY_DATA_DIR or .assay)')
    .option('--no-feeds', 'do not offer to download advisories when there are none yet')
    .option(
      '--attribute <key=value>',
      'a user attribute of the run, such as assay:cis-profile=level2-server; may be repeated',
      attributeOf,
      [],
    )
    .option('--all', 'show all findings, not just the most urgent')
    .option('--json', 'print {"findings": […], "exclusions": […]} in the shapes of the API, and packages with each')
    .option(
      '--fail-on <severity>',
      'exit with 1 when there is a finding of this severity or above: High, Medium, Low or Informational',
      severityOf,
      'Low',
    )
    .option(
      '--allow-not-assessed [list]',
      'do not exit with 2 where these packages (default: any) could not be assessed',
      namedPackages,
    )
    .addHelpText(
      'after',
      `
Exit status: 0 every package that was asked for was assessed, 1 findings at or above --fail-on, 2 a package was not
assessed and nothing was found at or above --fail-on, 130 interrupted. A vulnerability that is known to be exploited
counts as High, one without a rating as Medium.`,
    )
    .action(scan);

function attributeOf(text: string, before: readonly Attribute[]): readonly Attribute[] {
  const [, key, value] = /^([^=]{1,128})=(.{1,256})$/.exec(text) ?? [];
  if (key === undefined || value === undefined)
    throw new InvalidArgumentError('It takes a key and a value, as in key=value.');
  return [...before, { key, value }];
}

function severityOf(text: string): Severity {
  const found = (['High', 'Medium', 'Low', 'Informational'] as const).find(
    (each) => each.toLowerCase() === text.toLowerCase(),
  );
  if (!found) throw new InvalidArgumentError('It takes High, Medium, Low or Informational.');
  return found;
}

/** The way of a server and its agent, over a store that is thrown away: one path for one host and for a fleet. */
async function scan(options: ScanOptions): Promise<void> {
  const { json = false, all = false, failOn, root } = options;
  if (root !== undefined && !statSync(root, { throwIfNoEntry: false })?.isDirectory()) {
    throw new CliError(`--root ${root} is no folder.`);
  }
  const directory = mkdtempSync(join(tmpdir(), 'assay-scan-'));
  const clean = (): void => rmSync(directory, { recursive: true, force: true });
  const watching = onStop((signal) => {
    clean();
    process.stderr.write('\nassay: Interrupted: the host was not assessed.\n');
    process.exit(signal === 'SIGINT' ? 130 : 143);
  });
  try {
    const progress = process.stderr;
    const { feeds, dataDir } = options;
    if (feeds === undefined && !json) await offerAdvisories(dataDir, root);
    const given = { ...(feeds ? { feeds } : {}), ...(dataDir === undefined ? {} : { dataDir }) };
    const advisories = await scanAdvisories({ ...given, temporary: directory, progress: process.stderr });
    try {
      const { rules } = options;
      const { findings, exclusions, gaps } = await assess(directory, {
        root,
        progress,
        advisories,
        content: contentOf(options),
        rules,
        attributes: options.attribute,
      });
      if (json) process.stdout.write(`${JSON.stringify({ findings, exclusions }, undefined, 2)}\n`);
      else {
        const shown = { gaps, ...(all ? {} : { limit: SHOWN, hint: 'the same with --all' }) };
        printGaps(gaps, process.stdout);
        printResults(findings, exclusions, process.stdout, shown);
        printRecommendations(findings, process.stdout, shown);
      }
      const unallowed = gaps.filter((gap) => !allows(options.allowNotAssessed, gap));
      if (json) printGaps(gaps, process.stderr);
      const status = scanStatus(findings, unallowed, failOn);
      if (status === 2) process.stderr.write('  Exit status 2; --allow-not-assessed turns that off.\n');
      process.exitCode = status;
    } finally {
      advisories.close();
    }
  } finally {
    watching();
    clean();
  }
}

const allows = (allowed: ScanOptions['allowNotAssessed'], gap: Gap): boolean =>
  allowed === true || (allowed !== undefined && [...allowed.names, ...allowed.unknown].includes(gap.package));

/** Vulnerabilities that are shown without --all. */
const SHOWN = 40;

interface Assess {
  readonly root: string | undefined;
  readonly progress: NodeJS.WriteStream;
  readonly advisories: AdvisorySource;
  readonly content: ContentSource;
  /** All that fit where it is undefined. */
  readonly rules: AskedPackages | undefined;
  readonly attributes: readonly Attribute[];
}

async function assess(path: string, { root, progress, advisories, content, rules, attributes }: Assess) {
  const unknown = (rules?.unknown ?? []).map((name): Gap => ({ package: name, reason: 'no version evaluates it yet' }));
  if (rules?.names.length === 0) return { findings: [], exclusions: [], gaps: unknown };
  const service = await openService({
    directory: openDataDirectory(path),
    report,
    advisories,
    content,
    oneThread: true,
  });
  try {
    const key = await createKey(service, scope.account);
    const endpoint = await service.server.listen({ port: 0, host: '127.0.0.1' });
    service.startJobs();
    const client = createApiClient(endpoint, scope.region, key);
    const host = await openHost(root);
    const local = await startLocalAgent(service.store, endpoint, scope, path, () => undefined, host);
    try {
      const { names } = rules ?? (await fittingPackages(service.knowledge, await service.store.scopes.idOf(scope)));
      const { runArn, coverage } = await assessThisHost(service.store, client, scope, names, progress, attributes);
      const verdicts = await verdictsOf(service.store, scope, runArn);
      return {
        findings: withPackages(await findingsOf(client, runArn), verdicts),
        exclusions: await exclusionsOf(client, runArn),
        gaps: [...gapsIn(coverage.byHost), ...unknown],
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
