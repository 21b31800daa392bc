import type { SNSClient } from '@aws-sdk/client-sns';
import { boundedMap } from '../domain/bounded-map.ts';
import { type FailureStatus, failed, type Outcome, type Outgoing, type Send } from './delivery.ts';
import { attempt, exchange, type PostDeps } from './post.ts';

/** Where topics of Amazon SNS are published to. */
export interface SnsEndpoint {
  /** Absent for AWS's own of the topic's region, or the one that the environment names (`AWS_ENDPOINT_URL_SNS`). */
  readonly url?: string;
  readonly allowPrivate: boolean;
}

/** Endpoints and regions whose connection is kept. */
const KEPT = 100;

/**
 * Publishes to Amazon SNS itself, with the credentials that AWS's clients find. Amazon's client is loaded for the first
 * topic that needs it. A FIFO topic gets a run's events in order, and each once.
 */
export function amazonSns(
  deps: PostDeps,
): (endpoint: SnsEndpoint, outgoing: Outgoing, stop: AbortSignal) => Promise<Outcome> {
  const clients = boundedMap<string, Promise<SNSClient>>(KEPT, 'LEAST_RECENT');
  const clientOf = (region: string, { url, allowPrivate }: SnsEndpoint): Promise<SNSClient> => {
    const key = JSON.stringify([region, url, allowPrivate]);
    const kept = clients.get(key) ?? connect(deps, region, { allowPrivate, ...(url === undefined ? {} : { url }) });
    clients.set(key, kept);
    return kept;
  };
  return async (endpoint, { topicArn, message, messageId }, stop) => {
    const [, , , region = '', , topic = ''] = topicArn.split(':');
    return attempt(deps, 'Amazon SNS', stop, async (signal) => {
      const [client, { PublishCommand }] = await Promise.all([
        clientOf(region, endpoint),
        import('@aws-sdk/client-sns'),
      ]);
      const order = topic.endsWith('.fifo')
        ? { MessageGroupId: groupOf(message), MessageDeduplicationId: messageId }
        : {};
      try {
        await client.send(new PublishCommand({ TopicArn: topicArn, Message: message, ...order }), {
          abortSignal: signal,
        });
        return { delivered: true };
      } catch (error) {
        if (signal.aborted || !isService(error)) throw error;
        return failed(statusOf(error.name), `Amazon SNS answered ${error.name}: ${error.message}`);
      }
    });
  };
}

/** As a sender for topics that are mapped to an endpoint of SNS. */
export const mappedToSns =
  (publish: ReturnType<typeof amazonSns>): Send =>
  ({ url, allowPrivate }, outgoing, stop) =>
    publish({ url, allowPrivate }, outgoing, stop);

async function connect(deps: PostDeps, region: string, { url, allowPrivate }: SnsEndpoint): Promise<SNSClient> {
  const { SNSClient } = await import('@aws-sdk/client-sns');
  return new SNSClient({
    region,
    ...(url === undefined ? {} : { endpoint: url }),
    // The outbox tries again.
    maxAttempts: 1,
    requestHandler: {
      handle: async (request: SignedRequest, { abortSignal }: { readonly abortSignal?: unknown } = {}) => {
        const { protocol, hostname, port, path, headers, body } = request;
        const to = new URL(`${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${path}`);
        const signal = (abortSignal as AbortSignal | undefined) ?? new AbortController().signal;
        const answer = await exchange(deps, { url: to, allowPrivate }, { headers, body: String(body) }, signal);
        return { response: { statusCode: answer.status, headers: { ...answer.headers }, body: answer.body } };
      },
      updateHttpClientConfig: () => undefined,
      httpHandlerConfigs: () => ({}),
    },
  });
}

/** What Amazon's client gives to a handler. */
interface SignedRequest {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Events of one run are one group. */
function groupOf(message: string): string {
  const { run } = JSON.parse(message) as { readonly run?: unknown };
  return typeof run === 'string' ? run.slice(run.lastIndexOf('/') + 1) : 'assay';
}

/** Whether the service answered, and not the network. */
const isService = (error: unknown): error is Error & { readonly $metadata: object } =>
  error instanceof Error && '$fault' in error && '$metadata' in error;

function statusOf(name: string): FailureStatus {
  if (/^(NotFound|TopicNotFound)/.test(name)) return 'TOPIC_DOES_NOT_EXIST';
  return /^(Authorization|AccessDenied|InvalidClientTokenId|SignatureDoesNotMatch|ExpiredToken|KMSAccessDenied|OptInRequired|UnrecognizedClient|InvalidSecurity)/.test(
    name,
  )
    ? 'ACCESS_DENIED'
    : 'INTERNAL_ERROR';
}
