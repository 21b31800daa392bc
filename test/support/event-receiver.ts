import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** As SNS messages are read. */
  readonly sns: Readonly<Record<string, string>>;
}

export interface EventReceiver {
  readonly url: string;
  readonly received: Received[];
  /** How requests are answered from now on; with 200 unless it is set. */
  answer: (response: ServerResponse, request: IncomingMessage) => void;
  readonly stop: () => Promise<void>;
}

/** A receiver of events on loopback, which keeps what it was sent. */
export async function startReceiver(): Promise<EventReceiver> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    received.push({ headers: request.headers, body, sns: body.startsWith('{') ? JSON.parse(body) : {} });
    receiver.answer(response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const receiver: EventReceiver = {
    url: `http://127.0.0.1:${port}/events`,
    received,
    answer: (response) => response.end(),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return receiver;
}

/** Looks until the receiver has so many messages. */
export async function untilReceived({ received }: EventReceiver, count: number): Promise<void> {
  for (let look = 0; received.length < count; look++) {
    if (look > 3000) throw new Error(`${received.length} messages came, not ${count}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
