import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';

/** What a signing key is good for. */
export interface Scope {
  /** A UTC day, `YYYYMMDD`. */
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

/** HMAC-SHA256 over date, region, service and terminator in turn, starting from the secret. */
export function deriveSigningKey(secretAccessKey: string, { date, region, service }: Scope): KeyObject {
  const step = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
  const regionKey = step(step(`AWS4${secretAccessKey}`, date), region);
  return createSecretKey(step(step(regionKey, service), 'aws4_request'));
}

/** Remembers signing keys, least recently used out first. Its owner makes one a process and drops it to forget them. */
export interface SigningKeyCache {
  /** The key of this scope, unless it was kept for another secret (one rotated away). */
  find(accessKeyId: string, scope: Scope, secretAccessKey: string): KeyObject | undefined;
  /** To be called only once a signature has proved right, so that forgeries push nothing out. */
  keep(accessKeyId: string, scope: Scope, secretAccessKey: string, key: KeyObject): void;
}

export function createSigningKeyCache(limit = 1000): SigningKeyCache {
  const entries = new Map<string, { readonly secret: string; readonly key: KeyObject }>();
  const nameOf = (accessKeyId: string, { date, region, service }: Scope): string =>
    `${accessKeyId}/${date}/${region}/${service}`;
  return {
    find(accessKeyId, scope, secretAccessKey) {
      const name = nameOf(accessKeyId, scope);
      const entry = entries.get(name);
      if (entry === undefined) return undefined;
      entries.delete(name);
      if (entry.secret !== secretAccessKey) return undefined;
      entries.set(name, entry);
      return entry.key;
    },
    keep(accessKeyId, scope, secretAccessKey, key) {
      const name = nameOf(accessKeyId, scope);
      entries.delete(name);
      entries.set(name, { secret: secretAccessKey, key });
      const oldest = entries.keys().next();
      if (entries.size > limit && !oldest.done) entries.delete(oldest.value);
    },
  };
}
