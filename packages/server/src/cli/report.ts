import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Input } from '@assay/model/api/operations.ts';
import { Command, Option } from 'commander';
import { CliError } from '../runtime/cli-error.ts';
import type { Client } from './client/client.ts';
import { nameRun } from './client/name-run.ts';
import { type ClientOptions, withClient, withClientOptions } from './client/with-client.ts';

/** How often a report that is being made is asked for, in milliseconds. */
const LOOK_EVERY = 300;
/** Made for so long, something is wrong with it: milliseconds. */
const PATIENCE = 15 * 60_000;

interface ReportOptions extends ClientOptions {
  readonly output: string;
  readonly type: 'finding' | 'full';
  readonly format?: 'html' | 'pdf';
}

export const reportCommand = (): Command =>
  withClientOptions(new Command('report'))
    .description('Make the report of a run and write it to a file')
    .argument('<run>', 'ARN or id of a run that has ended, or latest')
    .requiredOption('-o, --output <file>', 'the file to write, .html or .pdf; - for standard output')
    .addOption(
      new Option('--type <type>', 'findings only, or every rule as well')
        .choices(['finding', 'full'])
        .default('finding'),
    )
    .addOption(new Option('--format <format>', "html or pdf (default: by the file's name)").choices(['html', 'pdf']))
    .action((text: string, options: ReportOptions) =>
      withClient(options, async (client) => {
        const request = {
          assessmentRunArn: await nameRun(client, text),
          reportFileFormat: formatOf(options),
          reportType: options.type === 'full' ? ('FULL' as const) : ('FINDING' as const),
        };
        const tell = (line: string): void => void process.stderr.write(line);
        tell('Making the report …\n');
        const bytes = await write(await client.download(await reportLink(client, request)), options.output);
        tell(`${options.output === '-' ? 'Standard output' : options.output}: ${bytes.toLocaleString('en')} bytes\n`);
      }),
    );

function formatOf({ format, output }: ReportOptions): 'HTML' | 'PDF' {
  const [, ending = ''] = /\.([a-z]+)$/i.exec(output) ?? [];
  const chosen = format ?? { html: 'html', htm: 'html', pdf: 'pdf' }[ending.toLowerCase()];
  if (chosen === undefined) throw new CliError('Name the file .html or .pdf, or give --format.');
  return chosen === 'pdf' ? 'PDF' : 'HTML';
}

/** Waits for a report to be made. Throws {@link CliError} where it cannot be. */
async function reportLink(client: Client, request: Input<'GetAssessmentReport'>): Promise<string> {
  for (const end = Date.now() + PATIENCE; Date.now() < end; await delay(LOOK_EVERY)) {
    const { status, url } = await client.inspector('GetAssessmentReport', request);
    if (status === 'COMPLETED' && url !== undefined) return url;
    if (status === 'FAILED') throw new CliError("The report could not be made; the server's log says why.");
  }
  throw new CliError('The report was not made in 15 minutes; the server may say why.');
}

/** Writes a file whole or not at all; returns its bytes. */
async function write(content: AsyncIterable<Uint8Array>, path: string): Promise<number> {
  let bytes = 0;
  const counted = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of content) {
      bytes += chunk.length;
      yield chunk;
    }
  };
  if (path === '-') {
    await pipeline(Readable.from(counted()), process.stdout, { end: false });
    return bytes;
  }
  const draft = `${path}.part`;
  try {
    await pipeline(Readable.from(counted()), createWriteStream(draft, { mode: 0o600 }));
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    const { code, message } = error as NodeJS.ErrnoException;
    throw code?.startsWith('E') ? new CliError(`${path} cannot be written: ${message}.`) : error;
  }
  return bytes;
}
