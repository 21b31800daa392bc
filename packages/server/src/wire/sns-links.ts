import type { FastifyInstance } from 'fastify';
import { subscriptionArn } from '../delivery/sns-http.ts';
import { unmapTopic } from '../engine/notify/map-topic.ts';
import type { Store } from '../store/store.ts';

export interface SnsLinkDeps {
  readonly store: Pick<Store, 'topics' | 'transaction'>;
  readonly now: () => number;
  /** The certificate that SNS messages are signed under, PEM, and the name of its file. */
  readonly certificate: () => Promise<{ readonly name: string; readonly pem: string }>;
}

interface Links {
  readonly Action?: unknown;
  readonly Token?: unknown;
}

/**
 * What SNS messages refer to: the certificate of their signature, and the links by which receivers confirm and end their
 * subscription. The links need no other proof than their token, as those of SNS.
 */
export const snsLinks =
  ({ store, now, certificate }: SnsLinkDeps) =>
  async (server: FastifyInstance): Promise<void> => {
    server.get<{ Params: { name: string } }>('/sns/:name', async ({ params }, reply) => {
      const { name, pem } = await certificate();
      if (params.name !== name) return reply.callNotFound();
      return reply.type('application/x-pem-file').send(pem);
    });
    server.get<{ Querystring: Links }>('/sns', async ({ id, query: { Action, Token } }, reply) => {
      const wrong = (message: string) =>
        reply
          .code(400)
          .type('text/xml')
          .send(
            answer(
              'Error',
              `<Error><Type>Sender</Type><Code>InvalidParameter</Code><Message>${message}</Message></Error>`,
              id,
            ),
          );
      if (Action !== 'ConfirmSubscription' && Action !== 'Unsubscribe') return wrong('Invalid parameter: Action');
      const found =
        typeof Token === 'string' && /^[0-9a-f]{64}$/.test(Token) ? await store.topics.byToken(Token) : undefined;
      if (!found) return wrong('Invalid parameter: Token');
      const { scope, topic } = found;
      const at = now();
      await store.transaction(async (tables) => {
        const current = await tables.topics.find(scope, topic.arn);
        if (current?.token !== topic.token) return;
        if (Action === 'ConfirmSubscription')
          await tables.topics.change(scope, topic.arn, { confirmedAt: current.confirmedAt ?? at, unmappedAt: null });
        else if (current.unmappedAt === null) await unmapTopic(tables, scope, current, at);
      });
      const arn = subscriptionArn(topic.arn, topic.token);
      const result =
        Action === 'ConfirmSubscription'
          ? `<${Action}Result><SubscriptionArn>${arn}</SubscriptionArn></${Action}Result>`
          : '';
      return reply.type('text/xml').send(answer(Action, result, id));
    });
  };

const answer = (action: string, result: string, id: string): string =>
  `<${action}Response xmlns="http://sns.amazonaws.com/doc/2010-03-31/">${result}<ResponseMetadata><RequestId>${id}</RequestId></ResponseMetadata></${action}Response>\n`;
