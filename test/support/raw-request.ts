import { inspectorModel } from '@assay/model/api/inspector-model.ts';
import { assayModel } from '@assay/model/assay/assay-model.ts';
import { signRequest } from '../../packages/server/src/wire/sigv4/sign.ts';
import { type TestServer, testKey } from './test-server.ts';

export interface RawReply {
  readonly status: number;
  readonly headers: Headers;
  /** The body as it came, and as JSON. */
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface RawOptions {
  readonly region?: string;
  readonly key?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** X-Amz-Target; the operation of the service that has it, Inspector's unless it is Assay's, unless given. */
  readonly target?: string;
  /** What the signature is for; the service that has the operation unless given. */
  readonly service?: string;
}

/** A signed request with any body: text and bytes go as they are, everything else as JSON. */
export async function rawRequest(
  server: Pick<TestServer, 'endpoint'>,
  operation: string,
  input: unknown,
  options: RawOptions = {},
): Promise<RawReply> {
  const { name, targetPrefix } = Object.hasOwn(assayModel.operations, operation) ? assayModel : inspectorModel;
  const { region = 'us-east-1', key = testKey, target = `${targetPrefix}.${operation}`, service = name } = options;
  const body = typeof input === 'string' || input instanceof Uint8Array ? input : JSON.stringify(input);
  const headers = signRequest({
    ...key,
    region,
    service,
    url: server.endpoint,
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target },
    body,
    now: Date.now(),
  });
  const response = await fetch(server.endpoint, { method: 'POST', headers, body: Buffer.from(body) });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: JSON.parse(text === '' ? '{}' : text) as Record<string, unknown>,
  };
}

/** What an error says, for comparison: `__type` and errorCode where it has one. */
export const errorOf = ({ body }: RawReply): string =>
  body.errorCode === undefined ? String(body.__type) : `${String(body.__type)} ${String(body.errorCode)}`;
