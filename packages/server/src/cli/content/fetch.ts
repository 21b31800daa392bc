import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { collectOsRelease } from '@assay/agent/collect/os-release.ts';
import { startCollection } from '@assay/agent/collection.ts';
import { openHost } from '@assay/agent/open-host.ts';
import { Command } from 'commander';
import { addContent } from '../../content/add-content.ts';
import { contentFor } from '../../domain/benchmarks.ts';
import { CliError } from '../../runtime/cli-error.ts';
import { contentRow } from './content-row.ts';
import { type ContentOptions, changingContent, withContentOptions } from './with-content.ts';

/** How the package managers of distributions download a package without installing it, and what has the content. */
const sources: readonly { readonly ids: readonly string[]; readonly command: readonly [string, ...string[]] }[] = [
  { ids: ['debian'], command: ['apt-get', 'download', 'ssg-debian'] },
  { ids: ['ubuntu'], command: ['apt-get', 'download', 'ssg-debderived'] },
  {
    ids: ['rhel', 'almalinux', 'rocky', 'centos', 'fedora', 'ol', 'amzn'],
    command: ['dnf', 'download', 'scap-security-guide'],
  },
];

const TIMEOUT = 5 * 60_000;

export const fetchContentCommand = (): Command =>
  withContentOptions(new Command('fetch'))
    .description("Take the content that this host's distribution has as a package, without installing it")
    .addHelpText(
      'after',
      '\nExit status: 0 there is content for this host now, 2 its distribution has none that is recent enough.',
    )
    .action((options: ContentOptions) =>
      changingContent(options, async (directory) => {
        const os = await collectOsRelease(startCollection(await openHost()));
        const source = sources.find(({ ids }) => os && ids.includes(os.id));
        if (!os || !source)
          throw new CliError(`No package of ${os?.id ?? 'this system'} is known to have content. ${ELSEWHERE}`);
        const [program, ...args] = source.command;
        const scratch = mkdtempSync(join(tmpdir(), 'assay-content-'));
        try {
          process.stderr.write(`  ${source.command.join(' ')} …\n`);
          await promisify(execFile)(program, args, { cwd: scratch, timeout: TIMEOUT }).catch((error: Error) => {
            throw new CliError(
              `${source.command.join(' ')} failed: ${error.message.split('\n').slice(-2).join(' ').trim()}. ${ELSEWHERE}`,
            );
          });
          const [file] = readdirSync(scratch).filter((name) => /\.(deb|rpm)$/.test(name));
          if (file === undefined) throw new CliError(`${source.command.join(' ')} downloaded nothing. ${ELSEWHERE}`);
          const asked = { source: file, now: Date.now(), onFile: () => undefined };
          const { added } = await addContent(directory, join(scratch, file), asked);
          const found = contentFor(added, os);
          if (options.json) {
            process.stdout.write(`${JSON.stringify({ added: added.map((entry) => contentRow(entry, Date.now())) })}\n`);
          } else {
            process.stdout.write(added.map(({ name }) => `${name} is added from ${file}.\n`).join(''));
          }
          if (!found) {
            throw new CliError(
              `${file} has no CIS profile for ${os.prettyName ?? os.id}: it is too old, or there is none. ${ELSEWHERE}`,
            );
          }
        } finally {
          rmSync(scratch, { recursive: true, force: true });
        }
      }),
    );

const ELSEWHERE =
  'Download a newer package (ssg-debian, ssg-debderived or scap-security-guide of a newer release of the distribution) or a ' +
  'release of ComplianceAsCode, and add it: assay content add FILE';
