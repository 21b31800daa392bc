import { open } from 'node:fs/promises';
import { Command } from 'commander';
import { writePublicKey } from '../feeds/bundle/signing-key.ts';
import { FeedFault } from '../feeds/feed-fault.ts';
import { CliError } from '../runtime/cli-error.ts';
import { dataDirectoryPath, existingMasterKey } from '../runtime/data-directory.ts';
import { reportKey } from '../runtime/reports/report-key.ts';
import { type ReportStatement, type Verification, verifyReport } from '../runtime/reports/report-signature.ts';
import { givenKey } from './feeds/keys.ts';

interface VerifyOptions {
  readonly key?: string;
  readonly dataDir?: string;
  readonly json?: boolean;
}

/** The words for each outcome, and the exit status. */
const outcomes = {
  VERIFIED: { status: 0, words: 'Unchanged since it was signed, by a key that you trust.' },
  CHANGED: { status: 1, words: 'NOT as it was signed' },
  UNKNOWN_KEY: {
    status: 2,
    words:
      'Unchanged since it was signed, but whether that key is the one of your server is not known.\nAsk its operator for the output of assay report-key, and give that: --key KEY',
  },
  NOT_SIGNED: { status: 2, words: 'Not signed: this file has no signature of an Assay report.' },
} as const;

export const verifyCommand = (): Command =>
  new Command('verify')
    .description(
      'Check offline that a report is as it was signed: status 0 if so, 1 if it was changed, 2 if that cannot be told',
    )
    .argument('<file>', 'an HTML or PDF report')
    .option('--key <key>', 'the public key to trust, or a file that has it: what assay report-key prints on the server')
    .option(
      '--data-dir <dir>',
      'trust the key of this data directory too (default: $ASSAY_DATA_DIR or .assay, if there)',
    )
    .option('--json', 'print JSON')
    .action(async (path: string, options: VerifyOptions) => {
      const trusted = trustedKeys(options);
      const found = await verify(path);
      const outcome =
        found.outcome === 'UNCHANGED' ? (trusted.has(found.statement.key) ? 'VERIFIED' : 'UNKNOWN_KEY') : found.outcome;
      const { status, words } = outcomes[outcome];
      const statement = 'statement' in found ? found.statement : undefined;
      const why = found.outcome === 'CHANGED' ? found.why : undefined;
      if (options.json) {
        process.stdout.write(`${JSON.stringify({ file: path, outcome, ...(why && { why }), ...statement })}\n`);
      } else {
        process.stdout.write(`${path}: ${words}${why === undefined ? '' : `: ${why}.`}\n${described(statement)}`);
      }
      process.exitCode = status;
    });

/** Prints the key that others verify reports of this server with. */
export const reportKeyCommand = (): Command =>
  new Command('report-key')
    .description(
      'Print the public key that this server signs reports with: assay verify --key KEY checks them anywhere',
    )
    .option('--data-dir <dir>', "the server's (default: $ASSAY_DATA_DIR or .assay)")
    .option('--json', 'print JSON')
    .action((options: Pick<VerifyOptions, 'dataDir' | 'json'>) => {
      const publicKey = ownKey(options.dataDir);
      if (publicKey === undefined) {
        throw new CliError(
          `${dataDirectoryPath(options.dataDir)} is not the data directory of a server. Give --data-dir.`,
        );
      }
      process.stdout.write(options.json ? `${JSON.stringify({ publicKey })}\n` : `${publicKey}\n`);
    });

function trustedKeys({ key, dataDir }: VerifyOptions): ReadonlySet<string> {
  const own = ownKey(dataDir);
  if (dataDir !== undefined && own === undefined)
    throw new CliError(`${dataDir} is not the data directory of a server.`);
  try {
    return new Set([...(own === undefined ? [] : [own]), ...(key === undefined ? [] : [givenKey(key)])]);
  } catch (error) {
    throw error instanceof FeedFault ? new CliError(`--key: ${error.message}.`) : error;
  }
}

/** Undefined where there is no key: none is made for it. */
function ownKey(dataDir: string | undefined): string | undefined {
  const masterKey = existingMasterKey(dataDirectoryPath(dataDir));
  return masterKey && writePublicKey(reportKey({ masterKey }));
}

async function verify(path: string): Promise<Verification> {
  try {
    await using file = await open(path);
    return await verifyReport(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw code?.startsWith('E') ? new CliError(`${path} cannot be read: ${message}.`) : error;
  }
}

const described = (statement: ReportStatement | undefined): string =>
  statement === undefined
    ? ''
    : [
        `  ${statement.type} report, ${statement.format}, of the run ${statement.name}`,
        `  ${statement.run}`,
        `  asked for ${statement.askedAt}, made by Assay ${statement.assay}`,
        `  SHA-256 ${statement.sha256} (${statement.bytes} bytes without the signature)`,
        `  signed with ${statement.key}`,
        '',
      ].join('\n');
