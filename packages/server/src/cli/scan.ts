import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openHost } from '@assay/agent/open-host.ts';
import { Command, InvalidArgumentError } from 'commander';
import type { Severity } from '../domain/rules-package.ts';
import type { AdvisorySource } from '../engine/judging/advisory-source.ts';
import { CliError } from '../runtime/cli-error.ts';
import { contentOf } from '../runtime/content-source.ts';
import { knowledgeSources } from '../runtime/knowledge-sources.ts';
import { onStop } from './on-stop.ts';
import { type AssessedHere, assessInProcess, nothingDeclared } from './scan/assess-in-process.ts';
import { type Gap, gapsIn, scanStatus } from './scan/exit-status.ts';
import type { Attribute } from './scan/first-assessment.ts';
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

/** As many as a template takes: UserAttributeList of the model. */
const MOST_ATTRIBUTES = 10;

function attributeOf(text: string, before: readonly Attribute[]): readonly Attribute[] {
  const [, key, value] = /^([^=]{1,128})=(.{1,256})$/.exec(text) ?? [];
  if (key === undefined || value === undefined)
    throw new InvalidArgumentError('It takes a key and a value, as in key=value.');
  if (before.some((each) => each.key === key)) throw new InvalidArgumentError(`The key ${key} is there twice.`);
  if (before.length === MOST_ATTRIBUTES) throw new InvalidArgumentError(`A run has at most ${MOST_ATTRIBUTES}.`);
  return [...before, { key, value }];
}

function severityOf(text: string): Severity {
  const found = (['High', 'Medium', 'Low', 'Informational'] as const).find(
    (each) => each.toLowerCase() === text.toLowerCase(),
  );
  if (!found) throw new InvalidArgumentError('It takes High, Medium, Low or Informational.');
  return found;
}

async function scan(options: ScanOptions): Promise<void> {
  const { json = false, all = false, failOn, root } = options;
  if (root !== undefined && !statSync(root, { throwIfNoEntry: false })?.isDirectory()) {
    throw new CliError(`--root ${root} is no folder.`);
  }
  const directory = mkdtempSync(join(tmpdir(), 'assay-scan-'));
  const clean = (): void => rmSync(directory, { recursive: true, force: true });
  const stopping = new AbortController();
  const watching = onStop((signal) => {
    stopping.abort();
    clean();
    process.stderr.write('\nassay: Interrupted: the host was not assessed.\n');
    process.exit(signal === 'SIGINT' ? 130 : 143);
  });
  try {
    const { feeds, dataDir } = options;
    if (feeds === undefined && !json) await offerAdvisories(dataDir, root);
    const given = { ...(feeds ? { feeds } : {}), ...(dataDir === undefined ? {} : { dataDir }) };
    const advisories = await scanAdvisories({ ...given, temporary: directory, progress: process.stderr });
    try {
      const { findings, exclusions, gaps } = await assess(options, advisories, directory, stopping.signal);
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

interface Scanned extends Pick<AssessedHere, 'findings' | 'exclusions'> {
  readonly gaps: readonly Gap[];
}

async function assess(
  options: ScanOptions,
  advisories: AdvisorySource,
  temporary: string,
  signal: AbortSignal,
): Promise<Scanned> {
  const { rules, root, attribute: attributes } = options;
  const unknown = (rules?.unknown ?? []).map((name): Gap => ({ package: name, reason: 'no version evaluates it yet' }));
  if (rules?.names.length === 0) return { findings: [], exclusions: [], gaps: unknown };
  const content = contentOf(options);
  const knowledge = knowledgeSources({ advisories, content, store: nothingDeclared });
  const { names: packages } = rules ?? (await fittingPackages(knowledge, 0));
  const host = await openHost(root);
  const about = { scope, host, packages, knowledge, content, attributes, progress: process.stderr };
  const { findings, exclusions, coverage } = await assessInProcess({ ...about, temporary, signal });
  return { findings, exclusions, gaps: [...gapsIn(coverage.byHost), ...unknown] };
}
