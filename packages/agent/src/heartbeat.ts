import { setTimeout as delay } from 'node:timers/promises';
import type { HeartbeatRequest } from '@assay/model/agent-protocol.ts';
import { check } from '@assay/model/check.ts';
import { parse } from '@assay/model/parse.ts';
import { integer, list, type Static, string, structure } from '@assay/model/shape.ts';
import type { Client } from './client.ts';
import type { Identity } from './identity.ts';

/** Of one exchange beyond the time that the server may hold it, in milliseconds. */
const TIMEOUT = 15_000;

/**
 * The protocol's HeartbeatResponse, but with kinds of evidence that this agent may not know, from a newer server. A run
 * id becomes part of a path.
 */
const Answer = structure(
  {
    instructions: list(
      structure(
        {
          runId: string({ max: 32, pattern: /^[0-9A-Za-z][0-9A-Za-z_-]*$/ }),
          collect: list(string({ min: 1, max: 128 }), { max: 100 }),
        },
        'runId',
        'collect',
      ),
      { max: 20 },
    ),
    nextHeartbeatSeconds: integer({ min: 0, max: 3600 }),
  },
  'instructions',
  'nextHeartbeatSeconds',
);
export type Answer = Static<typeof Answer>;

/** One heartbeat, not repeated. Rejects with ServerFault and network errors, and for an answer of another shape. */
export async function heartbeat(
  client: Client,
  identity: Identity,
  request: HeartbeatRequest,
  signal: AbortSignal,
  timeoutMs = request.waitSeconds * 1000 + TIMEOUT,
): Promise<Answer> {
  const value = await client.call({
    method: 'POST',
    path: '/agent/v1/heartbeat',
    contentType: 'application/json',
    body: Buffer.from(JSON.stringify(request)),
    identity,
    timeoutMs,
    signal,
  });
  const answer = parse(Answer, value);
  const [fault] = check(Answer, answer);
  if (fault) throw new Error(`the answer to a heartbeat is not one: ${fault.path.join('.')} ${fault.expected}`);
  return answer;
}

/** Does `work` while `beat` says every so often that the agent lives; `beat` gives the seconds until the next. */
export async function whileBeating<T>(
  beat: (signal: AbortSignal) => Promise<number>,
  work: () => Promise<T>,
): Promise<T> {
  const over = new AbortController();
  const beating = keepBeating(beat, over.signal);
  try {
    return await work();
  } finally {
    over.abort();
    await beating;
  }
}

async function keepBeating(beat: (signal: AbortSignal) => Promise<number>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    // A server that cannot be reached now is found out, and told of, by the work itself.
    const seconds = await beat(signal).catch(() => 10);
    await delay(Math.min(60, Math.max(5, seconds)) * 1000, undefined, { signal }).catch(() => undefined);
  }
}
