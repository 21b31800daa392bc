import { createPublicKey, type KeyObject } from 'node:crypto';
import { FeedFault } from '../feed-fault.ts';

const WRITTEN = /^ed25519:([A-Za-z0-9_-]{43})$/;

/** An Ed25519 public key in one word that can be read out and typed: `ed25519:` and 43 characters of base64url. */
export function writePublicKey(key: KeyObject): string {
  const { x } = (key.type === 'private' ? createPublicKey(key) : key).export({ format: 'jwk' });
  return `ed25519:${x}`;
}

/** The key of such a word. Throws {@link FeedFault} where it is none. */
export function readPublicKey(text: string): KeyObject {
  const [, x] = WRITTEN.exec(text.trim()) ?? [];
  if (x === undefined) throw new FeedFault('that is no public key: one is like ed25519: and 43 characters');
  try {
    return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  } catch {
    throw new FeedFault('that is no public key of Ed25519');
  }
}
