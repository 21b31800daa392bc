import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { signedHeaders } from './signed-headers.ts';

/** An operation and its input. */
export type ApiCall = readonly [operation: string, input: object];

export interface Probed {
  /** Milliseconds from a call's sending to its answer read, by operation. */
  readonly times: ReadonlyMap<string, readonly number[]>;
  /** What was no answer of 200. */
  readonly faults: readonly string[];
}

/** Signed calls to one server over connections that stay open. */
export function openApi(endpoint: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const call = (operation: string, input: object): Promise<Record<string, unknown>> =>
    new Promise((resolve, reject) => {
      const body = JSON.stringify(input);
      const headers = signedHeaders(endpoint, operation, body, Date.now());
      request(endpoint, { agent, method: 'POST', headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          if (response.statusCode === 200) resolve(JSON.parse(text) as Record<string, unknown>);
          else reject(new Error(`${operation}: ${response.statusCode} ${text.slice(0, 300)}`));
        });
      })
        .on('error', reject)
        .end(body);
    });

  /**
   * Makes the calls in turn, so many a second, whether those before were answered or not, until `stop` aborts; resolves
   * when the last is answered.
   */
  const probe = async (calls: readonly ApiCall[], perSecond: number, stop: AbortSignal): Promise<Probed> => {
    const times = new Map<string, number[]>(calls.map(([operation]) => [operation, []]));
    const faults: string[] = [];
    const open = new Set<Promise<void>>();
    const begin = performance.now();
    for (let count = 0; !stop.aborted; count++) {
      const [operation, input] = calls[count % calls.length] ?? ['', {}];
      const sent = performance.now();
      const answered: Promise<void> = call(operation, input)
        .then(
          () => void times.get(operation)?.push(performance.now() - sent),
          (error: Error) => void faults.push(error.message),
        )
        .finally(() => open.delete(answered));
      open.add(answered);
      const due = begin + ((count + 1) * 1000) / perSecond;
      await delay(Math.max(0, due - performance.now()), undefined, { signal: stop }).catch(() => undefined);
    }
    await Promise.all(open);
    return { times, faults };
  };
  return { call, probe, close: () => agent.destroy() };
}
