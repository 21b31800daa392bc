import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { RandomBytes } from '../../domain/ids.ts';

const NONCE = 12;
const TAG = 16;

/** Seals secrets for the store: AES-256-GCM, a fresh nonce each, bound to what the secret is for. */
export interface SecretBox {
  readonly seal: (secret: string, purpose: string) => Uint8Array;
  /** Throws when the box was sealed under another master key, for another purpose, or changed since. */
  readonly open: (sealed: Uint8Array, purpose: string) => string;
}

/** `masterKey` is 32 bytes, kept outside the store in a file that only its owner can read. */
export function createSecretBox(masterKey: Uint8Array, random: RandomBytes): SecretBox {
  return {
    seal: (secret, purpose) => {
      const nonce = random(NONCE);
      const cipher = createCipheriv('aes-256-gcm', masterKey, nonce).setAAD(Buffer.from(purpose));
      return Buffer.concat([nonce, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    },
    open: (sealed, purpose) => {
      const decipher = createDecipheriv('aes-256-gcm', masterKey, sealed.subarray(0, NONCE), { authTagLength: TAG })
        .setAAD(Buffer.from(purpose))
        .setAuthTag(sealed.subarray(-TAG));
      return Buffer.concat([decipher.update(sealed.subarray(NONCE, -TAG)), decipher.final()]).toString('utf8');
    },
  };
}
