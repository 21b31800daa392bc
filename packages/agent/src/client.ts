import { createHash, sign } from 'node:crypto';
import * as http from 'node:http';
import * as https from 'node:https';
import { signedText } from '@assay/model/agent-protocol.ts';
import { parseBoundedJson } from '@assay/model/bounded-json.ts';
import { oneLine } from '@assay/model/safe-text.ts';
import type { Identity } from './identity.ts';
import { ServerFault } from './server-fault.ts';

/** Of an answer: the longest that the protocol has, with room. */
const MAX_ANSWER = 256 * 1024;

export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly contentType: 'application/json' | 'application/gzip';
  readonly body: Uint8Array;
  /** Signs the request; absent for enrolment. */
  readonly identity?: Identity;
  /** For the whole exchange, in milliseconds. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Asks one server. Connections are kept, redirections are not followed and answers are bounded. */
export interface Client {
  /** The decoded JSON of a successful answer, undefined for an empty one. Rejects with {@link ServerFault} and network errors. */
  readonly call: (call: Call) => Promise<unknown>;
  /** The body of a successful answer as it comes, which the caller reads to its end or destroys. Rejects as `call` does. */
  readonly download: (call: Call) => Promise<http.IncomingMessage>;
  readonly close: () => void;
}

export interface ClientOptions {
  /** PEM certificates that alone are trusted, in place of the system's. */
  readonly ca?: string;
  readonly now?: () => number;
  /** This process of the agent, named in every signed request. */
  readonly processId?: string;
}

export function openClient(server: URL, { ca, now = Date.now, processId }: ClientOptions) {
  const transport = server.protocol === 'https:' ? https : http;
  const agent = new transport.Agent({ keepAlive: true, maxSockets: 4, ...(ca === undefined ? {} : { ca }) });
  const ask = ({ method, path, contentType, body, identity, timeoutMs, signal }: Call): Promise<http.IncomingMessage> =>
    new Promise((resolve, reject) => {
      const headers = {
        'content-type': contentType,
        'content-length': body.byteLength,
        accept: 'application/json',
        ...(identity && signature(identity, method, path, body, now())),
        ...(identity && processId !== undefined ? { 'x-assay-process': processId } : {}),
      };
      const timeout = AbortSignal.timeout(timeoutMs);
      const request = transport.request(new URL(path, server), {
        method,
        headers,
        agent,
        signal: AbortSignal.any([signal, timeout]),
      });
      request.on('error', (error) =>
        reject(timeout.aborted ? new Error(`no answer within ${timeoutMs / 1000} seconds`) : error),
      );
      request.on('response', resolve);
      request.end(body);
    });
  const client: Client = {
    call: async (call) => {
      const response = await ask(call);
      return understand(response.statusCode ?? 0, await readAnswer(response));
    },
    download: async (call) => {
      const response = await ask(call);
      if (response.statusCode === 200) return response;
      understand(response.statusCode ?? 0, await readAnswer(response));
      throw new Error(`the answer has status ${response.statusCode}`);
    },
    close: () => agent.destroy(),
  };
  return client;
}

function signature({ agentId, privateKey }: Identity, method: string, path: string, body: Uint8Array, now: number) {
  const date = String(Math.floor(now / 1000));
  const text = signedText(method, path, date, createHash('sha256').update(body).digest('hex'));
  return {
    authorization: `Assay-Agent ${agentId}:${sign(null, Buffer.from(text), privateKey).toString('base64')}`,
    'x-assay-date': date,
  };
}

async function readAnswer(response: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    // Leaving the loop destroys the connection.
    if (size > MAX_ANSWER) throw new Error(`the answer has more than ${MAX_ANSWER} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function understand(status: number, bytes: Buffer): unknown {
  const value = decode(bytes);
  if (status === 204) return undefined;
  if (status === 200) {
    if (value === undefined) throw new Error('the answer is not JSON');
    return value;
  }
  const { code, message } = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  throw new ServerFault(
    status,
    typeof code === 'string' ? oneLine(code, 64) : undefined,
    typeof message === 'string' ? oneLine(message) : `the answer has status ${status}`,
  );
}

function decode(bytes: Buffer): unknown {
  try {
    return parseBoundedJson(bytes, { depth: 16, values: 10_000 });
  } catch {
    return undefined;
  }
}
