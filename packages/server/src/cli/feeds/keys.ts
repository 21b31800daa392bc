import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPublicKey, writePublicKey } from '../../feeds/bundle/signing-key.ts';
import { FeedFault } from '../../feeds/feed-fault.ts';
import { type FeedsDirectory, readIfThere, replaceFile } from '../../feeds/feeds-directory.ts';

/** The key that this data directory signs its exports with; made on first use, readable by its owner only. */
export function signingKey({ path }: FeedsDirectory): KeyObject {
  const file = join(path, 'signing-key.pem');
  const pem = readIfThere(file);
  if (pem === undefined) {
    const { privateKey } = generateKeyPairSync('ed25519');
    writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx', flush: true });
    return privateKey;
  }
  if ((statSync(file).mode & 0o077) !== 0) {
    throw new FeedFault(`others can read ${file}, and sign feeds with it; run: chmod 600 ${file}`);
  }
  try {
    return createPrivateKey(pem);
  } catch {
    throw new FeedFault(`${file} is damaged: restore it from a backup, or delete it to have a new one`);
  }
}

const trustedFile = ({ path }: FeedsDirectory): string => join(path, 'trusted-keys.txt');

/** The public keys whose exports are taken here. */
export const trustedKeys = (directory: FeedsDirectory): readonly string[] =>
  (readIfThere(trustedFile(directory)) ?? '').split('\n').filter(Boolean);

export function trustKey(directory: FeedsDirectory, publicKey: string): void {
  const keys = new Set([...trustedKeys(directory), publicKey]);
  replaceFile(trustedFile(directory), `${[...keys].sort().join('\n')}\n`);
}

/** A public key that is given as a word, or in a file. Throws {@link FeedFault}. */
export function givenKey(text: string): string {
  const word = text.startsWith('ed25519:') ? text : (readIfThere(text) ?? '').slice(0, 200);
  return writePublicKey(readPublicKey(word));
}
