import { createPrivateKey, hkdfSync, type KeyObject } from 'node:crypto';
import type { DataDirectory } from '../data-directory.ts';

/** An Ed25519 private key in PKCS #8, up to its 32 bytes: RFC 8410. */
const HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The key that reports are signed with: of the master key, so that servers that share a store sign with the same. */
export function reportKey({ masterKey }: Pick<DataDirectory, 'masterKey'>): KeyObject {
  const seed = Buffer.from(hkdfSync('sha256', masterKey, '', 'report signatures', 32));
  return createPrivateKey({ key: Buffer.concat([HEAD, seed]), format: 'der', type: 'pkcs8' });
}
