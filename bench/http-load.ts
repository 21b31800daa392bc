import { connect, type Socket } from 'node:net';

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
const WARM_UP = 300;
const MEASURED = 1500;
const PATIENCE = 30_000;

/**
 * Sends requests, written out beforehand, one after the other over each of so many connections, which stay open unless the
 * server closes them: as little work as can be, since a client shares the processors with the server that it measures.
 * Throws for an answer that is not 200 or does not hold `expected`, and when there is none.
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
    const { promise: done, resolve, reject } = Promise.withResolvers<void>();
    let socket: Socket | undefined;
    let started = 0;
    let received = '';
    /** Characters of the whole answer; 0 until its head is here. */
    let length = 0;
    const open = (): Socket =>
      connect(Number(port), hostname)
        .setNoDelay(true)
        .setEncoding('latin1')
        .setTimeout(PATIENCE, () => reject(new Error(`${endpoint} does not answer`)))
        .on('data', take)
        .on('error', reject)
        .on('end', () => length === 0 && reject(new Error(`${endpoint} ended a connection`)));
    const send = (): void => {
      received = '';
      length = 0;
      started = performance.now();
      socket ??= open();
      socket.write(requests[next++ % requests.length] ?? '');
    };
    const take = (chunk: string): void => {
      received += chunk;
      length ||= lengthOf(received);
      if (length === 0 || received.length < length) return;
      if (!received.startsWith('HTTP/1.1 200 ') || !received.includes(expected)) {
        reject(new Error(`${endpoint} said: ${received.slice(0, 600)}`));
        return;
      }
      const now = performance.now();
      if (started >= begin && now <= end) times.push(now - started);
      if (/\r\nconnection: close\r\n/i.test(received)) {
        socket?.destroy();
        socket = undefined;
      }
      if (now < end) {
        send();
        return;
      }
      bytes = length - received.indexOf('\r\n\r\n') - 4;
      resolve();
    };
    send();
    try {
      await done;
    } finally {
      socket?.destroy();
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
