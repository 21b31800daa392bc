import type { Client, Connection, Submittable } from 'pg';

/** What pg's connections have for COPY, beside what their types tell. */
interface CopyConnection extends Connection {
  readonly sendCopyFromChunk: (chunk: Uint8Array) => void;
  readonly endCopyFrom: () => void;
  readonly sendCopyFail: (message: string) => void;
}

/** How pg's client hands on what the server answers to the query that is its turn. */
interface CopyQuery extends Submittable {
  readonly handleCopyInResponse?: (connection: CopyConnection) => void;
  readonly handleCopyData?: (message: { readonly chunk: Uint8Array }) => void;
  readonly handleCommandComplete: (message: { readonly text: string }) => void;
  readonly handleReadyForQuery: () => void;
  readonly handleError: (error: Error) => void;
}

/** Runs `copy … from stdin` with what the chunks hold; returns how many rows were taken. */
export function copyIn(client: Client, text: string, chunks: AsyncIterable<Uint8Array>): Promise<number> {
  return run(client, text, (failed) => ({
    handleCopyInResponse: (connection) => {
      send(connection, chunks, failed).catch((error: unknown) => {
        failed.reason = error;
        connection.sendCopyFail('what was to be copied could not be read');
      });
    },
  }));
}

/** Runs `copy … to stdout`, gives every message's bytes, one message a row, and returns how many rows there were. */
export function copyOut(client: Client, text: string, onChunk: (chunk: Uint8Array) => void): Promise<number> {
  return run(client, text, () => ({ handleCopyData: ({ chunk }) => onChunk(chunk) }));
}

/** What came of a copy: set when the server refused it, or what it was fed from did. */
interface Failed {
  reason?: unknown;
}

const run = (
  client: Client,
  text: string,
  handlers: (failed: Failed) => Pick<CopyQuery, 'handleCopyInResponse' | 'handleCopyData'>,
): Promise<number> =>
  new Promise((resolve, reject) => {
    const failed: Failed = {};
    let rows = 0;
    const query: CopyQuery = {
      submit: (connection) => connection.query(text),
      ...handlers(failed),
      handleCommandComplete: (message) => {
        rows = Number(/^COPY (\d+)$/.exec(message.text)?.[1]);
      },
      handleReadyForQuery: () => resolve(rows),
      handleError: (error) => {
        failed.reason ??= error;
        reject(failed.reason);
      },
    };
    client.query(query);
  });

async function send(connection: CopyConnection, chunks: AsyncIterable<Uint8Array>, failed: Failed): Promise<void> {
  for await (const chunk of chunks) {
    if (failed.reason !== undefined) return;
    connection.sendCopyFromChunk(chunk);
    if (connection.stream.writableNeedDrain) await drained(connection.stream);
  }
  connection.endCopyFrom();
}

/** Also when nothing will be taken any more: the query hears of that by itself. */
const drained = (stream: Connection['stream']): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      for (const event of ['drain', 'close', 'error']) stream.off(event, done);
      resolve();
    };
    for (const event of ['drain', 'close', 'error']) stream.on(event, done);
  });
