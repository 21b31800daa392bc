import { setTimeout as delay } from 'node:timers/promises';
import type { AssayOutput } from '@assay/model/assay/operations.ts';
import { Command } from 'commander';
import { auditDirectory } from '../runtime/audit/file-names.ts';
import { readTrail, type TrailEntry, type TrailPosition, type TrailRecord } from '../runtime/audit/read-trail.ts';
import { CliError } from '../runtime/cli-error.ts';
import { dataDirectoryPath } from '../runtime/data-directory.ts';
import { type ShownRecord, trailTable } from './audit/trail-table.ts';
import { beginning, end } from './audit/trail-time.ts';
import { withClient } from './client/with-client.ts';
import { untilStopped } from './serve.ts';
import { style } from './terminal/guarded-output.ts';

interface AuditOptions {
  readonly since?: number;
  readonly until?: number;
  readonly operation?: string;
  readonly key?: string;
  readonly account?: string;
  readonly errors?: boolean;
  readonly json?: boolean;
  readonly follow?: boolean;
  readonly dataDir?: string;
  readonly endpoint?: string;
  readonly profile?: string;
}

/** How often a trail that is followed is looked at, in milliseconds. */
const POLL = 500;
/** Lines that are told one by one; the others are only counted. */
const TOLD = 10;

export const auditCommand = (): Command =>
  new Command('audit')
    .description('Read the audit trail: every call of the API, oldest first')
    .option('--since <time>', 'from then on: 1h or 7d ago, a day, or a moment in UTC', beginning)
    .option('--until <time>', 'before then; a day is included', end)
    .option('--operation <name>', 'calls of this operation')
    .option('--key <id>', 'calls that name this access key')
    .option('--account <number>', 'calls of this account')
    .option('--errors', 'calls that were refused')
    .option('--json', "CloudTrail's records as they are, one a line")
    .option('--follow', 'keep printing new calls until Ctrl-C')
    .option('--data-dir <dir>', "the server's (default: $ASSAY_DATA_DIR or .assay)")
    .option('--endpoint <url>', "ask this server for the calls of the access key's account")
    .option('--profile <name>', 'profile of the AWS credentials file that has the access key')
    .addHelpText('after', '\nExit status: 0, or 1 if some lines are not audit records.')
    .action(audit);

async function audit(options: AuditOptions): Promise<void> {
  const directory = auditDirectory(dataDirectoryPath(options.dataDir));
  const stream = process.stdout;
  const endpoint = options.endpoint ?? (options.dataDir === undefined ? process.env.ASSAY_ENDPOINT : undefined);
  if (endpoint !== undefined) return auditThere({ ...options, endpoint });
  const table = trailTable(stream, (format, text) => style(format, text, stream));
  const show = options.json ? ({ text }: TrailRecord): string => `${text}\n` : table;
  const counts = { calls: 0, refused: 0, broken: 0 };
  const print = async (entries: readonly TrailEntry[]): Promise<void> => {
    let text = '';
    for (const entry of entries) {
      if ('fault' in entry) complain(entry, counts);
      else if (matches(entry, options)) {
        counts.calls += 1;
        if (entry.errorCode !== undefined) counts.refused += 1;
        text += show(entry);
      }
    }
    if (text !== '' && !stream.write(text)) await drained(stream);
  };

  const stopped = new AbortController();
  if (options.follow) void untilStopped().then(() => stopped.abort());
  const position: TrailPosition = { file: undefined, bytes: 0, lines: 0 };
  const { since, until } = options;
  const days = {
    ...(since === undefined ? {} : { since: dayOf(since) }),
    ...(until === undefined ? {} : { until: dayOf(until) }),
  };
  do {
    for await (const entries of readTrail(directory, position, { ...days, growing: options.follow ?? false })) {
      await print(entries);
      if (stopped.signal.aborted || stream.destroyed) return;
    }
    if (options.follow) await delay(POLL, undefined, { signal: stopped.signal }).catch(() => undefined);
  } while (options.follow && !stopped.signal.aborted && !stream.destroyed);

  if (!position.file && !days.since && !days.until) {
    throw new CliError(`There is no audit trail in ${directory}; assay serve begins one. Is --data-dir the server's?`);
  }
  if (counts.broken > TOLD) process.stderr.write(`assay: ${counts.broken - TOLD} more lines are not audit records\n`);
  if (counts.broken > 0) process.exitCode = 1;
  if (!options.json) stream.write(`${counts.calls > 0 ? '\n' : ''}${summary(counts)}\n`);
}

/** The same of a server over the wire. */
async function auditThere({ since, until, operation, key, account, errors, json, follow, ...where }: AuditOptions) {
  if (follow) throw new CliError("--follow works on the server's own data directory only.");
  if (account !== undefined)
    throw new CliError("--endpoint shows the calls of the access key's account: omit --account.");
  const stream = process.stdout;
  const table = trailTable(stream, (format, text) => style(format, text, stream));
  const counts = { calls: 0, refused: 0 };
  const filter = {
    ...(since !== undefined && { since: since / 1000 }),
    ...(until !== undefined && { until: until / 1000 }),
    ...(operation !== undefined && { operation }),
    ...(key !== undefined && { accessKeyId: key }),
    ...(errors && { errorsOnly: true }),
  };
  await withClient(where, async (client) => {
    let nextToken: string | undefined;
    do {
      const page = await client.assay('ListAuditEvents', { filter, nextToken, maxResults: 500 });
      for (const event of page.events) {
        counts.calls += 1;
        if (event.errorCode !== undefined) counts.refused += 1;
        const shown = json ? `${event.record}\n` : table(recordOf(event));
        if (!stream.write(shown)) await drained(stream);
      }
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
  });
  if (!json) stream.write(`${counts.calls > 0 ? '\n' : ''}${summary(counts)}\n`);
}

const recordOf = (event: AssayOutput<'ListAuditEvents'>['events'][number]): ShownRecord => ({
  time: Math.round(event.eventTime * 1000),
  operation: event.operation,
  accessKeyId: event.accessKeyId,
  address: event.sourceIpAddress,
  errorCode: event.errorCode,
  errorMessage: event.errorMessage,
  leftOut: event.similarCallsNotRecorded,
});

const matches = (record: TrailRecord, { since, until, operation, key, account, errors }: AuditOptions): boolean =>
  (since === undefined || record.time >= since - (since % 1000)) &&
  (until === undefined || record.time < until) &&
  (operation === undefined || record.operation.toLowerCase() === operation.toLowerCase()) &&
  (key === undefined || record.accessKeyId === key) &&
  (account === undefined || record.account === account) &&
  (!errors || record.errorCode !== undefined);

function complain({ fault, cut }: { fault: string; cut: boolean }, counts: { broken: number }): void {
  if (cut) {
    process.stderr.write(`assay: ${fault}: the server is writing it, or was killed while it did\n`);
    return;
  }
  counts.broken += 1;
  if (counts.broken <= TOLD) process.stderr.write(`assay: ${fault}\n`);
}

const summary = ({ calls, refused }: { calls: number; refused: number }): string =>
  calls === 0 ? 'No calls.' : `${calls} ${calls === 1 ? 'call' : 'calls'}, ${refused} refused.`;

const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

/** Until whoever reads our output has room again, or went away. */
const drained = (stream: NodeJS.WriteStream): Promise<void> =>
  new Promise((resolve) => {
    stream.once('drain', resolve).once('close', resolve);
  });
