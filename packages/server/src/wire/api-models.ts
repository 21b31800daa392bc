import { assayApiModel, assayPaginators } from '@assay/model/assay/api-model.ts';
import type { FastifyInstance } from 'fastify';

/** The Assay API's model, for whoever makes a client: it says what the docs say, so it needs no signature. */
export async function apiModels(server: FastifyInstance): Promise<void> {
  for (const [path, make] of [
    ['/api-model.json', assayApiModel],
    ['/api-paginators.json', assayPaginators],
  ] as const) {
    let text: string | undefined;
    server.get(path, async (_request, reply) => {
      text ??= JSON.stringify(make());
      return reply.type('application/json; charset=utf-8').send(text);
    });
  }
}
