import { once } from 'node:events';
import { connect } from 'node:net';

/** What a load found. */
export interface Load {
  /** Answers a second. */
  readonly rate: number;
  /** Milliseconds each, of those that began and ended within the measured time. */
  readonly times: readonly number[];
  /** Bytes of an answer's body, the last one's. */
  readonly bytes: number;
}

/** Milliseconds before anything counts, those that count, and without an answer until it is given up. */
const WARM_UP = 3000;
const MEASURED = 8000;
const PATIENCE = 10_000;

/**
 * Sends requests, written out beforehand, one after the other over each of so many connections that stay open: as little
 * work as can be, since a client shares the processors with the server that it measures. Throws for an answer that is
 * not 200 or does not hold `expected`, and when there is none.
 */
export async function loadServer(
  endpoint: string,
  requests: readonly Buffer[],
  { connections, expected }: { readonly connections: number; readonly expected: string },
): Promise<Load> {
  const { hostname, port } = new URL(endpoint);
  const begin = performance.now() + WARM_UP;
  const end = begin + MEASURED;
  const times: number[] = [];
  let next = 0;
  let bytes = 0;

  const talk = async (): Promise<void> => {
    const socket = connect(Number(port), hostname).setNoDelay(true);
    await once(socket, 'connect');
    const { promise: done, resolve, reject } = Promise.withResolvers<void>();
    let started = 0;
    let received = '';
    /** Characters of the whole answer; 0 until its head is here. */
    let length = 0;
    const send = (): void => {
      received = '';
      length = 0;
      started = performance.now();
      socket.write(requests[next++ % requests.length] ?? '');
    };
    socket.setEncoding('latin1').setTimeout(PATIENCE, () => socket.destroy(new Error('The server does not answer')));
    socket.on('data', (chunk: string) => {
      received += chunk;
      length ||= lengthOf(received);
      if (length === 0 || received.length < length) return;
      if (!received.startsWith('HTTP/1.1 200 ') || !received.includes(expected)) {
        return reject(new Error(`The server said: ${received.slice(0, 600)}`));
      }
      const now = performance.now();
      if (started >= begin && now <= end) times.push(now - started);
      if (now < end) return send();
      bytes = length - received.indexOf('\r\n\r\n') - 4;
      resolve();
    });
    socket.on('error', reject).on('close', () => reject(new Error('The server ended a connection')));
    send();
    try {
      await done;
    } finally {
      socket.destroy();
    }
  };
  await Promise.all(Array.from({ length: connections }, talk));
  return { rate: (times.length * 1000) / MEASURED, times, bytes };
}

/** Characters of an answer of which the beginning is here; 0 while its head is not. */
function lengthOf(received: string): number {
  const head = received.indexOf('\r\n\r\n');
  if (head < 0) return 0;
  const [, length] = /\r\ncontent-length: (\d+)\r\n/i.exec(received) ?? [];
  if (length === undefined) throw new Error(`An answer without a length: ${received.slice(0, head)}`);
  return head + 4 + Number(length);
}
