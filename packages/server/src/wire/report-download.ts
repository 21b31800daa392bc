import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ReportLinks } from '../operations/report-links.ts';
import type { Store } from '../store/store.ts';
import type { Report } from '../store/tables/reports.ts';

const PREFIX = '/reports/';

const types: Readonly<Record<Report['format'], string>> = {
  HTML: 'text/html; charset=utf-8',
  PDF: 'application/pdf',
};

/** A report holds texts of hosts: nothing in it may run, or be fetched. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export interface ReportDownloadDeps {
  readonly links: ReportLinks;
  readonly store: Pick<Store, 'reports' | 'accessKeys'>;
  readonly now: () => number;
  readonly isUnavailable: (error: unknown) => boolean;
  readonly report: (message: string, error: unknown) => void;
}

/** Reports under the links that GetAssessmentReport gave: a plain GET, no signature. */
export function reportDownload({ links, store, now, isUnavailable, report }: ReportDownloadDeps) {
  return async (server: FastifyInstance): Promise<void> => {
    server.setErrorHandler((error, request, reply) => {
      if (isUnavailable(error)) return sentence(reply, 503, 'The store cannot be had at the moment; try again.');
      report(`Request ${request.id} for a report failed`, error);
      return sentence(reply, 500, 'The report could not be read; the server’s log has the cause.');
    });
    server.get(`${PREFIX}*`, async (request, reply) => {
      const [path = ''] = (request.raw.url ?? '').split('?');
      const link = links.read(path.slice(PREFIX.length));
      if (!link) return sentence(reply, 403, 'This is not a link that this server gave.');
      if (now() >= link.expiresAt) {
        return sentence(reply, 403, 'This link has expired. GetAssessmentReport gives a new one, good for 15 minutes.');
      }
      if (link.accessKeyId !== undefined) {
        const key = await store.accessKeys.find(link.accessKeyId);
        if (!key || key.revokedAt !== null) {
          return sentence(reply, 403, 'The access key that this link was made for is no longer valid.');
        }
      }
      const found = await store.reports.findById(link.scope, link.report);
      if (found?.status !== 'COMPLETED') {
        return sentence(reply, 404, 'The report is not available. Ask for it again with GetAssessmentReport.');
      }
      const stream = Readable.from(store.reports.read(link.scope, found));
      stream.once('error', (error) => {
        if (reply.raw.headersSent) report(`A report was cut off while request ${request.id} read it`, error);
      });
      // Nothing is read for whoever went away.
      reply.raw.once('close', () => stream.destroy());
      const name = `assay-${found.run}-${found.type.toLowerCase()}.${found.format.toLowerCase()}`;
      return harden(reply)
        .header('content-type', types[found.format])
        .header('content-length', found.size)
        .header('content-disposition', `inline; filename="${name}"`)
        .send(stream);
    });
  };
}

const sentence = (reply: FastifyReply, status: number, text: string): FastifyReply =>
  harden(reply).code(status).header('content-type', 'text/plain; charset=utf-8').send(`${text}\n`);

const harden = (reply: FastifyReply): FastifyReply =>
  reply
    .header('content-security-policy', POLICY)
    .header('x-content-type-options', 'nosniff')
    .header('referrer-policy', 'no-referrer')
    .header('cross-origin-opener-policy', 'same-origin')
    .header('cross-origin-resource-policy', 'same-origin')
    .header('cache-control', 'private, no-store');
