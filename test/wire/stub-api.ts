import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspectorModel } from '@assay/model/api/inspector-model.ts';
import { InspectorClient } from '@aws-sdk/client-inspector';
import type { Handler } from '../../packages/server/src/operations/handler.ts';
import { createApi } from '../../packages/server/src/wire/api.ts';
import { type AuditSink, createAuditTrail } from '../../packages/server/src/wire/audit-trail.ts';
import type { Authenticated } from '../../packages/server/src/wire/authenticator.ts';
import type { HoldStranger } from '../../packages/server/src/wire/hold-strangers.ts';
import { createMetrics, type Metrics } from '../../packages/server/src/wire/metrics.ts';
import type { RateLimiter } from '../../packages/server/src/wire/rate-limit.ts';

export interface StubApi {
  readonly endpoint: string;
  readonly metrics: Metrics;
  /** What came on the trail. */
  readonly records: Record<string, unknown>[];
  /** The operations that were performed. */
  readonly performed: string[];
  readonly client: (maxAttempts: number) => InspectorClient;
  readonly stop: () => Promise<void>;
}

const caller: Authenticated = {
  scope: 1,
  account: '123456789012',
  region: 'us-east-1',
  accessKeyId: 'AKIDSTUB',
  policy: undefined,
};

/** The API's wire over operations that answer with nothing, where everybody is the key AKIDSTUB. */
export async function startStubApi({
  rateLimiter = { allows: () => true },
  sink,
  pending = () => undefined,
  holdStranger = () => undefined,
}: {
  rateLimiter?: RateLimiter;
  sink?: AuditSink;
  pending?: () => Promise<void> | undefined;
  holdStranger?: HoldStranger;
}): Promise<StubApi> {
  const records: Record<string, unknown>[] = [];
  const performed: string[] = [];
  const metrics = createMetrics(() => performance.now());
  const handler: Handler = {
    knows: () => true,
    recorded: (_operation, output) => output,
    handle: async (operation) => {
      performed.push(operation);
      return {};
    },
  };
  let id = 0;
  const server = createServer(
    createApi({
      services: [{ model: inspectorModel, handler }],
      authenticator: { authenticate: async () => caller },
      rateLimiter,
      holdStranger,
      audit: createAuditTrail({
        sink: sink ?? {
          append: (...lines) => records.push(...lines.map((line) => JSON.parse(line))),
          ready: () => true,
        },
        now: () => Date.UTC(2026, 2, 4, 5, 6, 7, 890),
        eventId: () => `event-${++id}`,
        onLeftOut: metrics.auditLeftOut,
        soon: process.nextTick,
        report: (message, error) => console.error(message, error),
      }),
      trustProxy: false,
      metrics,
      requestId: () => `request-${id}`,
      pending,
      isUnavailable: () => false,
      report: (message, error) => console.error(message, error),
    }),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const endpoint = `http://127.0.0.1:${port}`;
  return {
    endpoint,
    metrics,
    records,
    performed,
    client: (maxAttempts) =>
      new InspectorClient({
        endpoint,
        region: 'us-east-1',
        credentials: { accessKeyId: 'AKIDSTUB', secretAccessKey: 'x' },
        maxAttempts,
      }),
    stop: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
