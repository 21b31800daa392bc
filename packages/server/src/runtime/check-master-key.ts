import { hkdfSync, timingSafeEqual } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Store } from '../store/store.ts';
import { CliError } from './cli-error.ts';
import type { DataDirectory } from './data-directory.ts';

/**
 * Holds a data directory's master key against the one that the store was first used with: secrets that are sealed under
 * one cannot be opened with another, and servers that share a store read each other's page tokens and links. The store
 * keeps a digest that tells nothing of the key. Throws {@link CliError} where they differ.
 */
export async function checkMasterKey(
  store: Pick<Store, 'settings'>,
  { path, masterKey, isKeyNew }: Pick<DataDirectory, 'path' | 'masterKey' | 'isKeyNew'>,
): Promise<void> {
  const own = Buffer.from(hkdfSync('sha256', masterKey, '', 'which master key', 32));
  const settled = Buffer.from(await store.settings.settle('master key', own.toString('hex')), 'hex');
  if (settled.length === own.length && timingSafeEqual(settled, own)) return;
  // One that was made for a store of another key would only be taken for the right one.
  if (isKeyNew) rmSync(join(path, 'master.key'), { force: true });
  throw new CliError(
    `The store was set up with another master key than ${path}/master.key. Copy master.key from the data directory of ` +
      'a server that uses this store, or restore it from a backup; then only its owner may read it (chmod 600).',
  );
}
