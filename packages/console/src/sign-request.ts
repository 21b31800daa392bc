/** What a person signs in with. */
export interface Key {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
}

export interface RequestToSign {
  readonly key: Key;
  /** As the transport sends it: `localhost:8020`. */
  readonly host: string;
  /** Names in lowercase; all of them are signed. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** As in the scope of the signature. */
  readonly service: 'inspector' | 'assay';
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * The headers of a `POST /` signed with Signature Version 4: those given, x-amz-date and authorization. The host is
 * signed but not among them: browsers write it themselves. Uses WebCrypto, so it runs in browsers and in Node.
 */
export async function signRequest({
  key,
  host,
  headers,
  body,
  service,
  now,
}: RequestToSign): Promise<Record<string, string>> {
  const date = new Date(now).toISOString().replace(/[-:]|\.\d{3}/g, '');
  const sent = { ...headers, 'x-amz-date': date };
  const signed = Object.entries({ ...sent, host }).sort(([a], [b]) => (a < b ? -1 : 1));
  const names = signed.map(([name]) => name).join(';');
  const lines = signed.map(([name, value]) => `${name}:${value.trim().replace(/ +/g, ' ')}\n`).join('');
  const canonical = `POST\n/\n\n${lines}\n${names}\n${await sha256(body)}`;
  const day = date.slice(0, 8);
  const scope = `${day}/${key.region}/${service}/aws4_request`;
  const text = `AWS4-HMAC-SHA256\n${date}\n${scope}\n${await sha256(canonical)}`;
  let secret = bytes(`AWS4${key.secretAccessKey}`);
  for (const part of [day, key.region, service, 'aws4_request']) secret = await hmac(secret, part);
  const signature = hex(await hmac(secret, text));
  const credential = `${key.accessKeyId}/${scope}`;
  return {
    ...sent,
    authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`,
  };
}

type Bytes = Uint8Array<ArrayBuffer>;

const bytes = (text: string): Bytes => new Uint8Array(new TextEncoder().encode(text));

const hex = (data: Bytes): string => [...data].map((byte) => byte.toString(16).padStart(2, '0')).join('');

const sha256 = async (text: string): Promise<string> =>
  hex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes(text))));

async function hmac(secret: Bytes, text: string): Promise<Bytes> {
  const key = await crypto.subtle.importKey('raw', secret, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, bytes(text)));
}
