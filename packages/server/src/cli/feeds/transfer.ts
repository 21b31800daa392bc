import { Command } from 'commander';
import { exportFeeds } from '../../feeds/bundle/export-feeds.ts';
import { importFeeds, UnknownKeyFault } from '../../feeds/bundle/import-feeds.ts';
import { writePublicKey } from '../../feeds/bundle/signing-key.ts';
import { CliError } from '../../runtime/cli-error.ts';
import { givenKey, signingKey, trustedKeys, trustKey } from './keys.ts';
import { changingFeeds, type FeedsOptions, withFeedsOptions } from './with-feeds.ts';

interface ImportOptions extends FeedsOptions {
  readonly publicKey?: string;
}

export const exportFeedsCommand = (): Command =>
  withFeedsOptions(new Command('export'))
    .description('Write all feeds into one signed file, for an air-gapped server')
    .argument('<file>')
    .action((file: string, options: FeedsOptions) =>
      changingFeeds(options, async (directory) => {
        const key = signingKey(directory);
        const { feeds, publicKey } = await exportFeeds(directory, file, { key, now: Date.now() });
        const names = feeds.map(({ name }) => name);
        const text =
          `${file}: ${names.join(', ')}\nSigned with ${publicKey}\n` +
          `There: assay feeds import ${file} --public-key ${publicKey}\n`;
        process.stdout.write(options.json ? `${JSON.stringify({ file, publicKey, feeds: names })}\n` : text);
      }),
    );

export const importFeedsCommand = (): Command =>
  withFeedsOptions(new Command('import'))
    .description('Import the feeds from a file that assay feeds export wrote')
    .argument('<file>')
    .option(
      '--public-key <key>',
      'trust this key, or the one in this file, from now on; assay feeds key shows it there',
    )
    .action((file: string, options: ImportOptions) =>
      changingFeeds(options, async (directory) => {
        const given = options.publicKey === undefined ? undefined : givenKey(options.publicKey);
        const trusted = new Set([...trustedKeys(directory), writePublicKey(signingKey(directory))]);
        if (given !== undefined) trusted.add(given);
        const { header, taken, kept, digest } = await importFeeds(directory, file, (key) => trusted.has(key)).catch(
          (error: unknown) => {
            throw explained(error, file);
          },
        );
        if (given !== undefined && given === header.publicKey) trustKey(directory, given);
        const older = kept.length > 0 ? `Left, because what is here is newer: ${kept.join(', ')}\n` : '';
        const text = `Imported: ${taken.join(', ') || 'nothing'}\n${older}`;
        process.stdout.write(options.json ? `${JSON.stringify({ taken, kept, digest: digest ?? null })}\n` : text);
      }),
    );

export const feedsKeyCommand = (): Command =>
  withFeedsOptions(new Command('key'))
    .description('Show the public key that exports of this data directory are signed with')
    .action((options: FeedsOptions) =>
      changingFeeds(options, (directory) => {
        const publicKey = writePublicKey(signingKey(directory));
        process.stdout.write(options.json ? `${JSON.stringify({ publicKey })}\n` : `${publicKey}\n`);
      }),
    );

function explained(error: unknown, file: string): unknown {
  if (error instanceof UnknownKeyFault) {
    return new CliError(
      `${file} is signed with a key that is not trusted here: ${error.publicKey}\n` +
        'Ask the person who made it whether their server has this key (feeds key). If so:\n' +
        `  assay feeds import ${file} --public-key ${error.publicKey}`,
    );
  }
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'EISDIR' || code === 'EACCES' ? new CliError(`${file} cannot be read.`) : error;
}
